"""The validator: the app as it is packed keeps every rule, and an app that breaks a rule is found by that rule."""
import contextlib
import copy
import io
import json
import os
import subprocess
import tarfile
import tempfile
import unittest

import app_package
import validate_app
from app_package import FILE, FOLDER, OTHER

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
TOP = "threatlocker/"
MANIFEST = "threatlocker.json"
MAIN = "threatlocker_connector.py"
VIEW = "get_request.html"
LOGO = "logo_threatlocker.svg"
FRAME = "{% extends 'widgets/widget_template.html' %}\n{% load custom_template %}\n"


def packed():
    """{"bare" or "wheel": path} of the archives, around a library that is none. The folder goes with the tests."""
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    library, licence = (os.path.join(folder.name, name) for name in ("libthreatlocker_soar.so", "LICENSE"))
    for path in (library, licence):
        with open(path, "w", encoding="utf-8") as file:
            file.write("Copyright (c) the authors of what is bundled\n")
    with open(os.path.join(SOURCE, "manifests", MANIFEST), encoding="utf-8") as file:
        version = json.load(file)["app_version"]
    out = os.path.join(folder.name, "app")
    subprocess.run(
        ["/usr/bin/python3", "-B", os.path.join(SOURCE, "plugin/package/make_app.py"), "--source", SOURCE, "--version",
         version, "--library", library, "--cjson-license", licence, "--out", out], check=True, capture_output=True)
    name = os.path.join(out, "threatlocker-" + version)
    return {"bare": name + ".tgz", "wheel": name + "-wheel.tgz"}


def setUpModule():
    ARCHIVES.update(packed())
    APPS.update({name: app_package.load(path) for name, path in ARCHIVES.items()})


ARCHIVES, APPS = {}, {}


class Draft:
    """An app to spoil."""

    def __init__(self, app):
        self.files, self.manifest, self.more = dict(app.files), copy.deepcopy(app.manifest), []
        self.actions = {action["action"]: action for action in self.manifest["actions"]}
        self.action = self.actions["get request"]
        self.outputs = {output["data_path"]: output for output in self.action["output"]}
        self.config = self.manifest["configuration"]
        self.files.pop(MANIFEST)

    def app(self):
        files = dict({MANIFEST: json.dumps(self.manifest).encode()}, **self.files)
        return app_package.App([(TOP + path, FILE, content) for path, content in files.items()] + self.more)


# How an app is spoilt: functions that make the function that spoils a draft.


def put(path, text):
    return lambda draft: draft.files.update({path: text.encode()})


def without(path):
    return lambda draft: draft.files.pop(path)


def edit(path, old, new):
    def spoil(draft):
        text = draft.files[path].decode()
        assert old in text, (path, old)
        draft.files[path] = text.replace(old, new, 1).encode()
    return spoil


def add(path, text):
    return lambda draft: draft.files.update({path: draft.files[path] + text.encode()})


def member(name, kind=FILE):
    return lambda draft: draft.more.append((name, kind, b""))


def field(**fields):
    return lambda draft: draft.manifest.update(fields)


def within(*path, **fields):
    """Members of an object of the draft: within("action", "lock", enabled=1). None takes a member away."""
    def spoil(draft):
        found = getattr(draft, path[0])
        for name in path[1:]:
            found = found[name]
        for name, value in fields.items():
            if value is None:
                del found[name]
            else:
                found[name] = value
    return spoil


def output(**fields):
    return lambda draft: draft.action["output"].append(dict({"data_type": "string"}, **fields))


def no_output(path):
    return lambda draft: draft.action["output"].remove(draft.outputs[path])


def no_action(name):
    return lambda draft: draft.manifest["actions"].remove(draft.actions[name])


def no_columns(draft):
    for column in draft.actions["list requests"]["output"]:
        column.pop("column_name", None)
        column.pop("column_order", None)


def view(text):
    return put("more.html", FRAME + "{% block widget_content %}\n" + text + "\n{% endblock %}\n")


def code(text):
    return put("more.py", text + "\n")


