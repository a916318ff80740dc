#!/bin/sh
# check_headers.sh SOURCE CC: each public header compiles alone, as C and as C++, by the project's compiler and by those
# of gcc and clang that are here.
set -eu
source=$1 cc=$2
for header in "$source"/src/threatlocker/*.h "$source/plugin/threatlocker_soar.h"; do
  for compiler in "$cc" gcc clang g++ clang++; do
    case $compiler in
      *++) language='-std=c++17 -xc++' ;;
      *) language='-std=c11 -xc' ;;
    esac
    command -v "$compiler" >/dev/null || continue
    # shellcheck disable=SC2086
    "$compiler" $language -Wall -Wextra -pedantic -Werror -fsyntax-only -I"$source/src" - <<TXT
#include "$header"
TXT
  done
done
