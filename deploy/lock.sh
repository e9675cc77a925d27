#!/bin/sh
# Writes requirements.lock (what the portal needs) and requirements-dev.lock (that and what the tests need).
# The second is bound by the first, so that tests run with the very versions that people get.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv) || { echo "请先安装 uv / install uv first" >&2; exit 1; }
head="# Written by deploy/lock.sh from pyproject.toml; hashes are checked when it is installed."
compile() { # where to, then further options
    out=$1
    shift
    "$uv" pip compile pyproject.toml "$@" --universal --generate-hashes --python-version 3.11 \
        --no-header --no-emit-index-url --no-emit-find-links --quiet -o "$out.new"
    { echo "$head"; cat "$out.new"; } >"$out"
    rm "$out.new"
}
rm -f requirements.lock requirements-dev.lock
compile requirements.lock
compile requirements-dev.lock --group dev -c requirements.lock
