# demo: plays packages; starts a fresh server for each package unless --url names a running one.

kaigong_demo() {
    local url='' cases=() arguments=() database=sqlite
    while [ $# -gt 0 ]; do
        case "$1" in
            --url) url=$2 && shift 2 ;;
            --case) cases+=("$2") && shift 2 ;;
            --database) database=$2 && shift 2 ;;
            --json | --out) arguments+=("$1") && { [ "$1" = --json ] || { arguments+=("$2") && shift; }; } && shift ;;
            *) say "demo: unknown option $1 (--case DIR, --url URL, --json, --out DIR, --database sqlite|mariadb)" && exit 2 ;;
        esac
    done
    ensure_release
    ensure_node
    if [ ${#cases[@]} -eq 0 ]; then
        local folder
        for folder in catalog/*/cases/*/; do cases+=("${folder%/}"); done
    fi
    local failed=0 one
    for one in "${cases[@]}"; do
        [ -d "$one" ] || one=catalog/construction-permit/cases/$one
        if [ -n "$url" ]; then
            node tools/demo/demo.mjs --case "$one" --url "$url" "${arguments[@]}" || failed=1
        else
            play_on_a_fresh_server "$one" "$database" "${arguments[@]}" || failed=1
        fi
    done
    return $failed
}

play_on_a_fresh_server() {
    local one=$1 database=$2 data status=0 extra=()
    shift 2
    data=$(mktemp -d)
    local port=$((20000 + RANDOM % 20000))
    if [ "$database" = mariadb ]; then
        install_packages mariadb-server
        source tools/launcher/mariadb.sh
        start_private_mariadb "$data/mariadb"
        extra=(--database "$mariadb_url")
    fi
    local start
    # Five minutes before the story, so that the first act is not too late while the server starts.
    start=$(node tools/demo/demo.mjs --case "$one" --clock-start)
    start=$(TZ=Asia/Shanghai date -d "@$(($(date -d "$start" +%s) - 300))" +%Y-%m-%dT%H:%M:%S+08:00)
    serve_demo "$data/bureau" "$port" "$data/server.log" --quick-passwords --clock-start "$start" "${extra[@]}" || return 1
    node tools/demo/demo.mjs --case "$one" --url "http://127.0.0.1:$port" "$@" || status=1
    kill -TERM "$server_pid" && wait "$server_pid" 2>/dev/null
    [ "$database" = mariadb ] && stop_private_mariadb
    [ "$status" -eq 0 ] && rm -rf "$data"
    return $status
}
