#!/usr/bin/env bash
# Shows that the module's bytes do not depend on where it is built: builds the same sources once more in another folder, with nothing
# shared but the compiler and the registry, and compares with target/wasm/agentc.wasm, which is built where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
module=${AGENTC_WASM:-${CARGO_TARGET_DIR:-target}/wasm/agentc.wasm}
[ -f "$module" ] || runtime/wasm/build.sh

other=$(mktemp -d)/another/place
trap 'rm -rf "${other%/another/place}"' EXIT
mkdir -p "$other"
git ls-files -z --cached --others --exclude-standard | xargs -0 tar -c --ignore-failed-read -- 2>/dev/null | tar -x -C "$other"
cd "$other"
unset AGENTC_WASM CARGO_TARGET_DIR
runtime/wasm/build.sh >/dev/null
cd "$here"
if cmp "$module" "$other/target/wasm/agentc.wasm"; then
  echo "reproducible: two builds in two folders gave the same $(wc -c <"$module") bytes"
else
  echo "the module differs from one that was built in another folder" >&2
  exit 1
fi
