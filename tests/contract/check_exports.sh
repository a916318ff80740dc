#!/bin/sh
# check_exports.sh LIBRARY LIST: the library exports exactly the list, runs on glibc 2.28 and stays loaded.
set -eu
export LC_ALL=C
library=$1 list=$2 bad=0
fail() { echo "FAIL: $*" >&2; bad=1; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

nm -D --defined-only "$library" | awk '{print $3}' | sort -u >"$work/have"
sort -u "$list" | diff - "$work/have" >&2 || fail "the exported symbols differ from $list"

newest=$(objdump -T "$library" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
[ "$(printf '%s\n2.28\n' "$newest" | sort -V | tail -n 1)" = 2.28 ] ||
  fail "needs glibc $newest: $(objdump -T "$library" | grep "GLIBC_$newest" | awk '{print $NF}' | tr '\n' ' ')"

readelf -Wd "$library" | grep -q NODELETE || fail "not linked with -z nodelete"
exit "$bad"
