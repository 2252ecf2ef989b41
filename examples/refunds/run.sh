#!/usr/bin/env bash
# Checks the refunds policy, runs its tests, runs an agent's events through it and prints the trace.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/toolchain
cargo build --quiet --release -p agentc
agentc=target/release/agentc
here=examples/refunds

echo "== agentc check"
"$agentc" check "$here/refunds.agentpolicy"
echo
echo "== agentc test"
"$agentc" test "$here/refunds.agentpolicy"
echo
echo "== agentc run: what the agent wants, and what it is answered"
trace=$(mktemp)
trap 'rm -f "$trace"' EXIT
"$agentc" run "$here/refunds.agentpolicy" --job triage_refunds --input "$here/input.json" \
  --records "$here/records.json" --at 2026-05-04T10:00:00Z --trace "$trace" < "$here/events.jsonl"
echo
echo "== agentc trace: the same run as a person reads it afterwards"
"$agentc" trace "$trace"
