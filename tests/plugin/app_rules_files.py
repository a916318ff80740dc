"""What Splunk's validators want of an app's files: Python, logos, views, documents."""
import ast
import os
import re
import sys
import xml.etree.ElementTree
import xml.parsers.expat

from django.template import Context, Engine

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "soar_templates"), os.path.join(HERE, "../../plugin/package")]
import readme as documentation  # noqa: E402

LINE = 145  # characters
SECRET_NAMES = {"headers", "auth", "password", "token", "secret"}
LOGGERS = ("debug_print", "error_print", "save_progress", "send_progress")
# Modules of 3.9 that 3.13 has no longer.
REMOVED = set("""aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis
    nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib""".split())
BLOCKS = ("custom_title_prop", "title1", "title2", "custom_tools", "widget_content")
FRAMES = ("widgets/widget_template.html", "base/logo_header.html")
SECRETS = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|://[^/\s:@]+:[^/\s:@]+@")


def nodes(app, *kinds):
    """(path, node) of all Python of the app."""
    return [(path, node) for path, tree in app.trees.items() for node in ast.walk(tree) if isinstance(node, kinds)]


def name_of(node):
    """The last name of an expression: `c` of a.b.c; "" where there is none."""
    return getattr(node, "attr", getattr(node, "id", ""))


# --- Python ---


def empty_consts(app):
    yield from ("{} is empty".format(path) for path in app.ending("consts.py") if not app.files[path].strip())


def optional_fields(app):
    fields = list(app.manifest["configuration"].items())
    for action in app.manifest["actions"]:
        fields += action["parameters"].items()
    return {name for name, field in fields if not field.get("required") and field["data_type"] != "boolean"}


def get_opt_params(app):
    """What may be absent is read by get(). Stricter than Splunk's: in every function, whatever was asked before."""
    optional = optional_fields(app)
    for path, node in nodes(app, ast.Subscript):
        key = getattr(node.slice, "value", None)
        if name_of(node.value) in ("param", "config") and isinstance(node.ctx, ast.Load) and key in optional:
            yield "{}, line {}: {} is optional".format(path, node.lineno, key)


def splunk_supported_debug_print(app):
    for path, call in nodes(app, ast.Call):
        if name_of(call.func) in LOGGERS:
            names = {name_of(node) for argument in call.args for node in ast.walk(argument)}
            for name in sorted(names):
                if SECRET_NAMES & set(name.lower().split("_")):
                    yield "{}, line {}: {} is logged".format(path, call.lineno, name)


def no_other_output(app):
    """Standard output may be SOAR's channel, and logging is not read."""
    for path, node in nodes(app, ast.Call):
        if name_of(node.func) == "print":
            yield "{}, line {}: print".format(path, node.lineno)
    for path, node in nodes(app, ast.Attribute):
        if name_of(node.value) == "logging" or (name_of(node.value), node.attr) == ("sys", "stdout"):
            yield "{}, line {}: {}.{}".format(path, node.lineno, name_of(node.value), node.attr)


def plain_responses(app):
    """A web page made by the app's own handler is a way to inject one."""
    for path, call in nodes(app, ast.Call):
        kinds = [getattr(word.value, "value", "") for word in call.keywords if word.arg == "content_type"]
        if name_of(call.func) == "HttpResponse" and kinds != ["text/plain"]:
            yield "{}, line {}: HttpResponse other than text/plain".format(path, call.lineno)


def no_changed_globals(app):
    yield from ("{}, line {}: global".format(path, node.lineno) for path, node in nodes(app, ast.Global))


def no_removed_modules(app):
    for path, node in nodes(app, ast.Import, ast.ImportFrom):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        yield from ("{}, line {}: Python 3.13 has no {}".format(path, node.lineno, name) for name in names
                    if name.split(".")[0] in REMOVED)


def line_length(app):
    for path in app.ending(".py"):
        yield from ("{}, line {}: longer than {}".format(path, number, LINE)
                    for number, line in enumerate(app.text(path).splitlines(), 1) if len(line) > LINE)


# --- logos ---


def logos(app):
    for key in ("logo", "logo_dark"):
        name = app.manifest[key]
        if not name.endswith("svg") or name not in app.files:
            yield "{} {} is no SVG file of the app".format(key, name)
        else:
            yield from ("{} {}".format(name, problem) for problem in svg_problems(app.files[name]))


def svg_problems(content):
    declared = []
    parser = xml.parsers.expat.ParserCreate()
    parser.EntityDeclHandler = lambda name, *_: declared.append(name)
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError:
        return ["is no XML"]
    if declared:
        return ["declares entities"]
    elements = list(xml.etree.ElementTree.fromstring(content).iter())
    return ["has no {}".format(key) for key in ("width", "height") if not any(element.get(key) for element in elements)]


# --- views ---


class Hostile(str):
    """The attack, whatever member of it is asked for, and a list of it."""

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter([self])


