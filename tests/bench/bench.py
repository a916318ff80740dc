"""Runs the benches against each other in one go and prints one table: ./dev bench."""
import argparse
import json
import os
import shutil
import sys
import tempfile

import benches
import contenders
import race
import table


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures us and others side by side.")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="tiny sizes and one round: does it all work?")
    parser.add_argument("--only", action="append", choices=list(benches.ALL), help="this bench; may be repeated")
    parser.add_argument("--rounds", type=int, help="of each bench, instead of its own number")
    parser.add_argument("--json", metavar="FILE", help="also write the records as JSON lines; - is standard output")
    return parser.parse_args()


def measure(options, stage):
    """The records of all benches; progress goes to standard error."""
    bench = benches.Bench(stage, options.rounds, options.quick)
    for name in options.only or benches.ALL:
        print("bench: {0}".format(name), file=sys.stderr)
        yield from benches.ALL[name](bench)


def write_json(records, path):
    lines = "".join(json.dumps(record) + "\n" for record in records)
    if path == "-":
        sys.stdout.write(lines)
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write(lines)


def main():
    options = arguments()
    missing = contenders.missing()
    if missing:
        sys.exit("bench: not installed: " + " ".join(missing))
    scratch = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    try:
        with race.Server(os.path.join(options.build, "tests", "bench", "bench_server")) as server:
            records = list(measure(options, contenders.Stage(os.path.abspath(options.build), scratch, server.url)))
    except race.Wrong as wrong:
        sys.exit("bench: {0}".format(wrong))
    finally:
        shutil.rmtree(scratch)
    if options.json:
        write_json(records, options.json)
    if options.json != "-":
        print("\n".join(table.table(records)))


main()
