#!/bin/sh
# Makes sure that the browser tests have a Chromium and a Chinese font; installs Debian's when it may.
set -u
. "$(dirname "$0")/packages.sh"

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

install "$wanted" "浏览器测试缺少：$wanted，这里又不能安装：请管理员安装，或用 REMIT_CHROMIUM 指明浏览器 / the browser tests need: $wanted; ask an administrator to install them, or name a browser with REMIT_CHROMIUM"
browser && font || { echo "装好之后仍然找不到浏览器或中文字体 / still no browser or Chinese font" >&2; exit 1; }
