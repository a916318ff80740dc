"""Makes what a SOAR administrator installs: the app with the library as a file, the same app with the library in a
wheel, and one archive for each sample playbook. Nothing but the arguments decides the bytes that are written.
"""
import argparse
import ast
import calendar
import json
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive  # noqa: E402
import readme  # noqa: E402
import wheel  # noqa: E402

FOLDER = "threatlocker"
LIBRARY_PATH = "lib/linux_x86_64/" + wheel.LIBRARY
OLDEST_PYTHON = (3, 9)


class Refused(Exception):
    """Something in the sources that must not be packed, in words for who packs it."""


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def read_text(*path):
    return read(*path).decode()


def read_folder(folder):
    """{path below it: bytes} of all files; Python's caches are none of the app."""
    found = {}
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            found[os.path.relpath(os.path.join(where, name), folder)] = read(where, name)
    return found


def checked_manifest(content, version):
    manifest = json.loads(content)
    if manifest["app_version"] != version:
        raise Refused("the manifest's app_version is {}, the project's version is {}".format(
            manifest["app_version"], version))
    return manifest


def check_files(files, manifest):
    """What would show only when SOAR installs or runs the app."""
    for name, content in files.items():
        if name.endswith(".py"):
            ast.parse(content, name, feature_version=OLDEST_PYTHON)
        if "/" not in name and name.endswith(".json"):
            raise Refused("{}: the manifest is the only JSON at the top of an app".format(name))
    wanted = [manifest[key] for key in ("main_module", "logo", "logo_dark")]
    wanted += ["__init__.py", "release_notes/unreleased.md", "release_notes/{app_version}.md".format(**manifest)]
    for name in wanted:
        if name not in files:
            raise Refused("plugin/app/{} is missing".format(name))


def notice(manifest, license_line, cjson_license):
    return (
        "Splunk SOAR App: {name}\n{license}\n\nUnofficial: not made or endorsed by ThreatLocker or Splunk.\n\n"
        "Third Party Software Attributions:\n\n"
        "Library: cJSON, compiled into {library}\nLicense: MIT\n\n{cjson}".format(
            name=manifest["name"], license=license_line, library=wheel.LIBRARY, cjson=cjson_license.strip() + "\n"))


def app_files(arguments, manifest):
    """The app without the library and the manifest: {path: bytes}."""
    source = arguments.source
    files = read_folder(os.path.join(source, "plugin/app"))
    check_files(files, manifest)
    licence = read_text(source, "LICENSE")
    made = {
        "LICENSE": licence,
        "NOTICE": notice(manifest, licence_line(licence), read_text(arguments.cjson_license)),
        "README.md": readme.readme(manifest, files["manual_readme_content.md"].decode()),
    }
    for name, text in made.items():
        if name in files:
            raise Refused("{} is made here, it cannot lie in plugin/app".format(name))
        files[name] = text.encode()
    return files


def licence_line(licence):
    """"MIT License, Copyright (c) …": the first two lines that say something."""
    return ", ".join([line for line in licence.splitlines() if line][:2])


def with_wheel(manifest, version):
    """Bytes of the manifest that has SOAR install the wheel, under each Python it runs apps with."""
    dependency = {"module": wheel.MODULE, "input_file": "wheels/py3/" + wheel.file_name(version)}
    for key in ("pip39_dependencies", "pip313_dependencies"):
        manifest = dict(manifest, **{key: {"wheel": [dependency]}})
    return (json.dumps(manifest, indent=4, ensure_ascii=False) + "\n").encode()


def pack(files, when):
    return archive.tgz({FOLDER + "/" + name: content for name, content in files.items()}, when)


def playbooks(source):
    """{name: {file: bytes}}: a playbook is a Python and a JSON file of one name."""
    files = read_folder(os.path.join(source, "plugin/playbooks"))
    found = {}
    for name, content in files.items():
        stem, kind = os.path.splitext(name)
        if kind == ".py":
            if stem + ".json" not in files:
                raise Refused("{}: a playbook's JSON is missing".format(name))
            found[stem] = {name: content, stem + ".json": files[stem + ".json"]}
    return found


def make(arguments):
    """{path below the folder of built things: bytes}"""
    manifest_bytes = read(arguments.source, "manifests/threatlocker.json")
    manifest = checked_manifest(manifest_bytes, arguments.version)
    when = calendar.timegm(time.strptime(manifest["utctime_updated"], "%Y-%m-%dT%H:%M:%S.%fZ"))
    version, library = arguments.version, read(arguments.library)
    files = app_files(arguments, manifest)
    bare = dict(files, **{"threatlocker.json": manifest_bytes, LIBRARY_PATH: library})
    licences = {name: files[name].decode() for name in ("LICENSE", "NOTICE")}
    wheeled = dict(files, **{
        "threatlocker.json": with_wheel(manifest, version),
        "wheels/py3/" + wheel.file_name(version): wheel.wheel(version, library, licences, when),
    })
    made = {
        "threatlocker-{}.tgz".format(version): pack(bare, when),
        "threatlocker-{}-wheel.tgz".format(version): pack(wheeled, when),
    }
    for name, pair in playbooks(arguments.source).items():
        made["playbooks/{}.tgz".format(name)] = archive.tgz(pair, when, mode=0o660)
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", required=True, help="the checkout")
    parser.add_argument("--version", required=True, help="the project's version; the manifest must say the same")
    parser.add_argument("--library", required=True, help="the portable " + wheel.LIBRARY)
    parser.add_argument("--cjson-license", required=True, help="licence of the cJSON that is compiled in")
    parser.add_argument("--out", required=True, help="folder of what is made; what it holds is replaced")
    arguments = parser.parse_args()
    try:
        made = make(arguments)
    except (Refused, OSError, SyntaxError, ValueError) as reason:
        sys.exit("make_app.py: {}".format(reason))
    shutil.rmtree(arguments.out, ignore_errors=True)
    for name, content in sorted(made.items()):
        path = os.path.join(arguments.out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        print(path)


main()
