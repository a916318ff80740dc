"""README.md of the app, made from the manifest and what manual_readme_content.md adds, in the form of SOAR's apps."""


def readme(manifest, manual):
    parts = [
        "# {}".format(manifest["name"]),
        "Publisher: {publisher} <br>\nConnector Version: {app_version} <br>\nProduct Vendor: {product_vendor} <br>\n"
        "Product Name: {product_name} <br>\nMinimum Product Version: {min_phantom_version}".format(**manifest),
        manifest["description"],
        manual.strip(),
        "### Configuration variables",
        "This table lists the configuration variables required to operate {}. These variables are specified when "
        "configuring a {} asset in Splunk SOAR.".format(manifest["name"], manifest["product_name"]),
        configuration(manifest["configuration"]),
        "### Supported Actions",
        "\n".join("[{0}](#{1}) - {2} <br>".format(action["action"], anchor(action), text(action["description"]))
                  for action in manifest["actions"]),
    ]
    for action in manifest["actions"]:
        parts += describe(action)
    return "\n\n".join(parts) + "\n"


def anchor(action):
    """How the heading below is called by what renders Markdown."""
    return "action-" + action["action"].replace(" ", "-")


def text(words):
    """Words as they are, whatever Markdown makes of them."""
    return "".join("\\" + letter if letter in "\\|*_<>`[]" else letter for letter in str(words))


def code(words):
    return "`{}`".format(words) if str(words) else ""


def table(head, rows):
    lines = [head, ["-" * len(cell) for cell in head]] + rows
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def in_order(fields):
    return sorted(fields.items(), key=lambda item: item[1]["order"])


def default(field):
    value = field.get("default", "")
    return code(str(value).lower() if isinstance(value, bool) else value)


def configuration(fields):
    rows = [["**{}**".format(name), "required" if field.get("required") else "optional", field["data_type"],
             default(field), text(field["description"])] for name, field in in_order(fields)]
    return table(["VARIABLE", "REQUIRED", "TYPE", "DEFAULT", "DESCRIPTION"], rows)


def describe(action):
    return [
        "## action: '{}'".format(action["action"]),
        text(action["description"]),
        "Type: **{type}** <br>\nRead only: **{read_only}**".format(**action),
    ] + ([text(action["verbose"])] if action.get("verbose") else []) + [
        "#### Action Parameters",
        parameters(action["parameters"]),
        "#### Action Output",
        outputs(action["output"]),
    ]


def parameters(fields):
    if not fields:
        return "No parameters are required for this action"
    rows = [["**{}**".format(name), "required" if field.get("required") else "optional", allowed(field),
             field["data_type"], default(field), contains(field)] for name, field in in_order(fields)]
    return table(["PARAMETER", "REQUIRED", "DESCRIPTION", "TYPE", "DEFAULT", "CONTAINS"], rows)


def allowed(field):
    words = text(field["description"])
    if field.get("value_list"):
        words += "; one of " + ", ".join(code(value) for value in field["value_list"])
    return words


def contains(field):
    return " ".join(code(kind) for kind in field.get("contains", []))


def outputs(fields):
    if not fields:
        return "No Output"
    rows = [[code(field["data_path"]), field["data_type"], contains(field),
             text(", ".join(str(value) for value in field.get("example_values", [])))] for field in fields]
    return table(["DATA PATH", "TYPE", "CONTAINS", "EXAMPLE VALUES"], rows)
