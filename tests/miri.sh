#!/usr/bin/env bash
# The runtime's own tests under Miri, which finds undefined behaviour: tests/miri.sh [FILTER…]. It needs rustup and takes minutes.
# What reads much under an interpreter (time zone tables, regular expressions of any size, thousands of random cases) is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
rustup toolchain list | grep -q '^nightly' || rustup toolchain install nightly --profile minimal
rustup component list --toolchain nightly | grep -q '^miri.*installed' || rustup component add --toolchain nightly miri rust-src
export MIRIFLAGS="-Zmiri-disable-isolation" PROPTEST_CASES=4 RUSTFLAGS=""
filters=("$@")
[ ${#filters[@]} -gt 0 ] || filters=(decimal json value artifact cell eval text)
exec cargo +nightly miri test -p agentc-runtime --lib -- "${filters[@]}"