# (what a user would have to get into a value, what must then not stand in the page)
ATTACKS = (
    ("<script>alert('approved')</script>", r"<script>alert\('approved"),
    ("<img src=x onerror=alert('approved')>", r"<img src=x onerror"),
    ("\"><a href=\"&#106;avascript:alert('approved')\">", r"<a href=\"&#106;avascript"),
    ("'); alert('approved", r"alert\('approved"),
    ("javascript:alert(1)", r"(href|src|action)\s*=\s*[\"']?javascript:alert\(1\)"),
)


def page(source, attack):
    """The template with every value hostile, and every branch of it, one after another."""
    source = re.sub(r"{% *(if|elif|else|endif|empty)\b.*?%}", "", source)
    frame = "".join("{{% block {} %}}{{% endblock %}}".format(name) for name in BLOCKS)
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", dict.fromkeys(FRAMES, frame))],
                    libraries={"custom_template": "custom_template"})
    values = dict.fromkeys(re.findall(r"\b[A-Za-z]\w*\b", source), Hostile(attack))
    return engine.from_string(source).render(Context(values))


def xss_custom_views(app):
    for path in app.ending(".html"):
        for attack, mark in ATTACKS:
            try:
                if re.search(mark, page(app.text(path), attack)):
                    yield "{} lets through {}".format(path, attack)
            # pylint: disable-next=broad-exception-caught
            except Exception as error:  # whatever Django raises: a template that is not checked is not accepted
                yield "{} cannot be rendered: {}".format(path, error)
                break


def malicious_html(app):
    for path in app.ending(".html"):
        if re.search(r"autoescape\s+off|\|\s*safe(seq)?\b", app.text(path)):
            yield "{} turns escaping off".format(path)
    yield from ("{}, line {}: mark_safe".format(path, node.lineno) for path, node in nodes(app, ast.Name, ast.Attribute)
                if name_of(node) in ("mark_safe", "SafeString", "format_html"))


def html_form(app):
    """A view fills the blocks of SOAR's frame, which it names first; two spaces for each level."""
    for path in app.ending(".html"):
        text = app.text(path)
        frame = re.match(r"{% extends '([\w/.]+)' %}", text)
        if not frame or frame.group(1) not in FRAMES:
            yield "{} does not start with SOAR's frame".format(path)
        elif frame.group(1) == FRAMES[0]:
            if not re.search(r"{% load custom_template %}", text):
                yield "{} does not load custom_template".format(path)
            unknown = set(re.findall(r"{% block (\w+) %}", text)) - set(BLOCKS)
            yield from ("{}: SOAR's frame has no block {}".format(path, name) for name in sorted(unknown))
        for number, line in enumerate(text.splitlines(), 1):
            indent = re.match(r"\s*", line).group()
            if "\t" in indent or len(indent) % 2:
                yield "{}, line {}: not indented by two spaces".format(path, number)


# --- documents ---


def readme(app):
    manual = app.text("manual_readme_content.md")
    if not manual.strip():
        yield "manual_readme_content.md is missing or empty"
    if app.text("README.md") != documentation.readme(app.manifest, manual):
        yield "README.md is not what the manifest and manual_readme_content.md make"


def licence(app):
    if len(app.text("LICENSE").split()) < 10:
        yield "LICENSE is missing"


def notice(app):
    lines = app.text("NOTICE").splitlines() + ["", ""]
    first = [line for line in app.text("LICENSE").splitlines() if line][:1]
    if lines[0] != "Splunk SOAR App: " + app.manifest["name"]:
        yield "NOTICE does not start with the app's name"
    if not first or not lines[1].startswith(first[0]):
        yield "the second line of NOTICE is not the app's licence"
    if not "".join(lines[2:]).strip():
        yield "NOTICE has no licences of what is bundled"


BULLETS = re.compile(r"(( {2,5})?\* \S.*\n)+")


def release_notes(app):
    unreleased = app.text("release_notes/unreleased.md")
    head, _, notes = unreleased.partition("\n\n")
    if head != "**Unreleased**" or not bullets(notes):
        yield "release_notes/unreleased.md is not **Unreleased** and bullets"
    version = "release_notes/{app_version}.md".format(**app.manifest)
    if not bullets(app.text(version)):
        yield "{} is not bullets".format(version)
    for path in app.files:
        if path.startswith("release_notes/") and not re.search(r"/(unreleased|\d+\.\d+\.\d+)\.md$", path):
            yield "{} is named after no version".format(path)


def bullets(text):
    return text.startswith("* ") and BULLETS.fullmatch(text)


def markdown_form(app):
    """What mdformat would change without a word: no space at the end of lines, one newline at the end."""
    for path in app.ending(".md"):
        text = app.text(path)
        if re.search(r"[ \t]\n", text) or not text.endswith("\n") or text.endswith("\n\n"):
            yield "{} has spaces at the end of lines, or not one newline at its end".format(path)


def no_secrets(app):
    yield from ("{} holds what looks like a secret".format(path) for path in sorted(app.files)
                if not path.endswith((".so", ".whl")) and SECRETS.search(app.files[path]))


RULES = {rule.__name__: rule for rule in (
    empty_consts, get_opt_params, splunk_supported_debug_print, no_other_output, plain_responses, no_changed_globals,
    no_removed_modules, line_length, logos, xss_custom_views, malicious_html, html_form, readme, licence, notice,
    release_notes, markdown_form, no_secrets)}
