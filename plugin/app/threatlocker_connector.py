"""Splunk SOAR's side of the app: hands JSON to the native library (threatlocker_soar.h) and copies what it answers.

Nothing here knows ThreatLocker, or writes to standard output: that may be SOAR's channel. Python 3.9 and later.
"""
import ctypes
import json
import os
import stat
import sys
import threading

import phantom.app as phantom
import phantom.rules as rules
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.vault import Vault

LIBRARY = "libthreatlocker_soar.so"
ABI = 1
MACHINE = os.uname().machine

CODE, SIZE, TEXT, POINTER = ctypes.c_int32, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p
OUT = ctypes.POINTER(POINTER)  # of texts too: c_char_p would lose the address, which must be freed
PROTOTYPES = {  # result, then arguments
    "tl_plugin_open": (CODE, OUT, TEXT, SIZE, OUT),
    "tl_plugin_run": (CODE, POINTER, TEXT, SIZE, OUT, ctypes.POINTER(SIZE)),
    "tl_plugin_progress": (CODE, POINTER, OUT),
    **dict.fromkeys(["tl_plugin_cancel", "tl_plugin_close", "tl_plugin_free"], (None, POINTER)),
}
CAUSES = {  # what the loader's words mean to whoever has to mend it
    "GLIBC_": "the C library of this host is too old, glibc 2.28 or newer is needed",
    "libcurl": "libcurl (libcurl.so.4) is missing on this host or does not fit",
    "ELF": "it is damaged or made for another machine than this " + MACHINE,
    "No such file": "the app has none for this machine, " + MACHINE,
}


class Failure(Exception):
    """Ends the action with one line for people; never holds a secret."""


def plain(text):
    """One line without braces, which SOAR would take for a format."""
    return " ".join(str(text).split()).replace("{", "(").replace("}", ")")


def find_library():
    """Beside this file, or else where the app's wheel was installed."""
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib", "linux_" + MACHINE)
    wheels = (os.path.join(place, "threatlocker_soar") for place in sys.path if os.path.isabs(place))
    folder = next((one for one in (beside, *wheels) if os.path.exists(os.path.join(one, LIBRARY))), beside)
    return os.path.realpath(os.path.join(folder, LIBRARY))


def refuse_writable(path):
    """Who can change the library, or put another folder in the place of its own, can run code with SOAR's rights.

    Whose the folders further up are does not count: they may be the platform's own user's.
    """
    names = [path]
    while names[-1] != os.path.dirname(names[-1]):
        names.append(os.path.dirname(names[-1]))
    for depth, name in enumerate(names):
        status, above = os.stat(name), depth > 1
        writable = stat.S_IWOTH if status.st_gid in (0, os.getegid()) else stat.S_IWOTH | stat.S_IWGRP
        by_others = status.st_mode & writable and not (above and status.st_mode & stat.S_ISVTX)
        if by_others or (not above and status.st_uid not in (0, os.geteuid())):
            raise Failure("The native library is not loaded: others than this user can change {0}".format(name))


class Native:
    """The library, with a session for one asset. One run at a time; progress and cancel from other threads."""

    def __init__(self, asset):
        self._session, path, text = POINTER(), find_library(), json.dumps(asset).encode()
        try:
            refuse_writable(path)
            self._library = ctypes.CDLL(path)
            abi = self._library.tl_plugin_abi()  # an int without arguments, as ctypes takes any function to be
            if abi != ABI:
                raise Failure("{0} has interface {1}, the app needs {2}: install the app again".format(path, abi, ABI))
            for name, prototype in PROTOTYPES.items():
                function = getattr(self._library, name)
                function.restype, *function.argtypes = prototype
        except (OSError, AttributeError) as error:
            cause = next((words for sign, words in CAUSES.items() if sign in str(error)), "it is not the app's")
            raise Failure("The native library cannot be used: {0} ({1})".format(cause, error)) from None
        self._text("tl_plugin_open", ctypes.byref(self._session), text, len(text))

    def _text(self, name, *arguments, after=()):
        """Calls a function that hands out a text through its last argument, or the last before `after`."""
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
        self._library.tl_plugin_close(self._session)
        self._session = None


