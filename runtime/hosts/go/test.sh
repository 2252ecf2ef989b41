#!/usr/bin/env bash
# Vets and tests the Go host. Where Go is missing or too old, the toolchain comes from the module proxy. The last line says how it went.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/conformance/prepare
here=runtime/hosts/go
wanted=$(sed -n 's/^go //p' "$here/go.mod")

works() { (cd "$here" && GOTOOLCHAIN=local "$1" mod edit -json >/dev/null 2>&1 && GOTOOLCHAIN=local "$1" list . >/dev/null 2>&1); }
go=$(command -v go || true)
own=$AGENTC_TARGET/go-toolchain
if [ -z "$go" ] || ! works "$go"; then
  case "$(uname -m)" in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
  release=golang.org/toolchain@v0.0.1-go$wanted.$(uname -s | tr '[:upper:]' '[:lower:]')-$arch
  go=$own/$release/bin/go
  if [ ! -x "$go" ]; then
    echo "no Go $wanted here: fetching its toolchain" >&2
    mkdir -p "$own"
    proxy=${GOPROXY:-https://proxy.golang.org}
    proxy=${proxy%%[,|]*}
    command -v curl >/dev/null && command -v unzip >/dev/null || {
      agentc_as_root apt-get update -qq
      agentc_as_root apt-get install -y -qq --no-install-recommends ca-certificates curl unzip >/dev/null
    }
    curl -fsSL --retry 3 -o "$own/toolchain.zip" "$proxy/golang.org/toolchain/@v/${release#*@}.zip"
    unzip -q -o "$own/toolchain.zip" -d "$own"
    rm "$own/toolchain.zip"
    chmod -R u+x "$own/$release/bin" "$own/$release/pkg/tool"
  fi
fi
PATH=$(dirname "$go"):$PATH
export PATH GOTOOLCHAIN=local GOFLAGS="${GOFLAGS:-} -buildvcs=false"
cd "$here"
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
go vet ./...
go test -count=1 -v ./... "$@" | tee "$AGENTC_TARGET/go-tests.txt" | grep -vE '^(=== RUN|--- PASS)'
passed=$(grep -c '^--- PASS' "$AGENTC_TARGET/go-tests.txt")
echo "go host: $passed tests passed with $(go env GOVERSION)"
