#!/usr/bin/env bash
# Builds the playground and tests it in a real Chromium. Installs what is missing. The last line says how it went.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
. .ci/toolchain
AGENTC_PLAYGROUND=${CARGO_TARGET_DIR:-$PWD/target}/playground
export AGENTC_PLAYGROUND
runtime/hosts/js/playground/build.sh "$AGENTC_PLAYGROUND"
need=()
command -v npm >/dev/null 2>&1 || need+=(nodejs npm)
if [ -z "${AGENTC_CHROMIUM:-}" ]; then
  command -v chromium >/dev/null 2>&1 || need+=(chromium)
fi
if [ ${#need[@]} -gt 0 ]; then
  agentc_as_root apt-get update -qq
  agentc_as_root apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi
AGENTC_CHROMIUM=${AGENTC_CHROMIUM:-$(command -v chromium)}
export AGENTC_CHROMIUM
cd runtime/hosts/js/playground
[ -d node_modules/playwright-core ] || npm ci --silent --no-audit --no-fund
said=$(mktemp)
trap 'rm -f "$said"' EXIT
node --test --test-timeout=300000 test/*.test.js | tee "$said"
echo "playground: $(sed -n 's/^. pass //p' "$said") tests passed in Chromium"
