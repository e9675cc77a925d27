# Installing what tests need from Debian; read in by browser.sh and office.sh with `. deploy/packages.sh`.

# install PACKAGES REFUSED: installs them when it may, quietly; says REFUSED and ends with 1 where it may not or
# could not.
install() {
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null && as_root="sudo -n" || as_root=none
    fi
    if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "$2" >&2
        exit 1
    fi
    echo "安装 $1 / installing $1"
    log=$(mktemp)
    # Unquoted: the packages are words.
    if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $1; } >"$log" 2>&1 </dev/null; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        echo "没有装上：$1 / could not install: $1" >&2
        exit 1
    fi
    rm -f "$log"
}
