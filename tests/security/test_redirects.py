"""Redirects are not followed, and nobody they point to ever sees a credential."""
import os
import shutil
import tempfile
import unittest

import certificates
import product
import wire

STATUSES = (301, 302, 303, 307, 308)
TOKEN, PASSWORD = "REDIRECT-TOKEN-0001", "REDIRECT-PASSWORD-0001"
PORTAL = {"token": TOKEN, "organization": product.ORGANIZATION, "id": product.REQUEST}
CALLS = [  # call, its values; the write is let through to its read first
    ("count", PORTAL), ("get", PORTAL), ("list", PORTAL), ("applications", PORTAL), ("reject", PORTAL),
    ("soar_version", {"token": TOKEN}), ("soar_version", {"user": "u", "password": PASSWORD}),
    ("soar_approvals", {"token": TOKEN}), ("soar_create", {"token": TOKEN}), ("soar_external", {"token": TOKEN, "id": "x" * 43}),
]
ROW = ('{{"approvalRequestId":"{0}","organizationId":"{1}","statusId":1,"threatLockerActionDto":{{"actionType":"execute"}}}}'
       .format(product.REQUEST, product.ORGANIZATION).encode())


class Redirects(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.elsewhere = self.start(wire.Server(lambda request: wire.reply(200, b"{}")))
        self.other = self.start(wire.Server(lambda request: wire.reply(200, b"{}"), host="127.0.0.2"))
        self.secure = self.start(wire.Server(lambda request: wire.reply(200, b"{}"), certificates.server(self.folder)))
        self.location, self.status, self.passes = None, None, False
        self.server = self.start(wire.Server(self.redirect))
        self.url = "http://127.0.0.1:{0}".format(self.server.port)
        self.ca_file = certificates.make(self.folder)[0]

    def start(self, server):
        self.addCleanup(server.stop)
        return server

    def redirect(self, request):
        if self.lets_through(request):
            return self.lets_through(request)
        return wire.reply(self.status, b"{}", [("Location", self.location)])

    def lets_through(self, request):
        """What a write reads before it is sent, and a download before it fetches."""
        if self.passes and "ApprovalRequestGetById" in request.target:
            return wire.reply(200, ROW)
        if self.passes and "FileDownloadDetails" in request.target:
            return wire.reply(200, '{{"filename":"x","fileUrl":"{0}/_files/x?sig=1"}}'.format(self.url).encode())
        return None

    def targets(self):
        port, secure = self.elsewhere.port, self.secure.port
        return ["http://127.0.0.1:{0}/portalapi/x".format(port), "http://127.0.0.2:{0}/x".format(self.other.port),
                "http://localhost:{0}/x".format(port), "//127.0.0.1:{0}/x".format(port),
                "https://127.0.0.1:{0}/x".format(secure), "http://u:p@127.0.0.1:{0}/x".format(port),
                "/portalapi/Somewhere/Else", "file:///etc/hostname", "ftp://127.0.0.1:{0}/x".format(port)]

    def expect_nobody(self, about):
        for server in (self.elsewhere, self.other, self.secure):
            self.assertEqual((0, [], []), (server.connections, server.requests, server.scraps), about)

    def test_no_call_follows_one(self):
        made = 0
        with product.Calls() as calls:
            for status in STATUSES:
                for location in self.targets():
                    for call, values in CALLS:
                        self.status, self.location, self.passes = status, location, call == "reject"
                        self.server.forget()
                        place = {"url": self.url} if call.startswith("soar_") else {"base_url": self.url + "/portalapi"}
                        said = calls.call(call, dict(values, ca_file=self.ca_file, **place))
                        about = (call, status, location, said)
                        self.expect_nobody(about)
                        self.assertRegex(said, r"^protocol|redirects are not followed", about)
                        asked = [request for request in self.server.requests if not self.lets_through(request)]
                        self.assertEqual(1, len(asked), about)
                        made += 1
        print("redirects answered: {0}, followed: 0, connections elsewhere: 0".format(made))

    def test_no_download_follows_one(self):
        """It carries no credentials anyhow; a host that redirects is not one that the server named."""
        path = os.path.join(self.folder, "downloaded")
        self.passes = True
        with product.Calls() as calls:
            for status in STATUSES:
                for location in self.targets():
                    self.status, self.location = status, location
                    self.server.forget()
                    said = calls.call("download", dict(PORTAL, base_url=self.url + "/portalapi", path=path))
                    self.expect_nobody((status, location, said))
                    self.assertRegex(said, "^protocol.*redirects")
                    fetches = [request for request in self.server.requests if "_files" in request.target]
                    self.assertEqual(1, len(fetches))
                    for name in ("Authorization", "ph-auth-token", "ManagedOrganizationId", "Cookie"):
                        self.assertIsNone(fetches[0].header(name))
        self.assertFalse(os.path.exists(path))

    def test_the_other_places_would_have_been_reached(self):
        """By whoever follows: else the tests above would show nothing."""
        self.status = 302
        for location in self.targets()[:2]:
            self.location = location
            product.run(["curl", "-sSL", "--noproxy", "*", self.url])
        self.assertEqual((1, 1), (len(self.elsewhere.requests), len(self.other.requests)))


if __name__ == "__main__":
    unittest.main()
