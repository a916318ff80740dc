#!/bin/sh
# check_headers.sh SOURCE: each public header compiles alone, as C and as C++, by gcc, and by clang where it is.
set -eu
source=$1
check() { # COMPILER LANGUAGE STANDARD
  command -v "$1" >/dev/null || return 0
  # Each file is a translation unit of its own.
  "$1" -x "$2" "-std=$3" -Wall -Wextra -pedantic -Werror -fsyntax-only -I"$source/src" \
    "$source"/src/threatlocker/*.h "$source/plugin/threatlocker_soar.h"
}
command -v gcc >/dev/null
check gcc c c11
check clang c c11
check g++ c++ c++17
check clang++ c++ c++17
