# up and down: a demo bureau on this machine.

# serve_demo DATA PORT LOG [EXTRA…]: starts the server in the background and waits until it is ready; its id in server_pid.
serve_demo() {
    local data=$1 port=$2 log=$3
    shift 3
    mkdir -p "$data"
    build/release/server/kaigong serve --demo --data "$data" --port "$port" "$@" >"$log" 2>&1 &
    server_pid=$!
    local tries=0
    until build/release/server/kaigong ready --port "$port" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if ! kill -0 "$server_pid" 2>/dev/null || [ "$tries" -gt 300 ]; then
            tail -n 20 "$log" >&2
            say "The server did not start; its whole log is $log"
            return 1
        fi
        sleep 0.1
    done
}

print_logins() {
    cat <<TEXT

开工 Kaigong 演示机构已就绪  http://127.0.0.1:$1

  账号            身份                           密码（全部相同）
  school          建设单位经办人 孙经办          kaigong-demo-2026
  clerk           综合窗口、受理人 李窗口
  housing fire civil_defence planning quality    各部门审查人
  head            科室负责人 陈科长
  leader          分管领导 林局长
  certificates    证照管理员 何证照
  rules · legal   规则管理员 陈可 · 沈砚

  停止：按 Ctrl+C，或（--detach 时）./kaigong down
TEXT
}

kaigong_up() {
    local port=8600 data=data/demo detach=no
    while [ $# -gt 0 ]; do
        case "$1" in
            --port) port=$2 && shift 2 ;;
            --data) data=$2 && shift 2 ;;
            --detach) detach=yes && shift ;;
            *) say "up: unknown option $1 (--detach, --port N, --data DIR)" && exit 2 ;;
        esac
    done
    ensure_release
    ensure_web
    mkdir -p "$data"
    serve_demo "$data" "$port" "$data/server.log"
    print_logins "$port"
    if [ "$detach" = yes ]; then
        echo "$server_pid" >"$data/server.pid"
        disown "$server_pid"
    else
        trap 'kill -TERM "$server_pid" 2>/dev/null; wait "$server_pid"; exit 0' INT TERM
        wait "$server_pid"
    fi
}

kaigong_down() {
    local data=data/demo
    [ "${1:-}" = --data ] && data=$2
    local pid
    pid=$(cat "$data/server.pid" 2>/dev/null) || { say "No bureau runs detached in $data." && exit 1; }
    kill -TERM "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    rm -f "$data/server.pid"
    say "Stopped."
}
