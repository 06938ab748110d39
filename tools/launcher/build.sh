# Building: the two presets and the web client; each does nothing when nothing changed.

# hash_of PATH…: one hash over the names and contents of the files git knows or would add.
hash_of() {
    git ls-files -co --exclude-standard -z -- "$@" | xargs -0 -r sha256sum 2>/dev/null | sha256sum | cut -c1-64
}

build_preset() {
    local preset=$1
    shift
    [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"build-$preset.log" 2>&1 || {
        cat "build-$preset.log" >&2
        exit 1
    }
    rm -f "build-$preset.log"
    cmake --build "build/$preset" "$@"
}

# The stamp makes the second start quick: no package query and no ninja when the sources are those of the last build.
ensure_release() {
    local now
    now=$(hash_of server catalog CMakeLists.txt CMakePresets.json tools/launcher)
    if [ -x build/release/server/kaigong ] && [ "$(cat build/release/stamp 2>/dev/null)" = "$now" ]; then return; fi
    install_packages "${build_packages[@]}"
    say "Building the server …"
    build_preset release --target kaigong >&2
    echo "$now" >build/release/stamp
}

ensure_web() {
    local now
    now=$(hash_of web server/modules/*/openapi.yaml)
    if [ -f web/dist/index.html ] && [ "$(cat build/web.stamp 2>/dev/null)" = "$now" ]; then return; fi
    ensure_node
    say "Building the web client …"
    mkdir -p build
    npm_ci tools
    npm_ci web
    (cd web && npm run --silent build >&2)
    echo "$now" >build/web.stamp
}

# npm_ci FOLDER: installs exactly the lock file, once for each lock file.
npm_ci() {
    local folder=$1 lock
    lock=$(sha256sum "$folder/package-lock.json" | cut -c1-64)
    [ "$(cat "$folder/node_modules/.lock-sha256" 2>/dev/null)" = "$lock" ] && return
    (cd "$folder" && PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error >&2)
    echo "$lock" >"$folder/node_modules/.lock-sha256"
}
