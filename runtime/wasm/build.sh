#!/usr/bin/env bash
# Builds the WASM module of the runtime: runtime/wasm/build.sh [OUT], by default target/wasm/agentc.wasm.
# With --compiler first, the module that holds the compiler as well (compiler/wasm), by default target/wasm/compiler.wasm.
#
# Where rustup has the target wasm32-unknown-unknown or can get it, that is used. Where it cannot, Debian's own Rust builds the
# standard library for it from source. Either way the same sources and the same compiler give the same bytes, in any folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/toolchain

target=${CARGO_TARGET_DIR:-target}
package=agentc-wasm
name=agentc
if [ "${1:-}" = --compiler ]; then
  package=agentc-compiler-wasm
  name=compiler
  shift
fi
out=${1:-$target/wasm/$name.wasm}
triple=wasm32-unknown-unknown
mkdir -p "$(dirname "$out")"

has_target() { [ -e "$(rustc --print sysroot)/lib/rustlib/$triple/lib" ]; }

build_std=()
if [ "${AGENTC_WASM_BUILD_STD:-}" != 1 ] && ! has_target && command -v rustup >/dev/null 2>&1; then
  rustup target add "$triple" >/dev/null 2>&1 || true
fi
if [ "${AGENTC_WASM_BUILD_STD:-}" = 1 ] || ! has_target; then
  # No ready-made standard library: Debian's compiler builds it from its source package.
  library=/usr/lib/rustlib/src/rust/library
  # Debian's rust-lld may be a link to an LLVM that is not installed; its lld links as well.
  wasm_linker() { command -v rust-lld || command -v wasm-ld; }
  if [ ! -e "$library/Cargo.toml" ] || [ ! -x /usr/bin/cargo ] || [ ! -x /usr/bin/rustc ] || ! wasm_linker >/dev/null; then
    agentc_as_root apt-get update -qq
    agentc_as_root apt-get install -y -qq --no-install-recommends rustc-web cargo-web rust-web-src lld >/dev/null
  fi
  PATH=/usr/bin:$PATH
  export PATH RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc
  cargo=/usr/bin/cargo
  build_std=(-Z "build-std=std,panic_abort")
  linker=$(wasm_linker)
else
  cargo=cargo
  linker=
fi

# Paths of this machine would stand in messages, and differ from folder to folder.
flags="--remap-path-prefix=$PWD=/agentc --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
flags="$flags --remap-path-prefix=$("${RUSTC:-rustc}" --print sysroot)=/rust"
# The stack lies below the data, so that one that runs over is a trap and never changes anything.
flags="$flags -C link-arg=-zstack-size=1048576 -C link-arg=--stack-first"
# Every engine that the hosts use has vectors; reading JSON with them makes a preview about a sixth quicker.
flags="$flags -C target-feature=+simd128"
if [ -n "$linker" ]; then flags="$flags -C linker=$linker -C linker-flavor=wasm-ld"; fi

CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=$flags \
  "$cargo" rustc --quiet --locked -p "$package" --lib --crate-type cdylib --profile wasm --target "$triple" "${build_std[@]}"
"$cargo" run --quiet --locked -p agentc-wasm-pack -- "$target/$triple/wasm/${package//-/_}.wasm" "$out"
echo "$out: $(wc -c <"$out") bytes, $(gzip -9 -c "$out" | wc -c) compressed, sha256:$(sha256sum "$out" | cut -d' ' -f1)"
