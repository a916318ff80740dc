"""Splunk SOAR's side of the app: hands JSON to the native library (threatlocker_soar.h) and copies what it answers.

What an action means is the library's business: nothing here knows ThreatLocker. Python 3.9 and later, no package but
SOAR's. Nothing goes to standard output: it may be the channel to SOAR.
"""
import ctypes
import importlib.util
import json
import os
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait

import phantom.app as phantom
import phantom.rules as phantom_rules
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.vault import Vault

LIBRARY = "libthreatlocker_soar.so"
WHEEL = "threatlocker_soar"  # the package that holds it where it does not lie beside this file
ABI = 1
SLICE = 0.2  # seconds between two looks at progress and cancellation
MACHINE = os.uname().machine

CODE, SIZE, TEXT, POINTER = ctypes.c_int32, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p
OUT = ctypes.POINTER(POINTER)  # of texts too: c_char_p would lose the address, which must be freed
PROTOTYPES = {  # result, then arguments
    "tl_plugin_abi": (CODE,),
    "tl_plugin_open": (CODE, OUT, TEXT, SIZE, OUT),
    "tl_plugin_run": (CODE, POINTER, TEXT, SIZE, OUT, ctypes.POINTER(SIZE)),
    "tl_plugin_progress": (CODE, POINTER, OUT),
    "tl_plugin_cancel": (None, POINTER),
    "tl_plugin_close": (None, POINTER),
    "tl_plugin_free": (None, POINTER),
}
CAUSES = {  # what the loader's words mean to whoever has to mend it
    "GLIBC_": "the C library of this host is too old, glibc 2.28 or newer is needed",
    "libcurl": "libcurl (libcurl.so.4) is missing on this host or does not fit",
    "failed to map": "it lies on a file system that forbids programs (noexec)",
    "ELF": "it is damaged or made for another machine than this " + MACHINE,
    "No such file": "the app has none for this machine, " + MACHINE,
}


class Failure(Exception):
    """Ends the action with one line for people; never holds a secret."""


def plain(text):
    """One line without braces, which SOAR would take for a format."""
    return " ".join(str(text).split()).replace("{", "(").replace("}", ")")


def find_library():
    path = os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib", "linux_" + MACHINE, LIBRARY)
    wheel = None if os.path.exists(path) else importlib.util.find_spec(WHEEL)
    return os.path.join(os.path.dirname(os.path.realpath(wheel.origin)), LIBRARY) if wheel and wheel.origin else path


def refuse_writable(path):
    """Who can change the library can run code with SOAR's rights."""
    for name in (os.path.dirname(path), path):
        status = os.stat(name)
        by_group = status.st_mode & stat.S_IWGRP and status.st_gid not in (0, os.getegid())
        if status.st_uid not in (0, os.geteuid()) or status.st_mode & stat.S_IWOTH or by_group:
            raise Failure("The native library is not loaded: others than this user can change {0}".format(name))


class Native:
    """The library, with a session for one asset. One run at a time; progress and cancel from other threads."""

    def __init__(self, asset):
        self._session, path, text = POINTER(), find_library(), json.dumps(asset).encode()
        try:
            refuse_writable(path)
            self._library = ctypes.CDLL(path)
            self._declare("tl_plugin_abi")
            abi = self._library.tl_plugin_abi()
            if abi != ABI:
                raise Failure("{0} has interface {1}, the app needs {2}: install the app again".format(path, abi, ABI))
            self._declare(*PROTOTYPES)
        except (OSError, AttributeError) as error:
            cause = next((words for sign, words in CAUSES.items() if sign in str(error)), "it is not the app's")
            raise Failure("The native library cannot be used: {0} ({1})".format(cause, error)) from None
        self._text("tl_plugin_open", ctypes.byref(self._session), text, len(text))

    def _declare(self, *names):
        for name in names:
            function = getattr(self._library, name)
            function.restype, *function.argtypes = PROTOTYPES[name]

    def _text(self, name, *arguments, after=()):
        out = POINTER()
        code = getattr(self._library, name)(*arguments, ctypes.byref(out), *after)
        text = ctypes.string_at(out.value).decode("utf-8", "replace") if out else ""
        self._library.tl_plugin_free(out)
        if code:
            raise Failure(text or "The native library failed ({0}: {1})".format(name, code))
        return text

    def run(self, request):
        text, size = json.dumps(request).encode(), SIZE()
        return json.loads(self._text("tl_plugin_run", self._session, text, len(text), after=[ctypes.byref(size)]))

    def progress(self):
        return self._text("tl_plugin_progress", self._session)

    def cancel(self):
        self._library.tl_plugin_cancel(self._session)

    def close(self):
        session, self._session = self._session, None
        self._library.tl_plugin_close(session)


