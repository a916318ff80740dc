"""The native library as a wheel: platforms that take native code in no other form install it by pip."""
import base64
import hashlib
import io
import time
import zipfile

MODULE = "threatlocker_soar"  # the shim looks for the library in this package
TAG = "py3-none-manylinux_2_28_x86_64"
LIBRARY = "libthreatlocker_soar.so"
INIT = '"""Holds {}; the app ThreatLocker Approvals loads it from here."""\n'.format(LIBRARY)


def file_name(version):
    return "{}-{}-{}.whl".format(MODULE, version, TAG)


def wheel(version, library, licences, when):
    """Bytes of the wheel. `library` is the shared library; `licences` is {file name: text}."""
    info = "{}-{}.dist-info".format(MODULE, version)
    members = {
        MODULE + "/__init__.py": INIT.encode(),
        MODULE + "/" + LIBRARY: library,
        info + "/METADATA": metadata(version, licences),
        info + "/WHEEL": "Wheel-Version: 1.0\nGenerator: threatlocker ({})\nRoot-Is-Purelib: false\nTag: {}\n".format(
            version, TAG).encode(),
    }
    for name, text in licences.items():
        members[info + "/" + name] = text.encode()
    members[info + "/RECORD"] = record(members, info + "/RECORD")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, time.gmtime(when)[:6])
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            member.create_system = 3  # Unix: the mode counts
            archive.writestr(member, content)
    return packed.getvalue()


def metadata(version, licences):
    fields = [
        ("Metadata-Version", "2.1"),
        ("Name", MODULE.replace("_", "-")),
        ("Version", version),
        ("Summary", "Native library of the unofficial Splunk SOAR app ThreatLocker Approvals"),
        ("License", "MIT"),
        ("Requires-Python", ">=3.9"),
    ] + [("License-File", name) for name in licences]
    return "".join("{}: {}\n".format(*field) for field in fields).encode()


def record(members, own_name):
    """What is installed, as the wheel format wants it: name, hash, size; its own line without."""
    lines = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append("{},sha256={},{}\n".format(name, digest, len(content)))
    return ("".join(lines) + own_name + ",,\n").encode()
