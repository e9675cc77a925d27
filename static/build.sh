#!/bin/sh
# Rebuilds what npm provides: static/dist/*.css from static/src, static/vendor/htmx.min.js.
# The results are committed, so that installing the project needs no npm. Run it after a change in static/src.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent govuk-frontend@6.3.0 sass@1 htmx.org@2.0.11
for sheet in app staff; do
  node_modules/.bin/sass --load-path=node_modules --load-path="$here/src" --quiet-deps --style=compressed \
    --no-source-map --no-charset "$here/src/$sheet.scss" "$here/dist/$sheet.css"
done
cp node_modules/htmx.org/dist/htmx.min.js "$here/vendor/htmx.min.js"
