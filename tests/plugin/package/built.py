"""What the tests of the app's archives share: where things are, how the archives are made, what is in them."""
import functools
import io
import os
import shutil
import subprocess
import tarfile
import tempfile

SOURCE, LIBRARY, CJSON_LICENSE, VERSION = (
    os.environ[name] for name in ("TL_SOURCE", "TL_LIBRARY", "TL_CJSON_LICENSE", "TL_VERSION"))
HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
BARE = "threatlocker-{}.tgz".format(VERSION)
WHEELED = "threatlocker-{}-wheel.tgz".format(VERSION)
WHEEL = "threatlocker_soar-{}-py3-none-manylinux_2_28_x86_64.whl".format(VERSION)


def make(out, source=SOURCE, version=VERSION, library=LIBRARY, **options):
    """Runs make_app.py; the caller looks at the outcome."""
    return subprocess.run(
        [PYTHON, "-B", os.path.join(source, "plugin/package/make_app.py"), "--source", source, "--version", version,
         "--library", library, "--cjson-license", CJSON_LICENSE, "--out", out],
        capture_output=True, text=True, check=False, **options)


@functools.lru_cache(None)
def made():
    """{name: bytes} of all archives of this checkout, made once."""
    with tempfile.TemporaryDirectory() as out:
        ran = make(out)
        if ran.returncode != 0:
            raise RuntimeError(ran.stderr)
        return files_below(out)


def files_below(folder):
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def members(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return tar.getmembers()


def contents(archive, folder="threatlocker/"):
    """{path below the app's folder: bytes}"""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name[len(folder):]: tar.extractfile(member).read() for member in tar if member.isfile()}


def copy_of_source(parent):
    """A checkout to spoil, with what make_app.py reads."""
    copy = os.path.join(parent, "checkout")
    for part in ("plugin", "manifests"):
        shutil.copytree(os.path.join(SOURCE, part), os.path.join(copy, part))
    shutil.copy(os.path.join(SOURCE, "LICENSE"), copy)
    return copy
