"""What the platform keeps between runs, in a folder, and what a test wants it to do.

settings.json   a test's wishes, see DEFAULTS
cancel          exists: a person has pressed Cancel (#18)
<kind>.jsonl    what came in, one JSON value a line: containers, artifacts, progress, kept_progress, debug, vault
state/          an asset's state (#11): what stands there, junk included, is what load_state finds
vault/, tmp/    files, and where apps put files before they add them
"""
import json
import os

DEFAULTS = {
    "base_url": "https://127.0.0.1/",  # #19: with a slash or without
    "junk_state": "reset",  # #11: what load_state makes of a state that is no object: "reset", "none" or "raw"
    "duplicate_ok": True,  # #15: what save_container says of a duplicate beside its message
    "refuse_containers": None,  # #15: those with this text in the identifier are not saved
    "one_artifact_each": False,  # #16: a second artifact of the same identifier is a duplicate
    "kill_after_containers": None,  # the process dies when so many are saved
    "call_handle_cancel": True,  # #18
    "show_cancelled": True,  # #18: whether is_action_cancelled tells it; "raise": it raises
    "vault_refuses": None,  # why the vault takes no file
}


def folder():
    return os.environ["FAKE_SOAR"]


def path(*names):
    return os.path.join(folder(), *names)


def setting(name):
    try:
        with open(path("settings.json"), encoding="utf-8") as file:
            return json.load(file).get(name, DEFAULTS[name])
    except FileNotFoundError:
        return DEFAULTS[name]


def record(kind, entry):
    """One write per line: what was recorded survives a kill."""
    with open(path(kind + ".jsonl"), "ab", buffering=0) as file:
        file.write(json.dumps(entry).encode() + b"\n")


_read = {}  # kind -> (bytes read so far, what was in them)


def recorded(kind):
    """All that came in, by runs before this one too."""
    offset, found = _read.get(kind, (0, []))
    if os.path.exists(path(kind + ".jsonl")):
        with open(path(kind + ".jsonl"), "rb") as file:
            file.seek(offset)
            found.extend(json.loads(line) for line in file)
            _read[kind] = file.tell(), found
    return found


def cancel_pressed():
    return os.path.exists(path("cancel"))
