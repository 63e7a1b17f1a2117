#!/usr/bin/env bash
# Builds grammars/dockerfile/tree-sitter-containerfile.wasm from the sources that the crates registry holds, byte for byte reproducible.
#
#   scripts/grammars/build-dockerfile.sh          build and compare with the committed file
#   scripts/grammars/build-dockerfile.sh --write  build and replace the committed file
#
# Needs cargo, python3 with venv and pip, and about 500 MB in the temporary folder (the zig compiler as a wheel).
set -euo pipefail

crate=tree-sitter-containerfile
crate_version=0.9.2
zig_version=0.15.2

root=$(cd "$(dirname "$0")/../.." && pwd)
target=$root/grammars/dockerfile/$crate.wasm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sources: a throwaway package that names the crate, vendored without building anything.
mkdir -p "$work/package/src"
cat >"$work/package/Cargo.toml" <<TOML
[package]
name = "sources"
version = "0.0.0"
edition = "2021"

[dependencies]
$crate = "=$crate_version"
TOML
echo 'fn main() {}' >"$work/package/src/main.rs"
(cd "$work/package" && cargo vendor --quiet "$work/vendor" >/dev/null)
sources=$work/vendor/$crate/src

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "ziglang==$zig_version"
zig() {
  "$work/venv/bin/python" -m ziglang "$@"
}
export ZIG_LOCAL_CACHE_DIR=$work/zig-cache ZIG_GLOBAL_CACHE_DIR=$work/zig-cache

# `-mcpu` keeps to instructions that Node 20 knows; the prefix map and `--strip-all` keep the folder's name out of the file.
mkdir -p "$work/out"
for unit in parser scanner; do
  [ -f "$sources/$unit.c" ] || continue
  zig cc -target wasm32-wasi -mcpu=mvp+mutable_globals+sign_ext+bulk_memory -fPIC -Os -g0 -fno-exceptions \
    -fvisibility=hidden "-ffile-prefix-map=$sources=." "-I$sources" -c "$sources/$unit.c" -o "$work/out/$unit.o"
done
(cd "$work/out" && zig wasm-ld -shared --experimental-pic --export=tree_sitter_containerfile --allow-undefined --no-entry \
  --strip-all ./*.o -o "$work/built.wasm")

hash=$(sha256sum "$work/built.wasm" | cut -d' ' -f1)
if [ "${1:-}" = --write ]; then
  mkdir -p "$(dirname "$target")"
  cp "$work/built.wasm" "$target"
  cp "$work/vendor/$crate/LICENSE" "$(dirname "$target")/LICENSE"
  echo "wrote $target ($hash); put this hash into grammars/dockerfile/manifest.json"
elif cmp --silent "$work/built.wasm" "$target"; then
  echo "the committed file is what its sources give ($hash)"
else
  echo "the committed file differs from what its sources give ($hash)" >&2
  exit 1
fi
