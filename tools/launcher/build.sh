# Building: the two presets and the web client; each does nothing when nothing changed.

# hash_of PATH…: one hash over the names and contents of the files git knows or would add.
hash_of() {
    git ls-files -co --exclude-standard -z -- "$@" | xargs -0 -r sha256sum 2>/dev/null | sha256sum | cut -c1-64
}

# locked NAME COMMAND…: parts of the tests that run side by side build the same things; the second waits for the first.
locked() {
    local name=$1
    shift
    mkdir -p build
    (flock 9 && "$@") 9>"build/$name.lock"
}

build_preset() { locked "$1" build_preset_alone "$@"; }

build_preset_alone() {
    local preset=$1
    shift
    [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"build-$preset.log" 2>&1 || {
        cat "build-$preset.log" >&2
        return 1
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
    web_is_of "$now" && return
    ensure_node
    npm_ci tools
    npm_ci web
    locked web build_web "$now"
}

web_is_of() { [ -f web/dist/index.html ] && [ "$(cat build/web.stamp 2>/dev/null)" = "$1" ]; }

build_web() {
    web_is_of "$1" && return
    say "Building the web client …"
    # Without the check of types, which is a test of its own.
    (cd web && npm run --silent api >&2 && npm run --silent bundle >&2) || return
    echo "$1" >build/web.stamp
}

# npm_ci FOLDER: installs exactly the lock file, once for each lock file.
npm_ci() { locked npm npm_ci_alone "$@"; }

npm_ci_alone() {
    local folder=$1 lock
    lock=$(sha256sum "$folder/package-lock.json" | cut -c1-64)
    [ "$(cat "$folder/node_modules/.lock-sha256" 2>/dev/null)" = "$lock" ] && return
    (cd "$folder" && PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error >&2) || return
    echo "$lock" >"$folder/node_modules/.lock-sha256"
}
