#!/usr/bin/python3
"""Stands before the sandbox and takes its place: same options, same ready line, but its credentials cannot be mistaken
for anything else, and it can turn into a server that tells everybody what it was sent.

Beside the sandbox's control calls there is POST /_sandbox/relay {"mode": MODE, "form": FORM, "status": NUMBER}:

  forward   to the sandbox, credentials exchanged for its own (the default)
  refuse    the same with credentials that the sandbox does not know
  error     an error of that status whose body holds the request's head, in that form
  helpful   the sandbox's own good reply, into which the request's head is planted, in that form

and GET /_sandbox/relay: every request's head since the last change, in order.
"""
import base64
import ctypes
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.parse

import wire

TOKEN = 'TLKportal"\\%41/+=Secret{0}<aaaa>'
SOAR_TOKEN = 'TLKsoar"\\%2F/+=Secret{1}<bbbb>'
SOAR_PASSWORD = 'TLKpass "\\%2F/+=Secret{2}<cccc>'
SIGNATURE = "TLKsig%2BSecret%3Ddddd"
EXTERNAL = "EXAMPLE-external-prompt-token" # the sandbox's own

PLANTED = ("path", "fullPath", "hostname", "name", "comments", "username", "message", "label", "displayName", "filename",
           "action_name", "playbook_name", "version", "approvedBy", "user", "reason", "status_message")


def shaped(head, form):
    text = head.decode("latin-1")
    if form == "base64":
        return base64.b64encode(head).decode()
    if form == "shifted":
        return base64.b64encode(b"!" + head.partition(b": ")[2]).decode()
    if form == "percent":
        return urllib.parse.quote(text, safe="")
    if form in ("credentials", "escaped"):  # nothing but the values, so that they are not cut off
        return " ".join(re.findall(r"(?mi)^(?:authorization|ph-auth-token):\s*([^\r\n]*)", text))
    return text


def dumped(value, text, form):
    """As JSON; in the form "escaped" each character of the text as \\u and digits."""
    plain = json.dumps(value)
    if form == "escaped":
        plain = plain.replace(json.dumps(text)[1:-1], "".join("\\u{0:04x}".format(ord(each)) for each in text))
    return plain.encode()


def plant(value, text):
    if isinstance(value, list):
        return [plant(each, text) for each in value]
    if isinstance(value, dict):
        return {name: text if name in PLANTED and isinstance(each, str) else plant(each, text)
                for name, each in value.items()}
    return value


class Relay:
    def __init__(self, options):
        self._inner = subprocess.Popen([os.environ["TL_REAL_SANDBOX"], "--die-with-parent", *options],
                                       stdout=subprocess.PIPE)
        self.ready = json.loads(self._inner.stdout.readline())
        self._port = int(urllib.parse.urlsplit(self.ready["portal"]).port)
        self._mode, self._seen, self._lines = {"mode": "forward"}, [], threading.local()
        self._basic = self._pair(self.ready["soar_user"], SOAR_PASSWORD)
        self._own_basic = self._pair(self.ready["soar_user"], self.ready["soar_password"])
        self.server = wire.Server(self._respond)

    @staticmethod
    def _pair(user, password):
        return "Basic " + base64.b64encode("{0}:{1}".format(user, password).encode()).decode()

    def ready_line(self):
        here = "http://127.0.0.1:{0}".format(self.server.port)
        return json.dumps(dict(self.ready, portal=here + "/portalapi", soar=here, control=here + "/_sandbox", token=TOKEN,
                               soar_token=SOAR_TOKEN, soar_password=SOAR_PASSWORD))

    def stop(self):
        self._inner.terminate()
        self._inner.wait()

    def _respond(self, request):
        if request.target == "/_sandbox/relay":
            return self._control(request)
        if request.target.startswith("/_sandbox"):
            return self._forward(request, exchange=False)
        self._seen.append(request.head)
        mode = self._mode
        if mode["mode"] == "error":
            return self._error(request, mode)
        answer = self._forward(request, exchange=mode["mode"] != "refuse")
        return self._plant(request, answer, mode) if mode["mode"] == "helpful" else answer

    def _control(self, request):
        if request.method == "GET":
            heads = [base64.b64encode(head).decode() for head in self._seen]
            return wire.reply(200, json.dumps(heads).encode())
        self._mode, self._seen = json.loads(request.body), []
        return wire.reply(200, b"{}")

    def _exchange(self, name, value):
        known = {TOKEN: self.ready["token"], SOAR_TOKEN: self.ready["soar_token"], self._basic: self._own_basic}
        return known.get(value, value) if name.lower() in ("authorization", "ph-auth-token") else value

    def _forward(self, request, exchange):
        inner = getattr(self._lines, "line", None)
        if inner is None:
            inner = self._lines.line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        inner.putrequest(request.method, request.target.replace(SIGNATURE, ""), skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in ("connection", "accept-encoding"):
                inner.putheader(name, self._exchange(name, value) if exchange else value)
        inner.endheaders(request.body)
        try:
            answer = inner.getresponse()
            body = answer.read()
        except (http.client.HTTPException, OSError):
            inner.close()
            return None  # a fault of the sandbox's
        body = re.sub(rb"([?&]sig=)(?!TLK)", rb"\g<1>" + SIGNATURE.encode(), body)
        kept = [(name, value) for name, value in answer.getheaders()
                if name.lower() not in ("content-length", "connection", "content-type", "transfer-encoding")]
        return wire.reply(answer.status, body, kept, answer.getheader("Content-Type") or "application/json")

    def _error(self, request, mode):
        text = shaped(request.head, mode["form"])
        if mode["form"] == "text":
            return wire.reply(mode["status"], text.encode("latin-1"), content_type="text/plain")
        body = {"Message": text, "message": text, "failed": True, "LoggerId": text[-60:], "error": text}
        if mode["form"] == "nested":
            body["Message"] = body["message"] = json.dumps({"request": text})
        return wire.reply(mode["status"], dumped(body, text, mode["form"]), [("X-Echo", "yes")])

    def _plant(self, request, answer, mode):
        head, _, body = answer.partition(b"\r\n\r\n") if answer else (b"", b"", b"")
        status = int(head.split(b" ")[1]) if head else 0
        if status != 200 or "_files" in request.target:
            return answer
        text = shaped(request.head, mode["form"])
        pagination = [("pagination", value) for value in re.findall(r"(?mi)^pagination:\s*([^\r\n]*)", head.decode())]
        try:
            tree = plant(json.loads(body), text)
        except ValueError:
            tree = text
        if isinstance(tree, dict):
            tree["echo"] = text
        return wire.reply(200, dumped(tree, text, mode["form"]), pagination)


def main():
    if "--die-with-parent" in sys.argv:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    relay = Relay([option for option in sys.argv[1:] if option != "--die-with-parent"])
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    print(relay.ready_line(), flush=True)
    while not ended.wait(1):
        pass
    relay.stop()


if __name__ == "__main__":
    main()
