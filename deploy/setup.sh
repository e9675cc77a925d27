#!/bin/sh
# Makes .venv and installs one of the two locks into it: `run` what the portal needs, `dev` also what the tests need.
# Does nothing when the lock has not changed since.
set -u
kind=${1:-run}
cd "$(dirname "$0")/.." || exit 1
venv=.venv

fail() {
    echo "$1" >&2
    exit 1
}

sum() { # of the locks, and of the Python they were installed for
    cat "$@" | cksum
    "$venv/bin/python" -c 'import sys; print(sys.version, sys.prefix)'
}

works() { # an environment that was moved or lost its Python has to be made anew
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '
import os, sys
sys.exit(sys.version_info < (3, 11) or os.path.realpath(sys.prefix) != os.path.realpath(".venv"))' 2>/dev/null
}

if [ "$kind" = dev ] && ! command -v git >/dev/null 2>&1; then
    fail "没有找到 git：请先安装 / git is missing: install it first"
fi

if ! works; then
    python=$(sh deploy/find-python.sh) || exit 1
    echo "准备 $venv（$("$python" --version)）/ making $venv"
    "$python" -m venv --clear "$venv" || fail "不能建立 $venv：请检查本文件夹的权限和磁盘空间 / cannot make $venv: check the permissions of this folder and the space on disk"
fi

run_sum=$(sum requirements.lock)
dev_sum=$(sum requirements.lock requirements-dev.lock)
if [ "$(cat "$venv/.dev" 2>/dev/null)" = "$dev_sum" ]; then exit 0; fi
if [ "$kind" = run ] && [ "$(cat "$venv/.run" 2>/dev/null)" = "$run_sum" ]; then exit 0; fi

lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
echo "安装 $lock / installing $lock"
rm -f "$venv/.run" "$venv/.dev"
# Wheels only: no compiler is ever needed. With hashes: nothing but what the lock names.
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input --no-deps \
    --only-binary :all: --require-hashes -r "$lock" ||
    fail "安装没有完成：请检查网络，再试一次 / the installation did not finish: check the network and try again"
if [ "$kind" = dev ]; then printf '%s\n' "$dev_sum" >"$venv/.dev"; else printf '%s\n' "$run_sum" >"$venv/.run"; fi
