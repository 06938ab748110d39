# test: installs what tests need, builds both presets and hands over to the runner, which times each part.

kaigong_test() {
    local started=$SECONDS
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    ensure_node
    source tools/launcher/build.sh
    npm_ci tools
    say "packages: $((SECONDS - started)) s"
    exec node tools/test/run.mjs "$@"
}
