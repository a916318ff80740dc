#!/bin/sh
# check_dist.sh SOURCE VERSION: ./dev release refuses what is not committed or has no changelog. With TL_LONG=1 it is run
# in two clones: both make the same bytes, and what they make can be used. Works on what is committed.
set -eu
source=$1 version=$2
git -C "$source" rev-parse HEAD >/dev/null 2>&1 || { echo "no checkout"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }

clone() { # FOLDER
  git clone -q "$source" "$1"
  git -C "$1" config user.name 'A test'
  git -C "$1" config user.email test@example.com
  mkdir "$1/build"
  [ ! -d "$source/build/cjson" ] || cp -r "$source/build/cjson" "$1/build/" # else Debian's is fetched
}

refused() { # BECAUSE
  if "$work/one/dev" release >"$work/said" 2>&1; then fail "a release was made though $1"; fi
  grep -q "$1" "$work/said" || { cat "$work/said" >&2; fail "refused, but not because $1"; }
  [ ! -e "$work/one/build/dist" ] || fail "refused, but something was made"
}

clone "$work/one"
echo >>"$work/one/README.md"
refused 'not everything is committed'
git -C "$work/one" checkout -q README.md
: >"$work/one/src/new.c"
refused 'not everything is committed'
rm "$work/one/src/new.c"
sed -i "/^## \[$version\]/d" "$work/one/CHANGELOG.md"
git -C "$work/one" commit -qam 'Lose the heading'
refused 'CHANGELOG.md has no heading'
git -C "$work/one" reset -q --hard 'HEAD^'
[ "${TL_LONG:-}" = 1 ] || exit 0

clone "$work/another place"
(cd / && umask 022 && "$work/one/dev" release) >"$work/one.log" 2>&1 || { cat "$work/one.log"; fail "no release was made"; }
(cd / && umask 077 && TZ=Asia/Kathmandu LC_ALL=C.UTF-8 "$work/another place/dev" release) >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "no release was made in the other clone"; }
dist=$work/one/build/dist
diff -r "$dist" "$work/another place/build/dist" || fail "two clones made different bytes"

cd "$dist"
sha256sum --quiet -c SHA256SUMS
find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | LC_ALL=C sort >"$work/made"
awk '{ print $2 }' SHA256SUMS | diff "$work/made" - || fail "SHA256SUMS does not list what was made"
cat >"$work/wanted" <<TXT
app/playbooks/threatlocker_approval.tgz
app/playbooks/threatlocker_ask_only.tgz
app/threatlocker-$version-wheel.tgz
app/threatlocker-$version.tgz
threatlocker-$version-1.src.rock
threatlocker-$version-source.tar.gz
TXT
diff "$work/wanted" "$work/made" || fail "not what was wanted was made"

git -C "$source" ls-tree -r --name-only HEAD | sed "s,^,threatlocker-$version/," | LC_ALL=C sort >"$work/tree"
tar -tzf "threatlocker-$version-source.tar.gz" | grep -v '/$' | LC_ALL=C sort | diff "$work/tree" - ||
  fail "the source archive does not have what is committed"

echo 'rocks_servers = {}' >"$work/config.lua"
HOME=$work LUAROCKS_CONFIG=$work/config.lua CMAKE_GENERATOR=Ninja luarocks --lua-version 5.4 build --tree "$work/tree.rocks" \
  "threatlocker-$version-1.src.rock" >"$work/log" 2>&1 || { cat "$work/log"; fail "LuaRocks cannot build the rock"; }
unset LUA_PATH LUA_CPATH LUA_PATH_5_4 LUA_CPATH_5_4
[ "$("$work/tree.rocks/bin/threatlocker" --version)" = "threatlocker $version" ] || fail "the rock's command does not run"
