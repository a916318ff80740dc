#!/bin/sh
# check_plugin_so.sh LIBRARY EXPORTS CURL_NAMES: the library is one that any x86_64 host with glibc 2.28 and any
# libcurl.so.4 from 7.61.1 can load, and that shows nothing but its interface.
set -eu
export LC_ALL=C
library=$1 exports=$2 curl_names=$3 bad=0
newest_glibc=2.28
fail() { echo "FAIL: $*" >&2; bad=1; }
one_line() { tr '\n' ' ' | sed 's/ $//'; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

readelf -Wh "$library" >"$work/header"
readelf -Wd "$library" >"$work/dynamic"
readelf -Wl "$library" >"$work/segments"
readelf -WS "$library" >"$work/sections"
readelf -WV "$library" >"$work/versions"
nm -D --defined-only "$library" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
# Weak ones may be missing at load time: the compiler's own start-up code asks so for what only some hosts have.
nm -D --undefined-only "$library" | awk '$1 != "w" { print $2 }' | sort -u >"$work/imported"

{ grep -q "Type: .*DYN" "$work/header" && grep -q "Machine: .*X86-64" "$work/header"; } ||
  fail "not a library for x86_64"

# The version names of another file's symbols: "Version: 1  File: libc.so.6 …", then "Name: GLIBC_2.14 …".
awk '/ File: / { file = $5 } / Name: / { for (i = 1; i < NF; i++) if ($i == "Name:") print file, $(i + 1) }' \
  "$work/versions" | sort -u >"$work/needed_versions"
# GLIBC_ABI_DT_RELR is one of those that are not a number: glibc 2.36.
awk '$2 !~ /^GLIBC_[0-9.]+$/' "$work/needed_versions" >"$work/foreign"
[ ! -s "$work/foreign" ] || fail "needs versions that not every host has: $(one_line <"$work/foreign")"
newest=$(sed -n 's/.* GLIBC_\([0-9.]*\)$/\1/p' "$work/needed_versions" | sort -Vu | tail -n 1)
[ "$(printf '%s\n%s\n' "$newest" "$newest_glibc" | sort -V | tail -n 1)" = "$newest_glibc" ] ||
  fail "needs glibc $newest: $(grep "@GLIBC_$newest\$" "$work/imported" | one_line)"

grep -v '@GLIBC_' "$work/imported" | sed 's/@.*//' >"$work/unversioned" || true
grep '^curl_' "$work/unversioned" >"$work/curl" || true
grep -v '^curl_' "$work/unversioned" >"$work/strange" || true
sort -u "$curl_names" | comm -13 - "$work/curl" >"$work/too_new"
[ ! -s "$work/too_new" ] || fail "libcurl 7.61 lacks: $(one_line <"$work/too_new")"
[ ! -s "$work/strange" ] || fail "imports what neither libcurl nor the C library has: $(one_line <"$work/strange")"

sort -u "$exports" | diff - "$work/exported" >&2 || fail "the exported symbols differ from $exports"

sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$work/dynamic" >"$work/needed"
grep -qx 'libcurl\.so\.4' "$work/needed" || fail "does not need libcurl.so.4"
grep -vxE 'libcurl\.so\.4|(libc|libm)\.so\.6|libpthread\.so\.0|ld-linux-x86-64\.so\.2' "$work/needed" >"$work/more" &&
  fail "needs other libraries: $(one_line <"$work/more")"

for tag in RPATH RUNPATH TEXTREL; do
  ! grep -q "($tag)" "$work/dynamic" || fail "has a $tag"
done
grep -q 'NODELETE' "$work/dynamic" || fail "can be unloaded: not linked with -z nodelete"
grep -q 'GNU_RELRO' "$work/segments" || fail "no RELRO"
grep -q 'BIND_NOW\|Flags:.*NOW' "$work/dynamic" || fail "RELRO is not full: not linked with -z now"
# The flags stand before the alignment, the last column; without the segment the stack becomes executable.
stack=$(awk '$1 == "GNU_STACK" { for (i = 7; i < NF; i++) printf "%s", $i }' "$work/segments")
[ "$stack" = RW ] || fail "an executable stack"
# One constructor, of 8 bytes, is the compiler's own.
grep -q '(INIT_ARRAYSZ) *8 (bytes)' "$work/dynamic" || fail "runs code when it is loaded"
! grep -qE ' \.(symtab|debug_[a-z]+) ' "$work/sections" || fail "not stripped"
exit "$bad"
