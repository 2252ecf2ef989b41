#!/usr/bin/env bash
# Tests this package: in Node, its types, and in a real headless Chromium. Installs what is missing.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/conformance/prepare
cd runtime/hosts/js
if ! node --version >/dev/null 2>&1; then
  agentc_as_root apt-get update -qq
  agentc_as_root apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
fi
if [ -z "${AGENTC_CHROMIUM:-}" ] && ! command -v chromium >/dev/null 2>&1; then
  agentc_as_root apt-get update -qq
  agentc_as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
[ -x node_modules/.bin/tsc ] || npm ci --silent --no-audit --no-fund
npm run --silent types
echo "types: as they should be"
node --test --test-timeout=120000 test/*.test.js
