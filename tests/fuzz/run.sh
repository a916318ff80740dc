#!/bin/sh
# Runs fuzzers side by side: run.sh BUILD [SECONDS [TARGET ...]], each so long (60), all of them where none is named.
# Prints a line for each; fails when one found something. What they learn stays in BUILD/corpus for the next time.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=$1
shift
seconds=${1:-60}
[ $# -eq 0 ] || shift

# One target: what it printed goes to BUILD/NAME.log, its line to standard output.
run_one() {
  name=$1
  log=$build/$name.log
  mkdir -p "$build/corpus/$name" "$build/found"
  set -- "$build/corpus/$name" "$here/corpus/$name"
  [ ! -s "$here/dict/$name.dict" ] || set -- "$@" "-dict=$here/dict/$name.dict"
  status=0
  nice "$build/tests/fuzz/fuzz_$name" "$@" -max_total_time="$seconds" -timeout=60 -print_final_stats=1 \
    -artifact_prefix="$build/found/$name-" >"$log" 2>&1 || status=$?
  found=none # a unit that is merely slow is none
  [ "$status" -eq 0 ] || found=$(sed -n 's/.*Test unit written to //p' "$log")
  awk -v name="$name" -v found="$found" '
    $1 == "stat::number_of_executed_units:" { runs = $2 }
    $1 == "stat::average_exec_per_sec:" { rate = $2 }
    $1 == "stat::new_units_added:" { units = $2 }
    END { printf "%-12s %10d executions %7d/s %6d new units, found: %s\n", name, runs, rate, units, found }' "$log"
  [ "$status" -eq 0 ] || { printf '%s failed; its log: %s\n' "$name" "$log" >&2; exit 1; }
}

if [ "${TL_FUZZ_ONE:-}" ]; then
  run_one "$TL_FUZZ_ONE"
  exit
fi
if [ $# -eq 0 ]; then
  for target in "$here"/fuzz_*.c; do
    target=${target##*/fuzz_}
    set -- "$@" "${target%.c}"
  done
fi
printf '%s\n' "$@" | xargs -P 2 -I '{}' env TL_FUZZ_ONE='{}' "$0" "$build" "$seconds" || exit 1
