# bench: benchmarks beside their peers in one run; ratios, never bare figures.

kaigong_bench() {
    install_packages "${build_packages[@]}" nginx-light wrk mariadb-server sqlite3
    ensure_release
    build_preset release --target make_cases bare_loop decide run_instances run_durable complete_tasks make_certificates append_entries scoped_lists >&2
    ensure_node
    npm_ci tools
    npm_ci web
    exec node bench/run.mjs "$@"
}
