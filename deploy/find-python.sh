#!/bin/sh
# Prints the path of a Python from 3.11 on that can make a virtual environment; one line and 1 when there is none.
set -u
seen=""
for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
    path=$(command -v "$name" 2>/dev/null) || continue
    # A version manager leaves names behind that lead nowhere: ask each one.
    "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    seen=$path
    "$path" -c 'import venv, ensurepip, sqlite3, ssl' 2>/dev/null || continue
    "$path" -c 'import sys; print(sys.executable)'
    exit 0
done
if [ -n "$seen" ]; then
    echo "$seen 缺少 venv、ensurepip、sqlite3 或 ssl：在 Debian、Ubuntu 上请安装 python3-venv / $seen lacks venv, ensurepip, sqlite3 or ssl: on Debian and Ubuntu install python3-venv" >&2
else
    echo "没有找到 Python 3.11 或更新的版本：请先安装，或用 PYTHON=路径 指明 / no Python 3.11 or newer: install one, or name it with PYTHON=path" >&2
fi
exit 1
