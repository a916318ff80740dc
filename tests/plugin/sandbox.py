"""A sandbox process and its control path (tests/sandbox/README.md). TL_SANDBOX names the program."""
import json
import os
import subprocess
import urllib.error
import urllib.request

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Sandbox:
    def __init__(self, *options, program=None):
        self._process = subprocess.Popen([program or os.environ["TL_SANDBOX"], "--die-with-parent", *options],
                                         stdout=subprocess.PIPE)
        ready = json.loads(self._process.stdout.readline())
        self.portal, self.soar, self.control = ready["portal"], ready["soar"], ready["control"]
        self.token, self.soar_token = ready["token"], ready["soar_token"]
        self.soar_user, self.soar_password, self.ca_file = ready["soar_user"], ready["soar_password"], ready["ca_file"]
        self.organization_id = ready["organization_id"]

    def stop(self):
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request("{0}/{1}".format(self.control, path), data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        with _direct.open(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def post(self, path, **body):
        return self.call("POST", path, body)

    def reset(self):
        self.call("POST", "reset", {})

    def calls(self, part=""):
        return [call for call in self.call("GET", "calls") if part in call["path"]]

    def request(self, request_id):
        """The sandbox's own view: statusId, and how often each write was applied."""
        found, = [request for request in self.call("GET", "state")["requests"]
                  if request["approvalRequestId"] == request_id]
        return found
