"""What Splunk's validators want of the manifest beside its form (app_schema.py), and what it refers to."""
import ast
import re

from jsonschema.validators import Draft202012Validator

import app_schema

BANNED = ("copied_from_id", "copied_from_version", "directory", "version", "appname", "executable", "disabled",
          "custom_made")
RESERVED = ("app_version", "appname", "directory", "ingest", "main_module")  # SOAR's own, beside the asset's fields
OLDEST_SOAR = (6, 3, 0)
TESTS = ("test_connectivity", "test_asset_connectivity")
SPECIAL = ("test connectivity", "on poll")
POLL = {"container_id": "string", "start_time": "numeric", "end_time": "numeric", "container_count": "numeric",
        "artifact_count": "numeric"}
MANDATORY = {"action_result.status": "string", "action_result.message": "string", "summary.total_objects": "numeric",
             "summary.total_objects_successful": "numeric"}
DATA_PATH = re.compile(
    r"action_result\.(status|message|parameter\.\w+|(data\.\*|summary)(\.(\w+|\*))+)"
    r"|summary\.total_objects(_successful)?")
# SOAR has them already; another one beside it breaks other apps.
PROVIDED = ("beautifulsoup4", "soupsieve", "parse", "python_dateutil", "six", "requests", "certifi",
            "charset_normalizer", "idna", "urllib3", "sh", "xmltodict")
WHEEL = re.compile(r"wheels/(py3|py39|py313|shared)/(\w+)-[\w.]+-\w+-\w+-(any|manylinux_2_28_x86_64)\.whl")


def schema(app):
    for error in Draft202012Validator(app_schema.MANIFEST).iter_errors(app.manifest):
        yield "{}: {}".format("/".join(map(str, error.path)) or "manifest", error.message[:200])


def usual(app):
    """The actions that have outputs: all but SOAR's own two."""
    return [action for action in app.manifest["actions"] if action["action"] not in SPECIAL]


def named(app, name):
    return [action for action in app.manifest["actions"] if action["action"] == name]


def paths(action):
    return {output["data_path"]: output for output in action["output"]}


def publisher(app):
    if app.manifest["publisher"] == "Splunk":
        yield "the publisher is not Splunk"


def extra_fields(app):
    yield from ("{} must not be there".format(key) for key in BANNED if key in app.manifest)


def python_versions(app):
    versions = app.manifest["python_version"]
    versions = re.split(r",\s*", versions) if isinstance(versions, str) else versions
    yield from ("python_version lacks {}".format(wanted) for wanted in ("3.9", "3.13") if wanted not in versions)


def min_platform_version(app):
    if tuple(map(int, app.manifest["min_phantom_version"].split("."))) < OLDEST_SOAR:
        yield "min_phantom_version is below 6.3.0"


def main_module(app):
    if app.manifest["main_module"] not in app.files:
        yield "{} is missing".format(app.manifest["main_module"])


def sequential_order(app):
    orders = {"configuration": [field["order"] for field in app.manifest["configuration"].values()]}
    for action in app.manifest["actions"]:
        if action["action"] != "on poll":
            fields = action["parameters"].values()
            orders["parameters of " + action["action"]] = [field["order"] for field in fields]
            orders["columns of " + action["action"]] = [
                output["column_order"] for output in action["output"] if "column_order" in output]
    yield from ("{}: the order is not 0, 1, 2 …".format(what) for what, order in orders.items()
                if sorted(order) != list(range(len(order))))


def columns(app):
    for action in app.manifest["actions"]:
        for output in action["output"]:
            if ("column_name" in output) != ("column_order" in output):
                yield "{}, {}: a column has a name and an order".format(action["action"], output["data_path"])


def reserved_configuration(app):
    yield from ("{} is SOAR's own".format(name) for name in app.manifest["configuration"]
                if name in RESERVED or name.startswith("_reserved_"))


def fields_should_be_passwords(app):
    for name, field in app.manifest["configuration"].items():
        if field["data_type"] != "password" and any(
                word in name.lower() for word in ("key", "password", "token", "secret")):
            yield "{} is a secret by its name, but no password".format(name)


def unique_actions(app):
    for key in ("action", "identifier"):
        seen = [action[key] for action in app.manifest["actions"]]
        yield from ("more than one {} {}".format(key, value) for value in sorted(set(seen)) if seen.count(value) > 1)


def test_connectivity(app):
    actions = named(app, "test connectivity")
    if not actions:
        yield "there is no action of that name"
    for action in actions:
        if action["identifier"] not in TESTS or action["type"] != "test":
            yield "its identifier is test_connectivity, its type test"


def on_poll(app):
    for action in named(app, "on poll"):
        if action["identifier"] != "on_poll" or action["type"] != "ingest":
            yield "its identifier is on_poll, its type ingest"
        if {name: field["data_type"] for name, field in action["parameters"].items()} != POLL:
            yield "its parameters are {}".format(", ".join(POLL))
        yield from ("{} is required".format(name) for name, field in action["parameters"].items()
                    if field.get("required"))


