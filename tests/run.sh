#!/usr/bin/env bash
# Passes every test of the project. The last line says how many there were.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/toolchain
# The module that the hosts load, and the refunds example in it.
. tests/conformance/prepare

out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
cargo test --workspace --no-fail-fast "$@" 2>&1 | tee "$out" || status=$?
awk '/^test result:/ { passed += $4; failed += $6; suites += 1 }
     END { printf "\n%d tests passed, %d failed, in %d suites\n", passed, failed, suites }' "$out"

# Each host's own tests, in its own language.
for tests in runtime/hosts/*/test.sh runtime/hosts/js/playground/test.sh; do
  [ -f "$tests" ] || continue
  echo "== $tests"
  "$tests" || status=1
done

# The other hosts hold the conformance vectors in tests of their own.
echo "== tests/conformance/run"
tests/conformance/run node chromium || status=1
# Bytes that nobody thought of, shortly at each door.
echo "== tests/fuzz/run 25s"
tests/fuzz/run 25s || status=1
# A slowdown is seen in instructions, however busy the machine is.
echo "== tests/instructions/run"
tests/instructions/run || status=1
exit "$status"