class ThreatlockerConnector(BaseConnector):
    _native = None

    def initialize(self):
        config = self.get_config()
        label = (config.get("ingest") or {}).get("container_label") or "events"
        try:
            self._native = Native({"config": config, "asset_id": str(self.get_asset_id()), "label": label,
                                   "soar_url": self.get_phantom_base_url()})
        except Failure as failure:
            return self._end(self, False, failure)
        return phantom.APP_SUCCESS

    def finalize(self):
        if self._native:
            self._native.close()
        return phantom.APP_SUCCESS

    def handle_cancel(self):
        if self._native:
            self._native.cancel()

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        folder = Vault.get_vault_tmp_dir()
        try:
            with tempfile.TemporaryDirectory(dir=folder if os.access(folder, os.W_OK) else None) as folder:
                return self._end(result, *self._run(result, param, folder))
        except (Failure, OSError) as failure:
            return self._end(result, False, failure)

    def _end(self, result, ok, message):
        if self.get_action_identifier() == "test_connectivity":  # its page shows progress lines only
            self.save_progress("{0}", plain(message))
            self.save_progress("Test Connectivity Passed" if ok else "Test Connectivity Failed")
        return result.set_status(phantom.APP_SUCCESS if ok else phantom.APP_ERROR, plain(message))

    def _run(self, result, param, folder):
        request = {"identifier": self.get_action_identifier(), "parameters": param, "folder": folder,
                   "container_id": int(self.get_container_id() or 0), "poll_now": False, "more": True}
        if request["identifier"] == "on_poll":
            request.update(state=self.load_state(), poll_now=bool(self.is_poll_now()))
        reply = {"more": True}
        while reply.get("more"):
            reply = self._call(request)
            self._hand_over(result, reply)
            request["state"] = reply.get("state")
            if request["state"] and not request["poll_now"]:
                self.save_state(dict(reply["state"]))  # a copy: SOAR adds to it
        return reply["status"] == "success", reply["message"]

    def _call(self, request):
        """Runs the library in another thread, so that progress goes on and Cancel is heard."""
        with ThreadPoolExecutor(1) as worker:  # waits for its thread at the end
            call = worker.submit(self._native.run, request)
            try:
                while not wait([call], SLICE).done:
                    line = self._native.progress()
                    if line:
                        self.send_progress("{0}", plain(line))
                    if self.is_action_cancelled():
                        self._native.cancel()
            except BaseException:
                self._native.cancel()
                raise
            return call.result()

    def _hand_over(self, result, reply):
        for line in reply.get("progress", "").splitlines():
            self.save_progress("{0}", plain(line))
        if "file" in reply:
            ok, message, reply["data"][0]["vault_id"] = phantom_rules.vault_add(
                container=reply["file"]["container_id"], file_location=reply["file"]["path"], file_name=reply["file"]["name"])
            ...
        result.update_data(reply["data"])
        result.update_summary(reply["summary"])
        problems = list(filter(None, map(self._save_container, reply.get("containers", []))))
        if problems:
            raise Failure("{0} containers were not saved, the next poll tries again: {1}".format(len(problems), problems[0]))

    def _save_container(self, container):
        """Returns what keeps it from being there."""
        ok, message, number = self.save_container(container)
        if "duplicate container found" not in str(message).lower():
            return "" if ok else ...
        ok, found, _ = self.get_container_info(number)
        ...
