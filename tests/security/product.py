"""Single calls through each face of the product, in processes of their own."""
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REQUEST, OWN = ("0e000000-0000-4000-8000-00000000" + digits for digits in ("1003", "1011"))
ORGANIZATION = "0a000000-0000-4000-8000-000000000043"


def clean_environment(**more):
    """None of the variables that the product reads but those given."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and not name.startswith(("THREATLOCKER_", "SOAR_", "SSL", "CURL_"))}
    return dict(kept, **more)


def spell(value):
    """For one_call."""
    return "".join(chr(byte) if 0x20 < byte < 0x7f and byte != 0x25 else "%{0:02x}".format(byte) for byte in value.encode())


def run(words, environment=None, **options):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, cwd=ROOT,
                          env=environment or clean_environment(), check=False, **options)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


class Calls:
    """A process that makes calls of the C API, one after another."""

    def __init__(self, environment=None):
        self._process = subprocess.Popen([os.environ["TL_ONE_CALL"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         env=environment or clean_environment())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.communicate()

    def call(self, call, values):
        """What one_call.c prints of it."""
        words = [call] + ["{0}={1}".format(name, spell(value)) for name, value in values.items()]
        self._process.stdin.write((" ".join(words) + "\n").encode())
        self._process.stdin.flush()
        return self._process.stdout.readline().decode("utf-8", "replace")


def call_c(call, values, environment=None):
    """One call in a process of its own."""
    with Calls(environment) as calls:
        return calls.call(call, values)


def command(arguments, **environment):
    """The command: exit code, standard output and standard error in one."""
    code, out, err = run([os.environ["TL_LUA"], "lua/bin/threatlocker", *arguments], clean_environment(**environment))
    return code, out + err


def lua(script, *arguments, **environment):
    """A script with the module: what it prints."""
    code, out, err = run([os.environ["TL_LUA"], "-e", script, os.devnull, *arguments], clean_environment(**environment))
    if code:
        raise AssertionError(err)
    return out
