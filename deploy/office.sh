#!/bin/sh
# Makes sure that the tests of files to take along have a LibreOffice that opens them; installs Debian's, without its
# windows, when it may. The portal itself needs none, but reads .doc, .wps, .rtf and PDF only where there is one.
set -u
. "$(dirname "$0")/packages.sh"

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
install "$wanted" "测试缺少 LibreOffice（$wanted），这里又不能安装：请管理员安装 / the tests need LibreOffice; ask an administrator to install it"
office || { echo "装好之后仍然找不到 LibreOffice / still no LibreOffice" >&2; exit 1; }
