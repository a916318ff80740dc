"""Holds the interface to the record of its version, manifests/abi-VERSION.txt: the public headers, the exported symbols,
the functions of the Lua module. With TL_UPDATE_ABI=1 it writes the record instead.

    check.py SOURCE VERSION LUA CC...
"""
import difflib
import glob
import os
import subprocess
import sys

from headers import Interface

HEADING = """\
# The interface of this version. Programs are compiled against it: what changes here needs another version.
# Made from the public headers and the Lua module by tests/contract/interface, with TL_UPDATE_ABI=1; not by hand.
"""
CHANGED = """\
The interface is not the one on record in {record}.
 - Once this version is released: give CMakeLists.txt another version (tests/contract/check_version.sh says what repeats
   it) and write a record of its own: TL_UPDATE_ABI=1 ctest -R contract/interface
 - Before that: let the same command write this version's record anew, and commit it with the change.
"""


class Unlisted(Exception):
    """Headers and the list of exported symbols disagree."""


LIBRARIES = {  # name: its public headers, its exported symbols
    "libthreatlocker": ("src/threatlocker/*.h", "manifests/libthreatlocker.symbols"),
    "libthreatlocker_soar": ("plugin/threatlocker_soar.h", "manifests/libthreatlocker_soar.symbols"),
}


def library(source, compiler, name):
    """The text of one library's interface."""
    headers, symbols = LIBRARIES[name]
    interface = Interface(compiler, sorted(glob.glob(os.path.join(source, headers))), os.path.join(source, "src"))
    with open(os.path.join(source, symbols), encoding="utf-8") as file:
        listed = set(file.read().split())
    for function in sorted(listed ^ set(interface.functions)):
        raise Unlisted("{} is {}".format(function, "declared, but not in " + symbols if function not in listed else
                                         "in {}, but no public header declares it".format(symbols)))
    return interface.text()


def lua_functions(source, lua):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions.lua")
    return subprocess.run([lua, script], cwd=source, check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout


def write(now, record):
    with open(record, "w", encoding="utf-8") as file:
        file.write(now)


def compare(now, record):
    """Prints what differs, and ends the program if anything does."""
    before = ""
    if os.path.exists(record):
        with open(record, encoding="utf-8") as file:
            before = file.read()
    if now != before:
        sys.stdout.writelines(difflib.unified_diff(
            before.splitlines(True), now.splitlines(True), record, "what is there now", n=1))
        sys.exit(CHANGED.format(record=record))


def main(source, version, lua, *compiler):
    parts = {name: library(source, list(compiler), name) for name in LIBRARIES}
    parts["Lua module threatlocker"] = lua_functions(source, lua)
    now = HEADING + "".join("\n## {}\n\n{}".format(name, part) for name, part in parts.items())
    record = os.path.join(source, "manifests/abi-{}.txt".format(version))
    (write if os.environ.get("TL_UPDATE_ABI") == "1" else compare)(now, record)


if __name__ == "__main__":
    main(*sys.argv[1:])
