"""Runs a playbook's Python against a fake phantom.rules: actions and answers come from a table, everything is kept.

What SOAR would do between blocks is done here in order: an action or a prompt ends before its callback starts."""
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def result(data=(), status="success", message="", **summary):
    """One action result, as a playbook finds it."""
    return {"status": status, "message": message, "data": list(data), "summary": summary}


def failed(message):
    return result(status="failed", message=message)


def answered(*responses):
    return result(responses=list(responses), user="analyst")


def step(value, name):
    if isinstance(value, list):
        return value[int(name)] if name.isdigit() and int(name) < len(value) else None
    return value.get(name) if isinstance(value, dict) else None


def walk(value, path):
    for name in path.split("."):
        value = step(value, name)
    return value


class Rules(types.ModuleType):
    """phantom.rules, as far as the sample playbooks use it.

    `table`: what each action and the prompt (by block name) end with: a list of results, or a function of the
    parameters. `scalars_keep_rows`: whether collect2 gives a row for a result without data; both are thinkable."""

    def __init__(self, table, artifacts, scalars_keep_rows=True):
        super().__init__("phantom.rules")
        self.table, self.artifacts, self.scalars_keep_rows = table, artifacts, scalars_keep_rows
        self.acts, self.prompts, self.notes, self.results, self.run_data, self.waiting = [], [], [], {}, {}, []

    def playbook_block(self):
        return lambda function: function

    def debug(self, text):
        pass

    # --- actions and prompts

    def _end(self, name, results, callback, container):
        self.results[name] = results
        success = bool(results) and all(each["status"] == "success" for each in results)
        if callback:
            self.waiting.append(
                lambda: callback(
                    action={"name": name},
                    success=success,
                    container=container,
                    results=[{"name": name, "action_results": results}],
                    handle=None,
                )
            )

    def act(self, action, parameters, name, assets, callback=None):
        self.acts.append(
            (action, [{key: value for key, value in each.items() if key != "context"} for each in parameters])
        )
        outcome = self.table[name]
        results = outcome(parameters) if callable(outcome) else outcome
        for each, given in zip(results, parameters):
            each["parameter"] = given
        self._end(name, results, callback, {"id": 4711})

    def prompt2(
        self, container, message, respond_in_mins, name, parameters, response_types, callback=None, user=None, role=None
    ):
        texts = [", ".join(str(row[0]) for row in self.collect2(container, [each])) for each in parameters]
        self.prompts.append(
            {
                "name": name,
                "message": message.format(*texts),
                "role": role,
                "choices": response_types[0]["options"]["choices"],
            }
        )
        self._end(name, self.table[name], callback, container)

    # --- data

    def _rows(self, one, paths):
        wanted = [path.split(":action_result.", 1)[1] for path in paths]
        within = [path[len("data.*.") :] if path.startswith("data.*.") else None for path in wanted]
        rows = [
            [walk(datum, inner) if inner is not None else walk(one, path) for path, inner in zip(wanted, within)]
            for datum in one["data"]
        ]
        if all(inner is None for inner in within) or (not rows and self.scalars_keep_rows and None in within):
            return [[walk(one, path) if inner is None else None for path, inner in zip(wanted, within)]]
        return rows

    def collect2(self, container, datapath, action_results=None):
        name = datapath[0].split(":", 1)[0]
        if name == "artifact":
            return [[walk(each, path.split("*.", 1)[1]) for path in datapath] for each in self.artifacts]
        return [row for one in self.results.get(name, []) for row in self._rows(one, datapath)]

    def _values(self, container, what):
        if isinstance(what, str) and ":action_result." in what:
            return [row[0] for row in self.collect2(container, [what])]
        return [what]

    def decision(self, container, conditions, logical_operator="and", delimiter=None):
        compare = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b}
        held = [
            any(compare[operator](value, wanted) for value in self._values(container, what))
            for what, operator, wanted in conditions
        ]
        return all(held) if logical_operator == "and" else any(held)

    def save_run_data(self, key, value):
        self.run_data[key] = value

    def get_run_data(self, key):
        return self.run_data.get(key, "")

    def add_note(self, container, content, note_format, note_type, title):
        self.notes.append((title, content))

    # --- a run

    def run(self, source, name="playbook"):
        """Runs it to its end: as SOAR does, each callback after what it waited for."""
        phantom = types.ModuleType("phantom")
        phantom.rules = self
        before = {key: sys.modules.get(key) for key in ("phantom", "phantom.rules")}
        sys.modules.update({"phantom": phantom, "phantom.rules": self})
        try:
            module = {"__name__": name}
            exec(compile(source, name + ".py", "exec"), module)  # pylint: disable=exec-used  # our own playbook
            container = {"id": 4711, "label": "events"}
            module["on_start"](container)
            while self.waiting:
                self.waiting.pop(0)()
            module["on_finish"](container, {})
        finally:
            for key, value in before.items():
                if value is None:
                    sys.modules.pop(key)
                else:
                    sys.modules[key] = value
        return self
