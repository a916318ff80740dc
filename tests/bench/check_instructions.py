"""Holds the instruction counts of what runs most within a tenth of their budget: check_instructions.py PROGRAM LUA.

Counted by callgrind, callees included. With --write the counts become the budget: say in the commit why they changed.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUDGET = os.path.join(HERE, "budget.json")
TOLERANCE = 0.10


def count(function, command, stdin=None):
    """Instructions within a function and all that it calls."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "counts")
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=" + out, "--toggle-collect=" + function,
                        *command], input=stdin, check=True, stdout=subprocess.DEVNULL)
        with open(out, encoding="utf-8") as file:
            return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.MULTILINE).group(1))


def counts(program, lua):
    page = subprocess.run([program, "page"], check=True, stdout=subprocess.PIPE).stdout
    return {
        "tl_json_parse": count("tl_json_parse", [program, "reader"]),
        "tlua_push_tree": count("tlua_push_tree", [lua, os.path.join(HERE, "to_lua.lua")], page),
        "tl_permit_plan": count("tl_permit_plan", [program, "plan"]),
    }


def main(program, lua, *options):
    found = counts(program, lua)
    if "--write" in options:
        with open(BUDGET, "w", encoding="utf-8") as file:
            file.write(json.dumps(found, indent=2) + "\n")
    with open(BUDGET, encoding="utf-8") as file:
        budget = json.load(file)
    wrong = set(budget) ^ set(found)
    for name in sorted(set(budget) & set(found)):
        share = found[name] / budget[name]
        print("{0}: {1:,} instructions, {2:.3f} of the budget".format(name, found[name], share))
        if abs(share - 1) > TOLERANCE:
            wrong.add(name)
    if wrong:
        sys.exit("not within a tenth of the budget: " + ", ".join(sorted(wrong)))


main(*sys.argv[1:])
