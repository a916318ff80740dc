"""The form of an app's manifest, as Splunk's documentation, schema and builder want it."""

TYPES = (
    "devops", "email", "endpoint", "identity management", "information", "network device", "network security",
    "reputation", "sandbox", "siem", "ticketing", "firewall", "virtualization", "forensic", "investigative",
    "threat intel", "generic", "directory service", "internal", "vulnerability scanner")

TEXT = {"type": "string"}
NAME = {"type": "string", "minLength": 3}
BOOLEAN = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}
WHOLE = {"type": "integer", "minimum": 0}
SENTENCE = {"type": "string", "pattern": r"^[^a-z]"}  # does not start with a small letter


def objects(required, properties, **more):
    return dict({"type": "object", "required": required, "properties": properties}, **more)


FIELD = {
    "description": SENTENCE, "required": BOOLEAN, "order": WHOLE, "value_list": {"type": "array", "minItems": 1},
    "contains": TEXTS}

CONFIGURATION = objects(
    ["data_type", "description", "order"],
    dict(FIELD, data_type={"enum": [
        "string", "numeric", "boolean", "password", "ph", "timezone", "file", "object", "array"]},
        visibility=TEXTS, category={"enum": ["connectivity", "action", "ingest"]}),
    **{"if": {"properties": {"data_type": {"const": "password"}}},
       "then": {"properties": {"default": {"const": ""}, "value_list": False}}})

PARAMETER = objects(
    ["data_type", "description", "order"],
    dict(FIELD, data_type={"enum": ["string", "numeric", "boolean", "password", "ph"]}, primary=BOOLEAN,
         allow_list=BOOLEAN))

OUTPUT = objects(
    ["data_path", "data_type"],
    {"data_path": TEXT, "data_type": {"enum": ["string", "numeric", "boolean"]}, "contains": TEXTS,
     "example_values": {"type": "array", "minItems": 1}, "column_name": TEXT, "column_order": WHOLE, "map_info": TEXT})

ACTION = objects(
    ["action", "description", "type", "identifier", "read_only", "parameters", "output", "versions"],
    {
        "action": {"type": "string", "pattern": "^[a-z0-9]+( [a-z0-9]+)+$"},
        "description": {"type": "string", "pattern": r"^[^a-z][\s\S]*[^.]$"},
        "verbose": SENTENCE,
        "type": {"enum": ["generic", "investigate", "contain", "correct", "test", "ingest"]},
        "identifier": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "read_only": BOOLEAN,
        "versions": {"const": "EQ(*)"},
        "lock": objects(["enabled"], {"enabled": BOOLEAN, "concurrency": BOOLEAN, "data_path": TEXT,
                                      "timeout": {"type": "integer", "minimum": 1}}, additionalProperties=False),
        "undo": TEXT,
        "deprecated": BOOLEAN,
        "parameters": {"type": "object", "additionalProperties": PARAMETER},
        "output": {"type": "array", "items": OUTPUT},
        "render": objects(["type"], {"type": {"enum": ["table", "custom", "json"]}, "title": TEXT, "menu_name": TEXT,
                                     "width": {"type": "number"}, "height": {"type": "number"}, "view": TEXT},
                          **{"if": {"properties": {"type": {"const": "custom"}}}, "then": {"required": ["view"]}}),
    })

DEPENDENCIES = objects([], {
    "wheel": {"type": "array", "items": objects(["module", "input_file"], {"module": TEXT, "input_file": TEXT})},
    "pypi": {"type": "array", "items": objects(["module"], {"module": TEXT})}})

MANIFEST = objects(
    ["actions", "app_version", "appid", "configuration", "description", "license", "logo", "logo_dark", "main_module",
     "min_phantom_version", "name", "package_name", "product_name", "product_vendor", "product_version_regex",
     "publisher", "python_version", "type"],
    {
        "appid": {"type": "string",
                  "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"},
        "name": NAME,
        "package_name": NAME,
        "description": SENTENCE,
        "publisher": {"type": "string", "minLength": 1},
        "type": {"enum": list(TYPES)},
        "license": TEXT,
        "main_module": {"type": "string", "pattern": r"\.py$"},
        "app_version": {"type": "string", "pattern": "^[0-9]+[.][0-9]+[.][0-9]+$"},
        "utctime_updated": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$"},
        "product_vendor": TEXT,
        "product_name": TEXT,
        "product_version_regex": TEXT,
        "min_phantom_version": {"type": "string", "pattern": r"^(\d+\.){2,3}\d+$"},
        "fips_compliant": BOOLEAN,
        "python_version": {"oneOf": [
            {"type": "string", "pattern": r"^3(\.\d+)?(,\s*3(\.\d+)?)*$"},
            {"type": "array", "items": {"type": "string", "pattern": r"^3(\.\d+)?$"}}]},
        "latest_tested_versions": TEXTS,
        "contributors": {"type": "array", "items": objects(["name"], {"name": TEXT})},
        "logo": TEXT,
        "logo_dark": TEXT,
        "rest_handler": {"type": "string", "pattern": r"^\w+\.\w+$"},
        "configuration": {"type": "object", "additionalProperties": CONFIGURATION},
        "actions": {"type": "array", "items": ACTION},
        "pip_dependencies": DEPENDENCIES,
        "pip3_dependencies": DEPENDENCIES,
        "pip39_dependencies": DEPENDENCIES,
        "pip313_dependencies": DEPENDENCIES,
    })
