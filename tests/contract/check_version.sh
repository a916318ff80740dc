#!/bin/sh
# check_version.sh SOURCE VERSION: the version stands in CMakeLists.txt. Files that other tools read as they are have to
# repeat it; here they are held to it, and no other file names it.
set -eu
export LC_ALL=C
source=$1 version=$2 bad=0
cd "$source"
fail() { echo "FAIL: $*" >&2; bad=1; }

grep -q "^project(threatlocker VERSION $version " CMakeLists.txt || fail "CMakeLists.txt: the project's version is not $version"

set -- manifests/*.rockspec
rockspec=manifests/threatlocker-$version-1.rockspec
[ "$*" = "$rockspec" ] || fail "the rockspec is not $rockspec but $*"
grep -q "^local project = \"$version\"" "$1" || fail "$1: its version is not $version-1"

app=manifests/threatlocker.json
grep -q "^    \"app_version\": \"$version\",$" "$app" || fail "$app: app_version is not $version"
[ -f "plugin/app/release_notes/$version.md" ] || fail "plugin/app/release_notes/$version.md is missing"

# Two dates that have to be one: that of the release.
released=$(sed -n "s/^## \[$version\] - \([0-9-]*\)$/\1/p" CHANGELOG.md)
[ -n "$released" ] || fail "CHANGELOG.md has no heading '## [$version] - YEAR-MONTH-DAY'"
grep -q "^    \"utctime_updated\": \"${released}T" "$app" || fail "$app: utctime_updated is not of $released, as CHANGELOG.md says"

pattern=$(echo "$version" | sed 's/\./\\./g')
allowed="^(CMakeLists\.txt|CHANGELOG\.md|$app|$rockspec)$"
repeated=$(grep -rIlE --exclude-dir=.git --exclude-dir=build --exclude-dir=__pycache__ \
  "(^|[^0-9.])$pattern($|[^0-9.]|\.($|[^0-9]))" . | sed 's,^\./,,' | grep -vE "$allowed" || true)
[ -z "$repeated" ] || fail "these repeat the version: $repeated"
exit "$bad"
