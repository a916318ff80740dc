#!/bin/sh
# check_release.sh SOURCE: what the release preset builds has no fault points. Compiles only the files that name them.
set -eu
source=$1
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }

cmake -S "$source" --preset release -B "$work/build" >"$work/cmake.log" 2>&1 || { cat "$work/cmake.log"; exit 1; }
if grep -q 'TL_FAULT_POINTS\|fault_point' "$work/build/build.ninja"; then fail "the release preset builds fault points"; fi

cd "$source/src"
# Whichever object library has the file.
objects=$(grep -rl --include='*.c' 'TL_FAULT_POINT' . | grep -v fault_point.c | while read -r file; do
  grep -o "^build src/CMakeFiles/[a-z_]*\.dir/${file#./}\.o" "$work/build/build.ninja" | sed 's/^build //'
done)
[ -n "$objects" ] || fail "no file has a fault point: is this test looking for the right name?"
# shellcheck disable=SC2086
ninja -C "$work/build" $objects >"$work/ninja.log" || { cat "$work/ninja.log"; exit 1; }
for object in $objects; do
  if nm "$work/build/$object" | grep fault_point || strings "$work/build/$object" | grep TL_DIE_AT; then
    fail "$object can be killed from outside"
  fi
done
