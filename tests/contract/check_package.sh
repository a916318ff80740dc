#!/bin/sh
# check_package.sh BUILD SOURCE CC VERSION: what is installed serves C and C++ programs through pkg-config and through
# CMake, the shell and Lua, staged with DESTDIR as well as moved after the installation. With TL_LONG=1 the release
# preset is built for it, otherwise BUILD is installed.
set -eu
build=$1 source=$2 cc=$3 version=$4
here=$source/tests/contract
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }
# Runs a command; its output is shown only where it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }; }

text_only=-I # debug information has paths
if [ "${TL_LONG:-}" = 1 ]; then
  text_only=
  build=$work/release
  quietly cmake -S "$source" --preset release -B "$build" -D "CMAKE_C_COMPILER=$cc"
  quietly ninja -C "$build"
fi

DESTDIR=$work/staged quietly cmake --install "$build"
staged=$work/staged$(sed -n 's/^CMAKE_INSTALL_PREFIX:.*=//p' "$build/CMakeCache.txt")
quietly cmake --install "$build" --prefix "$work/first"
mv "$work/first" "$work/moved"
moved=$work/moved

# --- what is there ----------------------------------------------------------------------------------------------

(cd "$staged" && find . ! -type d | sort) >"$work/staged.list"
(cd "$moved" && find . ! -type d | sort) | diff "$work/staged.list" - || fail "DESTDIR and --prefix install different files"

(cd "$source/src" && ls threatlocker/*.h) | sed 's,^,./include/,' >"$work/headers.list"
grep '^\./include/' "$work/staged.list" | diff "$work/headers.list" - || fail "the installed headers are not the public ones"
(cd "$source/lua" && find threatlocker -name '*.lua' | sort) | sed 's,^,./share/lua/5.4/,' >"$work/lua.list"
grep '^\./share/lua/.*\.lua$' "$work/staged.list" | diff "$work/lua.list" - || fail "not all files of the Lua module are installed"

# shellcheck disable=SC2086
if grep -rl $text_only -e "$source" -e "$build" -e "$work" "$moved" "$staged"; then fail "these hold paths of the building machine"; fi

# --- the library ------------------------------------------------------------------------------------------------

pc=$(find "$moved" -name threatlocker.pc)
lib=$(dirname "$(dirname "$pc")")
soname=libthreatlocker.so.$(echo "$version" | sed -E 's/^(0\.[0-9]+|[1-9][0-9]*)\..*/\1/') # 0.x breaks with each x
readelf -d "$lib/libthreatlocker.so.$version" >"$work/dynamic"
grep -q "SONAME.*\[$soname\]" "$work/dynamic" || fail "the library's name is not $soname: $(grep SONAME "$work/dynamic")"
if grep -E 'RPATH|RUNPATH' "$work/dynamic"; then fail "the library looks for others in folders of its own"; fi
[ "$(readlink "$lib/libthreatlocker.so")" = "$soname" ] || fail "libthreatlocker.so does not lead to $soname"
[ "$(readlink "$lib/$soname")" = "libthreatlocker.so.$version" ] || fail "$soname does not lead to the library"

# --- programs that use it ---------------------------------------------------------------------------------------

strict='-Wall -Wextra -pedantic -Werror'
promised="$version: token is missing"

check_consumer() { # PROGRAM FOLDER_OF_THE_LIBRARY
  said=$(LD_LIBRARY_PATH=$2 "$1") || fail "$1 ends with $?"
  case $said in "$promised"*) ;; *) fail "$1 says: $said" ;; esac
}

by_pkg_config() { # PREFIX
  pc=$(find "$1" -name threatlocker.pc)
  export PKG_CONFIG_PATH="${pc%/*}"
  [ "$(pkg-config --modversion threatlocker)" = "$version" ] || fail "pkg-config knows another version"
  flags=$(pkg-config --cflags --libs threatlocker)
  # shellcheck disable=SC2086
  quietly "$cc" -std=c11 $strict -o "$work/c" "$here/consumer.c" $flags
  # shellcheck disable=SC2086
  quietly c++ -std=c++17 $strict -o "$work/cpp" -xc++ "$here/consumer.c" $flags
  check_consumer "$work/c" "${pc%/*/*}"
  check_consumer "$work/cpp" "${pc%/*/*}"
  unset PKG_CONFIG_PATH
}
by_pkg_config "$moved"
by_pkg_config "$staged"

consumer_project() { # VERSION_WANTED
  cat <<TXT
cmake_minimum_required(VERSION 3.21)
project(consumer LANGUAGES C CXX)
set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_EXTENSIONS OFF)
add_compile_options($(echo "$strict" | tr ' ' ';'))
find_package(threatlocker $1 REQUIRED)
add_executable(c consumer.c)
add_executable(cpp consumer.cpp)
foreach(program c cpp)
  target_link_libraries(\${program} PRIVATE threatlocker::threatlocker)
endforeach()
TXT
}

by_cmake() { # PREFIX NUMBER
  project=$work/project$2
  mkdir "$project"
  cp "$here/consumer.c" "$project/consumer.c"
  cp "$here/consumer.c" "$project/consumer.cpp"
  consumer_project "${version%.*}" >"$project/CMakeLists.txt"
  quietly cmake -G Ninja -S "$project" -B "$project/build" -D "CMAKE_PREFIX_PATH=$1" -D "CMAKE_C_COMPILER=$cc"
  quietly cmake --build "$project/build"
  check_consumer "$project/build/c" "" # finds the library where CMake found it
  check_consumer "$project/build/cpp" ""
}
by_cmake "$moved" 1
by_cmake "$staged" 2

# Another minor version of 0.x is another interface.
consumer_project "${version%%.*}.99" >"$work/project1/CMakeLists.txt"
if cmake -S "$work/project1" -B "$work/project1/build" >"$work/log" 2>&1; then fail "0.99 was asked for and found"; fi
grep -q 'compatible with requested version' "$work/log" || { cat "$work/log"; fail "refused for another reason"; }

# --- shell and Lua ----------------------------------------------------------------------------------------------

unset LUA_PATH LUA_CPATH LUA_PATH_5_4 LUA_CPATH_5_4
for prefix in "$moved" "$staged"; do
  # The command finds the module of its own prefix.
  [ "$("$prefix/bin/threatlocker" --version)" = "threatlocker $version" ] || fail "the command does not run in $prefix"
  "$prefix/bin/threatlocker" chain --help | grep -q -- '--ledger FILE' || fail "the command has no help in $prefix"

  core=$prefix/lib/lua/5.4/threatlocker/core.so
  loaded=$(LUA_PATH_5_4="$prefix/share/lua/5.4/?.lua;$prefix/share/lua/5.4/?/init.lua" LUA_CPATH_5_4="$prefix/lib/lua/5.4/?.so" \
    lua5.4 -e 'print(require "threatlocker"._VERSION, package.searchpath("threatlocker.core", package.cpath))')
  [ "$loaded" = "$version	$core" ] || fail "Lua loads: $loaded"

  mandoc -T lint -W error "$prefix/share/man/man1/threatlocker.1" || fail "the man page has errors"
  grep -q "threatlocker $version" "$prefix/share/man/man1/threatlocker.1" || fail "the man page is of another version"
  bash -n "$prefix/share/bash-completion/completions/threatlocker" || fail "the completion for bash has errors"
  grep -q '^#compdef threatlocker' "$prefix/share/zsh/site-functions/_threatlocker" || fail "zsh would not take the completion"
done
