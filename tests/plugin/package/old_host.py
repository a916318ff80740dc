"""old_host.py LIBRARY SANDBOX TREE: the plugin loads and works on Debian 11: glibc 2.31, libcurl 7.74, OpenSSL 1.1.1,
Python 3.9, the oldest host that can still be put together from packages. TREE holds it, made when it is not there.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import sandbox
ABOUT = """
import ctypes, platform
version = ctypes.CDLL("libcurl.so.4").curl_version
version.restype = ctypes.c_char_p
print("glibc", platform.libc_ver()[1], "Python", platform.python_version(), version().decode())
"""
MARK = "made"  # in TREE: debootstrap came to its end


def skip(why):
    print("[  SKIPPED ] package/old_host: {}".format(why))
    sys.exit(77)


def fail(why, *details):
    print("FAIL: {}".format(why), *details, sep="\n", file=sys.stderr)
    sys.exit(1)


def mirror():
    """The Debian mirror that this machine's packages come from; where apt does not tell, debootstrap has a default."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"],
        capture_output=True, text=True, check=True).stdout.split()
    return targets[:1]


def make_tree(tree):
    if os.geteuid() != 0:
        skip("debootstrap and chroot want root")
    if os.path.exists(os.path.join(tree, MARK)):
        return
    if shutil.which("debootstrap") is None:
        skip("debootstrap is not installed")
    shutil.rmtree(tree, ignore_errors=True)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=python3,libcurl4", "bullseye", tree] + mirror(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if made.returncode != 0:
        skip("debootstrap got no bullseye: {}".format((made.stdout.splitlines() or ["no word"])[-1]))
    with open(os.path.join(tree, MARK), "wb"):
        pass


def drive(tree, folder, *arguments):
    """What drive.py says there: a line about the plugin, and the reply where an action was run."""
    inside = "/" + os.path.relpath(folder, tree)
    ran = subprocess.run(
        ["chroot", tree, "/usr/bin/python3", "-B", inside + "/drive.py", inside + "/libthreatlocker_soar.so"] +
        [json.dumps(argument) for argument in arguments],
        env={"PATH": os.defpath + ":/usr/sbin"}, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        fail("the plugin did not run", ran.stdout, ran.stderr)
    if ran.stderr:
        fail("something was written to standard error", ran.stderr)
    return ran.stdout.splitlines()


def check_load(tree, folder):
    said = subprocess.run(["chroot", tree, "/usr/bin/python3", "-c", ABOUT], capture_output=True, text=True,
                          check=True).stdout.strip()
    if not re.fullmatch(r"glibc 2\.31 Python 3\.9\.\d+ libcurl/7\.74\.0 OpenSSL/1\.1\.1.*", said):
        fail("the tree is another system", said)
    loaded = drive(tree, folder)[0]
    if not loaded.startswith("interface 1 version "):
        fail("not loaded as expected", loaded)
    print("loaded on {}: {}".format(said, loaded))


def check_failure(tree, folder):
    """No server is there: the action fails, the plugin does not."""
    asset = {"config": {"base_url": "https://127.0.0.1:1/portalapi", "api_token": "0" * 64}, "asset_id": "1"}
    reply = json.loads(drive(tree, folder, asset, {"identifier": "test_connectivity", "parameters": {}})[-1])
    if reply["status"] != "failed" or "connect" not in reply["message"]:
        fail("without a server", reply)
    print("without a server:", reply["message"])


def check_success(tree, folder, program):
    """TLS against the sandbox: the options that this libcurl lacks were done without, the others were set."""
    with sandbox.Sandbox("--tls", program=program) as server:
        shutil.copy(server.ca_file, os.path.join(folder, "ca.pem"))
        asset = {"config": {"base_url": server.portal, "api_token": server.token,
                            "ca_file": "/" + os.path.relpath(os.path.join(folder, "ca.pem"), tree)},
                 "asset_id": "1"}
        reply = json.loads(drive(tree, folder, asset, {"identifier": "count_requests", "parameters": {}})[-1])
    if reply["status"] != "success":
        fail("against the sandbox", reply)
    print("against the sandbox, with TLS:", reply["message"])


def main():
    library, program, tree = sys.argv[1:]
    make_tree(tree)
    with tempfile.TemporaryDirectory(dir=os.path.join(tree, "opt")) as folder:
        os.chmod(folder, 0o755)
        for file in (library, os.path.join(HERE, "drive.py")):
            shutil.copy(file, folder)
        check_load(tree, folder)
        check_failure(tree, folder)
        check_success(tree, folder, program)


main()
