#!/bin/sh
# oldest_libcurl.sh LIBRARY STUB_FOLDER: the plugin loads with a libcurl.so.4 that has no versions and no function newer
# than 7.61, all of its symbols bound at once.
set -eu
library=$1 here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
export LD_LIBRARY_PATH="$2" LD_BIND_NOW=1
if /usr/bin/python3 -c 'import ctypes; ctypes.CDLL("libcurl.so.4").curl_url' 2>/dev/null; then
  echo "FAIL: the libcurl of this test is not the one of 7.61's names" >&2
  exit 1
fi
/usr/bin/python3 -B "$here/drive.py" "$library" | grep '^interface 1 version '
