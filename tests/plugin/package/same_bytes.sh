#!/bin/sh
# same_bytes.sh LIBRARY SOURCE CJSON_DIR: a checkout at another place compiles to the same library, byte for byte.
set -eu
library=$1 source=$2 cjson=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/elsewhere"
for part in CMakeLists.txt CMakePresets.json src plugin manifests; do cp -R "$source/$part" "$work/elsewhere/"; done
{
  cmake -S "$work/elsewhere" --preset portable -B "$work/build" -D TL_TESTS=OFF -D TL_CJSON_DIR="$cjson"
  ninja -C "$work/build" threatlocker_soar
} >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
cmp "$library" "$work/build/plugin/libthreatlocker_soar.so"