def special_actions_are_bare(app):
    for action in app.manifest["actions"]:
        if action["action"] in SPECIAL and (action["output"] or "render" in action):
            yield "{} has neither outputs nor a view".format(action["action"])


def reading_actions(app):
    for action in usual(app):
        if action["action"].split()[0] in ("get", "list", "lookup") and not (
                action["type"] == "investigate" and action["read_only"]):
            yield "{} is of type investigate and read_only".format(action["action"])


def action_param_prefixes(app):
    """An output for each parameter, and none for what is no parameter. Passwords are never handed out."""
    for action in usual(app):
        wanted = {"action_result.parameter." + name for name, field in action["parameters"].items()
                  if field["data_type"] != "password"}
        there = {path for path in paths(action) if path.startswith("action_result.parameter.")}
        yield from ("{}: {} is missing".format(action["action"], path) for path in sorted(wanted - there))
        yield from ("{}: {} is too much".format(action["action"], path) for path in sorted(there - wanted))


def action_param_matching(app):
    """The output of a parameter has its type, and its `contains`."""
    for action in usual(app):
        for name, field in action["parameters"].items():
            output = paths(action).get("action_result.parameter." + name, field)
            yield from ("{}: {} of the output of {} differs".format(action["action"], key, name)
                        for key in ("data_type", "contains") if output.get(key) != field.get(key))


def minimal_data_paths(app):
    for action in usual(app):
        for path, data_type in MANDATORY.items():
            if paths(action).get(path, {}).get("data_type") != data_type:
                yield "{}: {} of type {} is missing".format(action["action"], path, data_type)


def data_paths(app):
    for action in usual(app):
        seen = [output["data_path"] for output in action["output"]]
        for path in sorted(set(seen)):
            if not DATA_PATH.fullmatch(path):
                yield "{}: {} is no data path".format(action["action"], path)
            if seen.count(path) > 1:
                yield "{}: {} more than once".format(action["action"], path)


def functions(app, module):
    tree = app.trees.get(module + ".py", ast.Module(body=[], type_ignores=[]))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def renders(app):
    """A table has columns, a view is a function of three arguments that the app has."""
    for action in usual(app):
        render = action.get("render", {})
        if render.get("type") == "table" and not any("column_name" in output for output in action["output"]):
            yield "{}: a table without columns".format(action["action"])
        if render.get("type") == "custom":
            module, _, name = render["view"].partition(".")
            view = functions(app, module).get(name)
            if not view or len(view.args.args) != 3:
                yield "{}: there is no view {}".format(action["action"], render["view"])


def rest_handler(app):
    if "rest_handler" in app.manifest:
        module, _, name = app.manifest["rest_handler"].partition(".")
        if name not in functions(app, module):
            yield "there is no function {}".format(app.manifest["rest_handler"])


def locks(app):
    for action in usual(app):
        path = action.get("lock", {}).get("data_path")
        if path and path not in ["parameters." + name for name in action["parameters"]]:
            yield "{}: the lock's {} is no parameter".format(action["action"], path)


def pip313_dependencies(app):
    if "requirements.txt" in app.files and "pip313_dependencies" not in app.manifest:
        yield "requirements.txt is there, pip313_dependencies is not"


def wheels(app):
    """Each wheel is named for every Python that runs the app, and lies where it is said to."""
    lists = [app.manifest.get(key, {}).get("wheel", []) for key in ("pip39_dependencies", "pip313_dependencies")]
    shipped = set(app.ending(".whl"))
    for python, other, wheel_list in zip(("3.9", "3.13"), ("py313", "py39"), lists):
        listed = {wheel["input_file"] for wheel in wheel_list}
        wanted = {path for path in shipped if not path.startswith("wheels/{}/".format(other))}
        yield from ("{} is missing".format(path) for path in sorted(listed - shipped))
        yield from ("Python {} does not get {}".format(python, path) for path in sorted(wanted - listed))
        for wheel in wheel_list:
            name = WHEEL.fullmatch(wheel["input_file"])
            if not name or name.group(2) != wheel["module"]:
                yield "{} is no place or name for a wheel of {}".format(wheel["input_file"], wheel["module"])
            if wheel["module"] in PROVIDED:
                yield "{} is provided by SOAR".format(wheel["module"])


FORM = {"schema": schema}
RULES = {rule.__name__: rule for rule in (
    publisher, extra_fields, python_versions, min_platform_version, main_module, sequential_order, columns,
    reserved_configuration, fields_should_be_passwords, unique_actions, test_connectivity, on_poll,
    special_actions_are_bare, reading_actions, action_param_prefixes, action_param_matching, minimal_data_paths,
    data_paths, renders, rest_handler, locks, pip313_dependencies, wheels)}