def wheel(path, module="native", keys=("pip39_dependencies", "pip313_dependencies"), there=True):
    def spoil(draft):
        if there:
            draft.files[path] = b"zip"
        for key in keys:
            draft.manifest[key] = {"wheel": [{"module": module, "input_file": path}]}
    return spoil


GOOD_WHEEL = "wheels/py3/native-1.0.0-py3-none-manylinux_2_28_x86_64.whl"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}></svg>'
PARAM = ("action", "parameters", "request_id")

MUTANTS = {
    "one_top_folder": [member("other/file.txt"), member("other", FOLDER), member("threatlocker")],
    "folder_name": [member("threat_locker/x"), member("ThreatLocker/x")],
    "member_names": [member("/etc/passwd"), member(TOP + "../../etc/passwd"), member("..")],
    "no_links": [member(TOP + "lib/link.so", OTHER)],
    "no_excluded_names": [member(TOP + name) for name in (
        "__pycache__/x.txt", "ca.pem", "lib/x.pyc", "Makefile", ".gitignore", "ci.yml", "playbooks/a.py", "tests/t.py",
        "build/x", "sample_action.json", ".git/HEAD", "venv/bin/python", "inner.tgz", "test_json/a.json")],
    "one_manifest": [put("another.json", "{}"), put(MANIFEST, "{"), put(MANIFEST, "[]")],
    "no_sdk_app": [put("uv.lock", ""), put("lib/uv.lock", "")],
    "python_package": [without("__init__.py")],
    "python_compiles": [code("match 1:\n    case _:\n        pass"), code("def f(:"), code("x = 1\x00")],
    "schema": [
        field(appid="c3e7a5f2-8d14-1b6e-9f0a-52b1d7e64c38"), field(appid="x"), field(name="TL"), field(package_name=""),
        field(description="lists requests"), field(publisher=""), field(type="security"), field(app_version="1.0"),
        field(main_module="connector.pyc"), field(min_phantom_version="6.3"), field(python_version="2.7"),
        field(python_version=[3.9]), field(fips_compliant="no"), field(latest_tested_versions="6.4"),
        field(contributors=["me"]), field(utctime_updated="today"), field(actions={}), field(configuration=[]),
        field(pip313_dependencies=[]), field(pip39_dependencies={"wheel": [{"module": "x"}]}),
        field(rest_handler="handle"), *[within("manifest", **{key: None}) for key in (
            "appid", "name", "license", "logo", "logo_dark", "product_vendor", "product_name", "product_version_regex",
            "python_version", "main_module")],
        within("config", "api_token", default="secret"), within("config", "api_token", value_list=["a"]),
        within("config", "instance", data_type="text"), within("config", "instance", order=None),
        within("config", "instance", description="letter"), within("config", "timeout", required="yes"),
        within("config", "instance", category="other"), within("config", "instance", visibility="onprem"),
        within("action", description="Get one request."), within("action", description="get one request"),
        within("action", verbose="see"), within("action", type="lookup"), within("action", action="Get request"),
        within("action", action="get"), within("action", read_only="true"), within("action", versions="EQ(1)"),
        within("action", identifier=None), within("action", parameters=None), within("action", output=None),
        within("action", lock={"concurrency": False}), within("action", lock={"enabled": True, "path": "x"}),
        within("action", render={"type": "html"}), within("action", render={"type": "custom"}),
        within(*PARAM, data_type="file"), within(*PARAM, data_type=None), within(*PARAM, primary="yes"),
        within(*PARAM, description="id"), within(*PARAM, contains="ip"), within(*PARAM, value_list="a, b"),
        within(*PARAM, order="0"), within(*PARAM, order=None), output(data_type="string"),
        output(data_path="action_result.summary.x", data_type="x"),
        output(data_path="action_result.summary.x", example_values="x"),
        output(data_path="action_result.summary.x", column_order=-1)],
    "publisher": [field(publisher="Splunk")],
    "extra_fields": [field(**{key: "x"}) for key in (
        "copied_from_id", "copied_from_version", "directory", "version", "appname", "executable", "disabled",
        "custom_made")],
    "python_versions": [field(python_version="3.9"), field(python_version=["3.13"]), field(python_version="3")],
    "min_platform_version": [field(min_phantom_version="6.2.9"), field(min_phantom_version="5.10.0.1")],
    "main_module": [without(MAIN), field(main_module="connector.py")],
    "sequential_order": [
        within("config", "instance", order=99), within("config", "instance", order=1), within(*PARAM, order=7),
        output(data_path="action_result.summary.x", column_name="X", column_order=77)],
    "columns": [output(data_path="action_result.summary.x", column_name="X"),
                output(data_path="action_result.summary.x", column_order=0)],
    "reserved_configuration": [
        within("config", **{name: {"data_type": "string", "description": "X", "order": 24}})
        for name in ("ingest", "directory", "_reserved_x")],
    "fields_should_be_passwords": [
        within("config", "api_token", data_type="string"), within("config", "seal_key", data_type="string"),
        within("config", clientSecret={"data_type": "string", "description": "X", "order": 24})],
    "unique_actions": [within("action", action="list requests"), within("action", identifier="list_requests")],
    "test_connectivity": [
        no_action("test connectivity"), within("actions", "test connectivity", identifier="connect"),
        within("actions", "test connectivity", type="generic")],
    "on_poll": [
        within("actions", "on poll", identifier="poll"), within("actions", "on poll", type="generic"),
        within("actions", "on poll", "parameters", artifact_count=None),
        within("actions", "on poll", "parameters", "start_time", data_type="string"),
        within("actions", "on poll", "parameters", "container_count", required=True)],
    "special_actions_are_bare": [
        within("actions", "test connectivity", render={"type": "json"}),
        within("actions", "on poll", output=[{"data_path": "action_result.status", "data_type": "string"}])],
    "reading_actions": [within("action", read_only=False), within("action", type="generic")],
    "action_param_prefixes": [
        no_output("action_result.parameter.request_id"), output(data_path="action_result.parameter.more"),
        within("action", "parameters", more={"data_type": "string", "description": "X", "order": 2})],
    "action_param_matching": [
        within(*PARAM, contains=["ip"]), within(*PARAM, contains=None), within(*PARAM, data_type="numeric"),
        within("outputs", "action_result.parameter.request_id", contains=None)],
    "minimal_data_paths": [
        *[no_output(path) for path in ("action_result.status", "action_result.message", "summary.total_objects",
                                       "summary.total_objects_successful")],
        within("outputs", "summary.total_objects", data_type="string")],
    "data_paths": [output(data_path=path) for path in (
        "data.*.x", "action_result.data.x", "action_result.summary", "action_result.data.*.a b", "summary.more",
        "action_result.status")],
    "renders": [
        no_columns, without("threatlocker_view.py"), within("action", "render", view="threatlocker_view.other"),
        within("action", "render", view="get_request"), edit("threatlocker_view.py", "def get_request(provides, ",
                                                             "def get_request(")],
    "rest_handler": [field(rest_handler="threatlocker_connector.other"), field(rest_handler="nowhere.handle")],
    "locks": [within("actions", "permit request", "lock", data_path="parameters.other"),
              within("actions", "permit request", "lock", data_path="request_id")],
    "pip313_dependencies": [put("requirements.txt", "")],
    "wheels": [
        put(GOOD_WHEEL, "zip"), wheel(GOOD_WHEEL, there=False), wheel(GOOD_WHEEL, keys=["pip39_dependencies"]),
        wheel(GOOD_WHEEL, keys=["pip313_dependencies"]), wheel(GOOD_WHEEL, module="other"),
        wheel("lib/native-1.0.0-py3-none-manylinux_2_28_x86_64.whl"),
        wheel("wheels/py3/native-1.0.0-py3-none-manylinux_2_36_x86_64.whl"),
        wheel("wheels/py3/native-1.0.0-py3-none-linux_x86_64.whl"),
        wheel("wheels/shared/requests-2.0.0-py3-none-any.whl", module="requests")],
    "empty_consts": [put("threatlocker_consts.py", "")],
    "get_opt_params": [
        code("def handle_get_request(param):\n    return param['organization_id']"),
        code("def initialize(self):\n    config = self.get_config()\n    self.url = config['base_url']"),
        edit(MAIN, 'config.get("ingest")', 'config["soar_url"]')],
    "splunk_supported_debug_print": [code(text) for text in (
        "self.debug_print('x', headers)", "self.debug_print(f'x {auth}')", "self.save_progress('{0}', self.api_token)",
        "debug_print(str(config.password))")],
    "no_other_output": [code("print('x')"), code("import sys\nsys.stdout.write('x')"),
                        code("import logging\nlogging.info('x')")],
    "plain_responses": [code("HttpResponse('x')"), code("http.HttpResponse('x', content_type='text/html')")],
    "no_changed_globals": [code("def f():\n    global x\n    x = 1")],
    "no_removed_modules": [code("import cgi"), code("from distutils.version import X"), code("import os, telnetlib")],
    "line_length": [code("#" + "x" * 145)],
    "logos": [
        without(LOGO), field(logo="logo.png"), put(LOGO, "no XML"), put(LOGO, SVG.format('width="1"')),
        put(LOGO, SVG.format('height="1"')), without("logo_threatlocker_dark.svg"),
        put(LOGO, '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format('width="1" height="1"'))],
    "xss_custom_views": [view(text) for text in (
        "{{ name|safe }}", "{% autoescape off %}{{ name }}{% endautoescape %}", "<a href=\"{{ name }}\">x</a>",
        "{% for row in rows %}{% if row.ok %}{{ row.name }}{% else %}{{ row.name|safe }}{% endif %}{% endfor %}",
        "{% unknown_tag %}")] + [edit(VIEW, "{{ badge.text }}", "{{ badge.text|safe }}"),
                                 edit(VIEW, "fact.raw|escapejs", "fact.raw|safe")],
    "malicious_html": [view("{% autoescape  off %}{% endautoescape %}"), view("{{ name|safe|lower }}"),
                       view("{{ name | safe }}"), view("{{ names|safeseq }}"), code("x = mark_safe(y)")],
    "html_form": [
        put("more.html", "<p>x</p>\n"), put("more.html", "\n" + FRAME), put("more.html", FRAME.splitlines()[0] + "\n"),
        put("more.html", "{% extends 'other.html' %}\n"), view("\t<p>x</p>"), view("   <p>x</p>"),
        put("more.html", FRAME + "{% block other %}{% endblock %}\n")],
    "readme": [add("README.md", "more\n"), without("README.md"), without("manual_readme_content.md"),
               within("action", description="Get another request")],
    "licence": [without("LICENSE"), put("LICENSE", "MIT\n")],
    "notice": [without("NOTICE"), field(name="Another name"),
               put("NOTICE", "Splunk SOAR App: Other\nMIT License\n\nx\n"),
               put("NOTICE", "Splunk SOAR App: ThreatLocker Approvals\nx\n\nx\n"),
               put("NOTICE", "Splunk SOAR App: ThreatLocker Approvals\nMIT License\n")],
    "release_notes": [
        without("release_notes/unreleased.md"), put("release_notes/unreleased.md", ""),
        put("release_notes/unreleased.md", "**Unreleased**\n"), put("release_notes/unreleased.md", "* note\n"),
        put("release_notes/unreleased.md", "**Unreleased**\n\n- note\n"), field(app_version="9.9.9"),
        put("release_notes/unreleased.md", "**Unreleased**\n\n* note\n* another"),
        put("release_notes/unreleased.md", "**Unreleased**\n\n  * nested under nothing\n"),
        put("release_notes/next.md", "* note\n")],
    "markdown_form": [add("README.md", "\n"), add("manual_readme_content.md", "end without newline"),
                      add("manual_readme_content.md", "space \nafter\n")],
    "no_secrets": [
        code("K = '''-----BEGIN PRIVATE KEY-----'''"), code("K = 'AKIA" + "ABCDEFGH" * 2 + "'"),
        code("K = 'ghp_" + "abcdefghi" * 4 + "'"), put("notes.txt", "https://me:word@" + "host/")],
}


class Rules(unittest.TestCase):
    def test_the_app_as_it_is_packed_keeps_every_rule(self):
        for name, app in APPS.items():
            self.assertEqual(validate_app.findings(app), [], name)
            for rule, check in validate_app.RULES.items():
                self.assertEqual(list(check(app)), [], (name, rule))

    def test_a_draft_that_nothing_spoilt_keeps_every_rule(self):
        for name, app in APPS.items():
            self.assertEqual(validate_app.findings(Draft(app).app()), [], name)

    def test_nested_notes_other_good_wheels_and_an_empty_list_of_them_are_in_order(self):
        for spoil in (
                put("release_notes/unreleased.md", "**Unreleased**\n\n* note\n  * more of it\n* another\n"),
                wheel(GOOD_WHEEL), wheel("wheels/shared/native-1.0.0-py3-none-any.whl"),
                field(pip39_dependencies={}, pip313_dependencies={}), field(python_version=["3.9", "3.13"])):
            draft = Draft(APPS["bare"])
            spoil(draft)
            self.assertEqual(validate_app.findings(draft.app()), [])

    def test_every_rule_has_mutants(self):
        self.assertEqual(sorted(MUTANTS), sorted(validate_app.RULES))
        self.assertEqual([rule for rule, mutants in MUTANTS.items() if not mutants], [])

    def test_every_mutant_is_found_by_its_rule(self):
        for rule, mutants in MUTANTS.items():
            for number, spoil in enumerate(mutants):
                with self.subTest(rule=rule, mutant=number):
                    draft = Draft(APPS["bare"])
                    spoil(draft)
                    self.assertTrue(list(validate_app.RULES[rule](draft.app())))

    def test_no_other_finding_hides_that_of_a_rule(self):
        for rule, mutants in MUTANTS.items():
            with self.subTest(rule=rule):
                draft = Draft(APPS["bare"])
                mutants[0](draft)
                self.assertIn(rule, {name for name, _ in validate_app.findings(draft.app())})


class Command(unittest.TestCase):
    def run_on(self, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exit_code = validate_app.main(list(arguments))
        return exit_code, out.getvalue()

    def test_archives_and_folders_are_checked(self):
        with tempfile.TemporaryDirectory() as parent:
            for name, path in ARCHIVES.items():
                self.assertEqual(self.run_on(path), (0, ""), name)
                folder = os.path.join(parent, name)
                with tarfile.open(path) as archive:
                    archive.extractall(folder)
                self.assertEqual(self.run_on(os.path.join(folder, "threatlocker") + "/"), (0, ""), name)

    def test_each_finding_is_a_line(self):
        with tempfile.TemporaryDirectory() as parent:
            with tarfile.open(ARCHIVES["bare"]) as archive:
                archive.extractall(parent)
            folder = os.path.join(parent, "threatlocker")
            os.symlink("/etc/passwd", os.path.join(folder, "link"))
            os.unlink(os.path.join(folder, "__init__.py"))
            self.assertEqual(self.run_on(folder), (
                1, "no_links: threatlocker/link is a link or device\npython_package: __init__.py is missing\n"))

    def test_an_archive_that_leaves_its_folder_is_refused_and_nothing_is_written(self):
        with tempfile.TemporaryDirectory() as parent:
            path = os.path.join(parent, "app.tgz")
            with tarfile.open(path, "w:gz") as archive:
                archive.addfile(tarfile.TarInfo("threatlocker/../../evil"))
                link = tarfile.TarInfo("threatlocker/link")
                link.type, link.linkname = tarfile.SYMTYPE, "/etc"
                archive.addfile(link)
            exit_code, out = self.run_on(path)
            self.assertEqual(exit_code, 1)
            self.assertIn("member_names: threatlocker/../../evil leaves the folder\n", out)
            self.assertIn("no_links: threatlocker/link", out)
            self.assertEqual(os.listdir(parent), ["app.tgz"])

    def test_what_is_no_app_is_an_error(self):
        with tempfile.NamedTemporaryFile(suffix=".tgz") as file:
            file.write(b"no archive")
            file.flush()
            self.assertIn("validate_app.py: " + file.name, self.run_on(file.name)[0])
        self.assertIn("validate_app.py: /nowhere", self.run_on("/nowhere")[0])
        self.assertIn("validate_app.py APP", self.run_on()[0])


if __name__ == "__main__":
    unittest.main()
