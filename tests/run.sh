#!/usr/bin/env bash
# Runs every test of the project. `tests/run.sh -p agentc-runtime` and the like are passed on to cargo.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/toolchain
exec cargo test --workspace "$@"
