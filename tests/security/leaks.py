"""Searching outputs for secrets: by bytes, and in every form that gives the bytes away."""
import base64
import json
import os
import urllib.parse


def _base64_forms(raw):
    """The digits that these bytes alone decide, at each of the three places where they can begin; both alphabets."""
    for before, begin in ((0, 0), (1, 2), (2, 3)):
        digits = base64.b64encode(bytes(before) + raw)[begin:(before + len(raw)) * 8 // 6]
        yield digits
        yield digits.translate(bytes.maketrans(b"+/", b"-_"))


def _lower_percent(spelt):
    parts = spelt.split("%")
    return "%".join(parts[:1] + [part[:2].lower() + part[2:] for part in parts[1:]]).encode()


def forms(secret):
    """name -> bytes; a secret is bytes."""
    found = {"bytes": secret, "hex": secret.hex().encode(), "HEX": secret.hex().upper().encode()}
    for at, digits in enumerate(_base64_forms(secret)):
        found["base64/{0}".format(at)] = digits
    for name, keep in (("all", ""), ("path", "/"), ("query", "!$&'()*+,;=:@/?")):
        spelt = urllib.parse.quote_from_bytes(secret, safe=keep)
        found["percent " + name], found["Percent " + name] = _lower_percent(spelt), spelt.encode()
    text = secret.decode("utf-8", "replace")
    escaped = json.dumps(text)[1:-1]
    found["JSON"] = escaped.encode()
    found["JSON, slashes escaped"] = escaped.replace("/", "\\/").encode()
    found["JSON in JSON"] = json.dumps(escaped)[1:-1].encode()
    found["JSON of bytes"] = json.dumps(secret.decode("latin-1"))[1:-1].encode()
    found["HTML"] = (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")).encode()
    found["UTF-16"] = text.encode("utf-16-le")
    return found


class Search:
    """Collects outputs and finds secrets in them. `allowed` holds (secret, beginning of the output's name): where a
    secret is promised to whoever asked for it."""

    def __init__(self, secrets, allowed=()):
        self._secrets, self._allowed = secrets, allowed
        self._needles = [(name, form, needle) for name, secret in secrets.items()
                         for form, needle in forms(secret).items()]
        self.outputs, self.bytes, self.found, self.permitted = 0, 0, [], set()

    def look(self, output, data):
        """`output` names where the bytes come from."""
        self.outputs += 1
        self.bytes += len(data)
        for name, form, needle in self._needles:
            at = data.find(needle)
            if at < 0:
                continue
            exception = next((each for each in self._allowed if each[0] == name and output.startswith(each[1])), None)
            if exception:
                self.permitted.add(exception)
            else:
                around = data[max(0, at - 80):at + len(needle) + 40]
                self.found.append("{0} as {1} in {2}: {3!r}".format(name, form, output, around))

    def look_into(self, output, folder):
        """All files below a folder, and their names."""
        for path, _, names in os.walk(folder):
            for name in names:
                self.look(output + " name", os.path.join(path, name).encode("utf-8", "surrogateescape"))
                with open(os.path.join(path, name), "rb") as file:
                    self.look("{0} {1}".format(output, name), file.read())
