#!/bin/sh
# check_package.sh BUILD SOURCE CC: what is installed can be used through pkg-config, through CMake and as a command.
set -eu
build=$1 source=$2 cc=$3
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
pc=$(find "$work/prefix" -name threatlocker.pc)
lib=$(dirname "$(dirname "$pc")")
# The prefix is the one of this trial, not the configured one.
flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-variable=prefix="$work/prefix" --cflags --libs threatlocker)
# shellcheck disable=SC2086
"$cc" -std=c11 -o "$work/by_pkg_config" "$source/src/examples/list.c" $flags
LD_LIBRARY_PATH=$lib "$work/by_pkg_config" 2>"$work/said" && exit 1
grep -q '^example_list: config: token is missing' "$work/said"

for file in man/man1/threatlocker.1 bash-completion/completions/threatlocker zsh/site-functions/_threatlocker; do
  [ -s "$work/prefix/share/$file" ] || { echo "FAIL: share/$file is missing" >&2; exit 1; }
done

# The command finds the module of its own prefix.
if command -v lua5.4 >/dev/null; then
  env -u LUA_PATH -u LUA_CPATH -u LUA_PATH_5_4 -u LUA_CPATH_5_4 "$work/prefix/bin/threatlocker" chain --help >"$work/said"
  grep -q -- '--ledger FILE' "$work/said"
fi

mkdir "$work/consumer"
cat >"$work/consumer/CMakeLists.txt" <<TXT
cmake_minimum_required(VERSION 3.21)
project(consumer LANGUAGES C)
find_package(threatlocker 0.1 REQUIRED)
add_executable(by_cmake "$source/src/examples/list.c")
target_link_libraries(by_cmake PRIVATE threatlocker::threatlocker)
TXT
cmake -G Ninja -S "$work/consumer" -B "$work/consumer/build" -DCMAKE_PREFIX_PATH="$work/prefix" \
  -DCMAKE_C_COMPILER="$cc" >"$work/cmake.log"
cmake --build "$work/consumer/build" >>"$work/cmake.log"
"$work/consumer/build/by_cmake" 2>"$work/said" && exit 1
grep -q '^example_list: config: token is missing' "$work/said"
