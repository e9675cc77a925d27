#!/bin/sh
# Makes sure that the tests of files to take along have a LibreOffice that opens them; installs Debian's, without its
# windows, when it may. The portal itself needs none, but reads .doc, .wps, .rtf and PDF only where there is one.
set -u
office() {
    program=$(command -v soffice || command -v libreoffice) || return 1
    # Debian's has its parts apart: Writer alone opens no workbook. Elsewhere it comes whole.
    folder=$(dirname "$(readlink -f "$program")")
    case $folder in
    /usr/lib/libreoffice/*) [ -e "$folder/libsclo.so" ] && [ -e "$folder/libswlo.so" ] ;;
    esac
}

office && exit 0

wanted="libreoffice-calc-nogui libreoffice-writer-nogui"
as_root=""
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null && as_root="sudo -n" || as_root=none
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "测试缺少 LibreOffice（$wanted），这里又不能安装：请管理员安装 / the tests need LibreOffice; ask an administrator to install it" >&2
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
office || { echo "装好之后仍然找不到 LibreOffice / still no LibreOffice" >&2; exit 1; }
