# A private MariaDB on loopback for tests and demos: a folder of its own, not root, ended by its id.

# start_private_mariadb FOLDER [BUFFER_POOL]: sets mariadb_url and mariadb_pid; a folder that was one before keeps its rows.
start_private_mariadb() {
    local folder=$1 pool=${2:-256M} user=()
    mkdir -p "$folder"
    if [ "$(id -u)" -eq 0 ]; then
        chown mysql "$folder"
        chmod 755 "$(dirname "$folder")"
        user=(--user=mysql)
    fi
    [ -d "$folder/data" ] || mysql_install_db --no-defaults "${user[@]}" --datadir="$folder/data" --auth-root-authentication-method=normal --skip-test-db >"$folder.install.log" 2>&1
    local port=$((40000 + RANDOM % 20000))
    mariadbd --no-defaults "${user[@]}" --datadir="$folder/data" --socket="$folder/socket" --bind-address=127.0.0.1 --port="$port" \
        --innodb-buffer-pool-size="$pool" --innodb-log-file-size=128M --pid-file="$folder/pid" >"$folder.log" 2>&1 &
    mariadb_pid=$!
    local tries=0
    until mariadb --no-defaults --socket="$folder/socket" -uroot -e 'SELECT 1' >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ] || ! kill -0 "$mariadb_pid" 2>/dev/null; then
            tail -n 20 "$folder.log" >&2
            return 1
        fi
        sleep 0.1
    done
    mariadb --no-defaults --socket="$folder/socket" -uroot -e "CREATE DATABASE IF NOT EXISTS kaigong CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
        CREATE USER IF NOT EXISTS 'kaigong'@'127.0.0.1' IDENTIFIED BY 'kaigong'; GRANT ALL ON \`kaigong%\`.* TO 'kaigong'@'127.0.0.1'"
    mariadb_url="mariadb://kaigong:kaigong@127.0.0.1:$port/kaigong"
}

stop_private_mariadb() {
    kill -TERM "$mariadb_pid" 2>/dev/null && wait "$mariadb_pid" 2>/dev/null
    return 0
}
