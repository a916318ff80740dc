#!/bin/sh
# check_headers.sh INCLUDE_DIR CC: each public header compiles alone, as C and as C++.
set -eu
include=$1 cc=$2
for header in "$include"/threatlocker/*.h; do
  name=threatlocker/$(basename "$header")
  echo "#include <$name>" | "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include" -xc -
  echo "#include <$name>" | g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include" -xc++ -
done
