#!/bin/sh
# Makes sure that the browser tests have a Chromium and a Chinese font; installs Debian's when it may.
set -u
browser() {
    [ -n "${REMIT_CHROMIUM:-}" ] && { [ -x "$REMIT_CHROMIUM" ]; return; }
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    return 1
}

font() {
    # Without fontconfig there is no telling, and no browser either.
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]
}

wanted=""
browser || wanted="chromium"
font || wanted="$wanted fonts-noto-cjk fontconfig"
[ -z "$wanted" ] && exit 0

if [ -n "${REMIT_CHROMIUM:-}" ] && ! browser; then
    echo "REMIT_CHROMIUM 指的不是可以运行的程序 / REMIT_CHROMIUM does not name a program" >&2
    exit 1
fi

as_root=""
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null && as_root="sudo -n" || as_root=none
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "浏览器测试缺少：$wanted，这里又不能安装：请管理员安装，或用 REMIT_CHROMIUM 指明浏览器 / the browser tests need: $wanted; ask an administrator to install them, or name a browser with REMIT_CHROMIUM" >&2
    exit 1
fi

echo "安装 $wanted / installing $wanted"
log=$(mktemp)
if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $wanted; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    echo "没有装上：$wanted / could not install: $wanted" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
browser && font || { echo "装好之后仍然找不到浏览器或中文字体 / still no browser or Chinese font" >&2; exit 1; }
