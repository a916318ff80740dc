#!/bin/sh
# refuse_plugin_so.sh CC STUB_FOLDER EXPORTS CURL_NAMES: check_plugin_so.sh passes a good sample, and refuses each bad
# one for its own reason. Every sample is the good one with one thing changed.
set -eu
cc=$1 stub=$2 exports=$3 curl_names=$4
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

{
  echo '#include <stdlib.h>'
  echo '#define HIDDEN __attribute__((visibility("hidden"), used))'
  echo 'extern void curl_easy_init(void);'
  while read -r name; do
    printf 'void %s(void); void %s(void) { curl_easy_init(); exit(1); }\n' "$name" "$name"
  done <"$exports"
} >"$work/good.c"
safe='-Wl,-z,relro,-z,now,-z,noexecstack,-z,nodelete -Wl,--as-needed -Wl,--strip-all'
with_stub="-L$stub -lcurl"

# library NAME [FUNCTION]: a library of that soname in a folder of its own, to link with.
library() {
  mkdir "$work/$1"
  echo "void ${2:-sample_$1}(void); void ${2:-sample_$1}(void) {}" |
    "$cc" -shared -fPIC -Wl,-soname,"lib$1.so.4" -o "$work/$1/lib$1.so" -x c -
}

# sample FLAGS LIBRARIES [LINE] [SED]: $work/sample.so, the good sample with one more line of C, edited by sed.
sample() {
  { sed "${4:-}" "$work/good.c"; printf '%s\n' "${3:-}"; } >"$work/sample.c"
  # shellcheck disable=SC2086
  "$cc" -shared -fPIC -O1 -o "$work/sample.so" "$work/sample.c" $1 $2
}
check() { sh "$here/check_plugin_so.sh" "$work/sample.so" "$exports" "$curl_names" >"$work/said" 2>&1; }

# refused WHAT REASON: the last sample fails, with that reason and no other.
refused() {
  if check; then echo "FAIL: passed: $1" >&2; exit 1; fi
  if ! grep -q "^FAIL: $2" "$work/said" || [ "$(grep -c '^FAIL: ' "$work/said")" -ne 1 ]; then
    echo "FAIL: $1 was not refused for '$2' alone:" >&2
    cat "$work/said" >&2
    exit 1
  fi
  echo "refused: $1"
}

sample "$safe" "$with_stub"
check || { cat "$work/said" >&2; exit 1; }
echo "passed: the good sample"

sample "$safe" "$with_stub" '#include <sys/stat.h>
HIDDEN void sample_use(const char *path);
void sample_use(const char *path) { struct stat found; stat(path, &found); }'
refused "a function of glibc 2.33" "needs glibc 2.33: stat@GLIBC_2.33"

sample "$safe -Wl,-z,pack-relative-relocs" "$with_stub" 'static const char *const pointers[] = {"a", "b", "c"};
HIDDEN const char *sample_use(int i);
const char *sample_use(int i) { return pointers[i]; }'
refused "relocations that only glibc 2.36 knows" "needs versions that not every host has: .*DT_RELR"

sample "$safe" "-lcurl"
refused "Debian's versioned libcurl" "needs versions that not every host has: libcurl.so.4 CURL_OPENSSL_4"

library curl curl_multi_poll
sample "$safe" "-L$work/curl -lcurl" "" "s/curl_easy_init/curl_multi_poll/"
refused "a function of libcurl 7.66" "libcurl 7.61 lacks: curl_multi_poll"

sample "$safe" "$with_stub" 'void cJSON_Delete(void *);
HIDDEN void sample_use(void);
void sample_use(void) { cJSON_Delete(0); }'
refused "cJSON that is not compiled in" "imports what neither libcurl nor the C library has: cJSON_Delete"

sample "$safe" "$with_stub" 'void cJSON_Delete(void *p); void cJSON_Delete(void *p) { (void)p; }'
refused "a symbol too many" "the exported symbols differ"

# shellcheck disable=SC2016 # sed's "last line", nothing of the shell's
sample "$safe" "$with_stub" "" '$d'
refused "a symbol too few" "the exported symbols differ"

library other
sample "$safe" "$with_stub -Wl,--no-as-needed -L$work/other -lother"
refused "a library too many" "needs other libraries: libother.so.4"

sample "$safe" "" "" 's/curl_easy_init();//'
refused "no libcurl" "does not need libcurl.so.4"

sample "$safe -Wl,-rpath,/somewhere,--disable-new-dtags" "$with_stub"
refused "a path of its own (old tag)" "has a RPATH"
sample "$safe -Wl,-rpath,/somewhere,--enable-new-dtags" "$with_stub"
refused "a path of its own" "has a RUNPATH"

sample "$safe -Wl,-z,notext" "$with_stub" '__asm__(".text\n.quad exit\n");'
refused "code that the loader changes" "has a TEXTREL"

sample "$safe -Wl,-z,execstack" "$with_stub"
refused "an executable stack" "an executable stack"

sample "$(echo "$safe" | sed 's/-z,nodelete/-z,defs/')" "$with_stub"
refused "a library that can be unloaded" "can be unloaded"

sample "$safe -Wl,-z,norelro" "$with_stub"
refused "no RELRO" "no RELRO"
sample "$safe -Wl,-z,lazy" "$with_stub"
refused "RELRO in part" "RELRO is not full"

sample "$safe" "$with_stub" '__attribute__((constructor)) static void at_load(void) { curl_easy_init(); }'
refused "a constructor" "runs code when it is loaded"

sample "$(echo "$safe" | sed 's/ -Wl,--strip-all//')" "$with_stub"
refused "symbols left" "not stripped"

sample "$safe" "$with_stub"
objcopy --output-target=elf64-little "$work/sample.so" "$work/other.so"
printf '\267' | dd of="$work/other.so" bs=1 seek=18 conv=notrunc status=none # EM_AARCH64
mv "$work/other.so" "$work/sample.so"
if check; then echo "FAIL: passed: a library for another machine" >&2; exit 1; fi
grep -q 'not a library for x86_64' "$work/said"
echo "refused: a library for another machine"
