"""Certificates and TLS servers' settings for tests, by the openssl command."""
import os
import ssl
import subprocess
import warnings


def make(folder, name="stranger"):
    """A self-signed certificate for 127.0.0.1 and localhost: the paths of certificate and key."""
    certificate, key = (os.path.join(folder, name + ending) for ending in (".pem", "-key.pem"))
    if not os.path.exists(certificate):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
                        "-keyout", key, "-out", certificate], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return certificate, key


def server(folder, name="stranger", newest=None):
    """Settings of a server with that certificate; `newest` limits it to that version of TLS and older ones."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make(folder, name))
    if newest:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    return context
