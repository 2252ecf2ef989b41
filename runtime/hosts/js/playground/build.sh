#!/usr/bin/env bash
# Makes the playground: static files that any web server can serve, offline too. runtime/hosts/js/playground/build.sh [FOLDER], by
# default target/playground.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
. .ci/toolchain
target=${CARGO_TARGET_DIR:-$PWD/target}
out=${1:-$target/playground}
host=runtime/hosts/js
if ! node --version >/dev/null 2>&1; then
  agentc_as_root apt-get update -qq
  agentc_as_root apt-get install -y -qq --no-install-recommends nodejs >/dev/null
fi
runtime/wasm/build.sh --compiler >&2
mkdir -p "$out/agentc"
cp "$target/wasm/compiler.wasm" "$out/compiler.wasm"
cp -R "$host/index.js" "$host/src" "$out/agentc/"
cp "$host"/playground/{index.html,style.css,app.js,compiler.js,dom.js,editor.js,session.js,story.js,trace.js} "$out/"
node "$host/playground/collect.mjs" . "$out/examples.json"
echo "$out: serve it with any web server, for example: python3 -m http.server --directory $out"
