# check: what a machine can hold of the house rules. Without --all only files that differ from the last commit are linted.

changed_sources() {
    local sources=('server/*.cpp' 'server/*.hpp' 'bench/*.cpp' 'bench/*.hpp')
    if [ "$1" = all ]; then git ls-files -co --exclude-standard -- "${sources[@]}"
    else { git diff --name-only --diff-filter=d HEAD -- "${sources[@]}" && git ls-files -o --exclude-standard -- "${sources[@]}"; }
    fi 2>/dev/null
}

step() {
    local name=$1
    shift
    if "$@"; then say "✓ $name"; else say "✗ $name" && check_failed=1; fi
}

lint_sources() {
    # Without precompiled headers, so that nothing has to be built first.
    cmake --preset sanitize -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DKAIGONG_UNITY=OFF >/dev/null
    node tools/check/lint.mjs "$@"
}

kaigong_check() {
    local scope=changed
    check_failed=0
    [ "${1:-}" = --all ] && scope=all
    install_packages "${build_packages[@]}" clang-19 clang-tidy-19 clang-format-19 lld-19 libclang-rt-19-dev
    ensure_node
    local sources
    mapfile -t sources < <(changed_sources "$scope")
    npm_ci tools
    step layers node tools/check/layers.mjs
    step 'house rules' node tools/check/house_rules.mjs
    step openapi node tools/check/openapi.mjs
    if [ ${#sources[@]} -gt 0 ]; then
        step format clang-format-19 --dry-run --Werror "${sources[@]}"
        if [ "$scope" = all ]; then step lint lint_sources --shallow "${sources[@]}"; else step lint lint_sources "${sources[@]}"; fi
    fi
    if [ "$scope" = all ] || ! git diff --quiet HEAD -- web; then
        npm_ci web
        step 'web lint' npm run --silent --prefix web lint
        step 'web types' npm run --silent --prefix web types
    fi
    [ "$check_failed" -eq 0 ]
}

kaigong_fix() {
    install_packages clang-format-19
    ensure_node
    mapfile -t sources < <(changed_sources all)
    clang-format-19 -i "${sources[@]}"
    npm_ci web
    npm run --silent --prefix web fix
    ensure_release
    build/release/server/kaigong routes --page >docs/security/route-matrix.md
}
