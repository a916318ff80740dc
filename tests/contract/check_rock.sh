#!/bin/sh
# check_rock.sh SOURCE VERSION BUSTED: LuaRocks builds the module and the command from a checkout, without a network,
# into a new tree, and what it put there passes the Lua specs: some of them, with TL_LONG=1 all.
set -eu
source=$1 version=$2 busted=$3
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
tree=$work/tree

# A copy: nothing that was built is at hand, and nothing is left behind.
mkdir "$work/checkout"
cp -r "$source/src" "$source/lua" "$source/plugin" "$source/manifests" "$source/CMakeLists.txt" "$work/checkout"
echo 'rocks_servers = {}' >"$work/config.lua"
cd "$work/checkout"
HOME=$work LUAROCKS_CONFIG=$work/config.lua CMAKE_GENERATOR=Ninja luarocks --lua-version 5.4 make --tree "$tree" \
  "manifests/threatlocker-$version-1.rockspec" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }

unset LUA_PATH LUA_CPATH LUA_PATH_5_4 LUA_CPATH_5_4
"$tree/bin/threatlocker" chain --help >"$work/said"
grep -q -- '--ledger FILE' "$work/said"

export LUA_PATH_5_4="$tree/share/lua/5.4/?.lua;$tree/share/lua/5.4/?/init.lua;$source/tests/lua/?.lua;;"
export LUA_CPATH_5_4="$tree/lib/lua/5.4/?.so;;"
printed=$(lua5.4 -e 'local t = require "threatlocker" print(t._VERSION, package.searchpath("threatlocker.core", package.cpath))')
[ "$printed" = "$version	$tree/lib/lua/5.4/threatlocker/core.so" ] || { echo "loaded: $printed"; exit 1; }

cd "$source"
specs='tests/lua/module/json_spec.lua tests/lua/module/types_spec.lua tests/lua/module/requests_spec.lua
  tests/lua/module/chain_spec.lua'
[ "${TL_LONG:-}" != 1 ] || specs=tests/lua
# shellcheck disable=SC2086
"$busted" --lua=lua5.4 $specs
