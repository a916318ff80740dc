"""No environment variable and no file in a home folder weakens TLS or sends a call elsewhere: a stranger stays one.

OPENSSL_CONF is OpenSSL's own. A file that it names is read when libcurl starts, and can set OpenSSL's defaults. It cannot
switch off the verification or lower the version below TLS 1.2, which libcurl sets for each connection (tested here). But
it can make OpenSSL load a module, which is code: whoever sets it for this process owns the process, as with LD_PRELOAD,
LUA_PATH, LUA_CPATH or PYTHONPATH. That is not defended against."""
import os
import shutil
import ssl
import tempfile
import unittest

import certificates
import product
import wire

TOKEN = "ENVIRONMENT-TOKEN-0001"
OPENSSL_CONF = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = weak
[weak]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
VerifyMode = None
"""


class Environment(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.home = os.path.join(self.folder, "home")
        os.mkdir(self.home)
        self.stranger = self.start(certificates.server(self.folder))
        self.url = "https://127.0.0.1:{0}".format(self.stranger.port)

    def start(self, context=None):
        server = wire.Server(lambda request: wire.reply(403 if request.method == "CONNECT" else 200, b"1"), context)
        self.addCleanup(server.stop)
        return server

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def variables(self):
        """Each is tried alone, then all together."""
        self.write("home/.curlrc", "insecure\nproxy = http://127.0.0.1:9\n")
        self.write("home/.netrc", "default login u password NETRC-PASSWORD\n")
        return {
            "CURL_CA_BUNDLE": certificates.make(self.folder)[0],
            "CURL_SSL_BACKEND": "gnutls",
            "SSL_NO_VERIFY": "1", "CURL_INSECURE": "1", "PYTHONHTTPSVERIFY": "0", "NODE_TLS_REJECT_UNAUTHORIZED": "0",
            "OPENSSL_CONF": self.write("openssl.cnf", OPENSSL_CONF), "OPENSSL_MODULES": self.folder,
            "HOME": self.home, "CURL_HOME": self.home, "XDG_CONFIG_HOME": self.home,
            "NETRC": self.write("netrc", "default login u password NETRC-PASSWORD\n"),
            "GNUTLS_SYSTEM_PRIORITY_FILE": self.write("gnutls", "[overrides]\nenabled-version = tls1.0\n"),
            "http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9", "no_proxy": "*",
        }

    def expect_tls(self, about, server, url, environment, **extra):
        """No call gets through, and not a byte of HTTP is sent."""
        with product.Calls(environment) as calls:
            for call, values in (("count", {"base_url": url + "/portalapi", "token": TOKEN}),
                                 ("soar_version", {"url": url, "token": TOKEN}),
                                 ("soar_version", {"url": url, "user": "u", "password": "p"})):
                said = calls.call(call, dict(values, **extra))
                self.assertTrue(said.startswith("tls|0|no|"), (about, said))
        self.assertEqual(([], []), (server.requests, server.scraps), about)

    def test_a_stranger_stays_one_whatever_is_set(self):
        variables = self.variables()
        sets = [{name: value} for name, value in variables.items()] + [{}]
        sets.append({name: value for name, value in variables.items() if name != "CURL_SSL_BACKEND"})
        for chosen in sets:
            self.stranger.forget()
            self.expect_tls(sorted(chosen), self.stranger, self.url, product.clean_environment(**chosen))
        print("environments tried: {0}, calls: {1}, requests that a stranger got: 0".format(len(sets), 3 * len(sets)))

    def test_variables_of_openssl_name_other_cas_and_ca_file_wins(self):
        """SSL_CERT_FILE and SSL_CERT_DIR say which CAs the system trusts, as for every program with OpenSSL: documented,
        not refused. With ca_file they count for nothing."""
        other = certificates.make(self.folder, "other")[0]
        for variable, value in (("SSL_CERT_FILE", certificates.make(self.folder)[0]), ("SSL_CERT_DIR", self.folder)):
            environment = product.clean_environment(**{variable: value})
            self.expect_tls(variable, self.stranger, self.url, environment, ca_file=other)

    def test_a_known_server_is_spoken_to(self):
        said = product.call_c("count", {"base_url": self.url, "token": TOKEN, "ca_file": certificates.make(self.folder)[0]})
        self.assertTrue(said.startswith("ok|"), said)
        self.assertEqual(1, len(self.stranger.requests))

    def test_tls_keys_are_not_written(self):
        said = product.call_c("count", {"base_url": self.url, "token": TOKEN},
                              product.clean_environment(SSLKEYLOGFILE=os.path.join(self.folder, "keys")))
        self.assertRegex(said, r"^config\|0\|no\|SSLKEYLOGFILE")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "keys")))

    def test_old_versions_of_tls_are_not_spoken(self):
        """Also with a configuration of OpenSSL that would allow them, and though the certificate is trusted."""
        trusted = certificates.make(self.folder)[0]
        weak = product.clean_environment(OPENSSL_CONF=self.write("openssl.cnf", OPENSSL_CONF))
        for newest in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            server = self.start(certificates.server(self.folder, newest=newest))
            for environment in (product.clean_environment(), weak):
                self.expect_tls(newest, server, "https://127.0.0.1:{0}".format(server.port), environment, ca_file=trusted)
        # ... which does work for a client that wants it: else nothing was shown.
        code, out, _ = product.run(["openssl", "s_client", "-connect", "127.0.0.1:{0}".format(server.port), "-tls1_1",
                                    "-cipher", "ALL:@SECLEVEL=0"])
        self.assertRegex(out, "Protocol *: TLSv1.1", code)

    def test_a_proxy_from_the_environment_never_sees_a_token(self):
        """It gets a CONNECT without credentials of ours; a loopback address goes past it."""
        proxy = self.start()
        environment = product.clean_environment(https_proxy="http://127.0.0.1:{0}".format(proxy.port),
                                                http_proxy="http://127.0.0.1:{0}".format(proxy.port))
        product.call_c("count", {"base_url": "https://portal.example.com/portalapi", "token": TOKEN}, environment)
        self.assertTrue(proxy.requests)
        for request in proxy.requests:
            self.assertEqual("CONNECT", request.method)
            self.assertNotIn(TOKEN.encode(), request.head)
        proxy.forget()
        plain = self.start()
        said = product.call_c("count", {"base_url": "http://127.0.0.1:{0}".format(plain.port), "token": TOKEN}, environment)
        self.assertTrue(said.startswith("ok|"), said)
        self.assertEqual([], proxy.requests)

    def test_no_file_of_the_home_folder_adds_credentials(self):
        self.variables()
        plain = self.start()
        environment = product.clean_environment(HOME=self.home, CURL_HOME=self.home, NETRC=os.path.join(self.folder, "netrc"))
        product.call_c("count", {"base_url": "http://127.0.0.1:{0}".format(plain.port), "token": TOKEN}, environment)
        self.assertEqual(TOKEN, plain.requests[0].header("Authorization"))

    def test_the_command_and_the_module_hold_to_it(self):
        environment = {"THREATLOCKER_API_KEY": TOKEN, "THREATLOCKER_BASE_URL": self.url, "CURL_CA_BUNDLE":
                       certificates.make(self.folder)[0], "OPENSSL_CONF": self.write("openssl.cnf", OPENSSL_CONF)}
        code, said = product.command(["count", "--retries", "0"], **environment)
        self.assertEqual((1, True), (code, "(tls)" in said), said)
        said = product.lua('print((select(3, require "threatlocker".client():count())))', **environment)
        self.assertEqual("tls\n", said)
        self.assertEqual([], self.stranger.requests)


if __name__ == "__main__":
    unittest.main()
