"""Renders the app's views as SOAR does: the view fills the context, Django fills the template that it names."""
import importlib.util
import sys
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine
import django

HERE = Path(__file__).resolve().parent
APP = HERE.parents[1] / "plugin" / "app"

if not settings.configured:
    settings.configure()
    django.setup()

sys.path.insert(0, str(HERE / "soar_templates"))
ENGINE = Engine(dirs=[str(HERE / "soar_templates"), str(APP)], libraries={"custom_template": "custom_template"})

SPEC = importlib.util.spec_from_file_location("threatlocker_view", APP / "threatlocker_view.py")
view = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(view)


class Result:
    """The getters of SOAR's ActionResult that a view may call."""

    def __init__(self, data=(), message="", status=True, param=None, summary=None):
        self._data, self._message, self._status = list(data), message, status
        self._param, self._summary = param or {}, summary or {}

    def get_data(self):
        return self._data

    def get_message(self):
        return self._message

    def get_status(self):
        return self._status

    def get_param(self):
        return self._param

    def get_summary(self):
        return self._summary


class Container:
    id = 4711


def render(name, *results, theme="light", container=Container):
    """The page of one view for these results of one action run."""
    context = {
        "container": container,
        "title1": "ThreatLocker Approvals",
        "title2": name.replace("_", " "),
        "title_logo": "logo_threatlocker.svg",
        "theme": theme,
    }
    template = getattr(view, name)("widget", [({}, list(results))], context)
    page = ENGINE.get_template(template).render(Context(context))
    page.encode("utf-8")  # as it must leave for a browser
    return page