class ThreatlockerConnector(BaseConnector):
    __native, __cancelled = None, False  # two underscores, so that no private name of SOAR's is taken

    def initialize(self):
        config = self.get_config()
        try:
            self.__native = Native({"config": config, "asset_id": str(self.get_asset_id()),
                                   "label": (config.get("ingest") or {}).get("container_label"),
                                   "soar_url": self.get_phantom_base_url()})
        except Failure as failure:
            self.save_progress("{0}", plain(failure))
            return self.set_status(phantom.APP_ERROR, plain(failure))
        return phantom.APP_SUCCESS

    def finalize(self):
        if self.__native:
            self.__native.close()
        return phantom.APP_SUCCESS

    def handle_cancel(self):
        self.__cancelled = True  # __call hands it on: SOAR may call this from any thread, at any time

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        folder = Vault.get_vault_tmp_dir()
        try:
            reply = self.__run(result, dict(param), folder if os.access(folder, os.W_OK) else "/tmp")
        except (Failure, OSError) as failure:
            reply = {"status": "failed", "message": failure}
        status = phantom.APP_SUCCESS if reply["status"] == "success" else phantom.APP_ERROR
        return result.set_status(status, plain(reply["message"]))

    def __run(self, result, param, folder):
        request = {"identifier": self.get_action_identifier(), "parameters": param, "folder": folder,
                   "container_id": self.get_container_id(), "poll_now": False}
        if request["identifier"] == "on_poll":
            request.update(state=self.load_state(), poll_now=bool(self.is_poll_now()))
        reply = {"more": True}
        while reply.get("more"):  # portions of a poll
            reply = self.__call(request)
            self.__hand_over(result, reply)
            request["state"] = reply.get("state")
            if request["state"] and not request["poll_now"]:
                self.save_state(dict(request["state"]))  # a copy: SOAR adds to it
        return reply

    def __call(self, request):
        """Runs the library in another thread, so that progress goes on and Cancel is heard."""
        outcome = []

        def run():
            try:
                outcome.append(self.__native.run(request))
            # pylint: disable-next=broad-exception-caught
            except Exception as error:  # raised below, in the action's own thread
                outcome.append(error)

        worker = threading.Thread(target=run)
        worker.start()
        try:
            while worker.is_alive():
                if self.__cancelled or self.is_action_cancelled():
                    self.__native.cancel()
                line = self.__native.progress()
                if line:
                    self.send_progress("{0}", plain(line))
                worker.join(0.2)  # seconds
        except BaseException:
            self.__native.cancel()
            raise
        finally:
            worker.join()
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    def __hand_over(self, result, reply):
        if reply.get("file"):
            self.__add_to_vault(reply["data"][0], **reply["file"])
        if reply.get("progress"):
            self.save_progress("{0}", plain(reply["progress"]))
        result.update_data(reply["data"])
        result.update_summary(reply["summary"])
        problems = list(filter(None, map(self.__save, reply.get("containers") or [])))
        if problems:
            raise Failure("{0} containers were not saved and come again: {1}".format(len(problems), problems[0]))

    def __add_to_vault(self, row, path, name, container_id):
        try:
            ok, message, row["vault_id"] = rules.vault_add(container=container_id, file_location=path, file_name=name)
        finally:
            if os.path.exists(path):  # the vault did not move it away
                os.unlink(path)
        if not ok:
            raise Failure("The file could not be put into the vault: {0}".format(message))

    def __save(self, container):
        """Returns what keeps the container from being there."""
        ok, message, number = self.save_container(container)
        if "duplicate container found" not in str(message).lower():
            return None if phantom.is_success(ok) else message or "SOAR gives no reason"
        ok, found, _ = self.get_container_info(number)
        ours = str(self.get_asset_id()), container["label"]
        if phantom.is_fail(ok) or (str(found.get("asset")), found.get("label")) != ours:
            return "container {0} has its identifier, but another asset or label".format(number)
        return None
