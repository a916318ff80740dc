"""A playbook as it stands in its two files: the blocks of the Python, the nodes and edges of the JSON."""
import ast
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = json.loads((ROOT / "manifests" / "threatlocker.json").read_text())
ACTIONS = {action["action"]: action for action in MANIFEST["actions"]}

CUSTOM = re.compile(r"## Custom Code Start\n    #{80}\n(.*?)\n    #{80}\n    ## Custom Code End", re.S)
UNCHANGED = "\n    # Write your custom code here...\n"


def value_of(node, names=None):
    """A literal; a name stands for the literal that it was given; anything else is None."""
    if isinstance(node, ast.Name):
        node = (names or {}).get(node.id)
    try:
        return None if node is None else ast.literal_eval(node)
    except ValueError:
        return None


def calls_of(function, name):
    """The calls of phantom.<name> in it, each as its keyword arguments by name; the first argument is "0"."""
    found = []
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == name
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "phantom"
        ):
            found.append(
                {
                    **{str(at): argument for at, argument in enumerate(node.args)},
                    **{keyword.arg: keyword.value for keyword in node.keywords},
                }
            )
    return found


def calls_in(nodes):
    """The calls of functions by their bare names."""
    return [
        call
        for node in nodes
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    ]


def is_decision(value):
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "phantom.decision"


class Decision:
    """One phantom.decision: its comparisons as (what, operator, value), and how they are joined."""

    def __init__(self, call):
        self.logic = value_of(call.get("logical_operator")) or "and"
        self.comparisons = []
        for condition in call["conditions"].elts:
            what, operator, value = condition.elts
            name = what.id.replace("__", ":custom_function:") if isinstance(what, ast.Name) else value_of(what)
            self.comparisons.append((name, value_of(operator), value_of(value)))


class Block:
    def __init__(self, function, lines):
        self.function, self.name = function, function.name
        custom = CUSTOM.search("\n".join(lines[function.lineno - 1 : function.end_lineno]))
        self.custom_code = custom.group(1) if custom else UNCHANGED
        self.names = {
            node.targets[0].id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        self.act = next(iter(calls_of(function, "act")), None)
        self.prompt = next(iter(calls_of(function, "prompt2")), None)
        self.note = next(iter(calls_of(function, "add_note")), None)
        self.datapaths = {
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.match(r"\w+:(action_result\.|\*\.)", node.value)
        }

    def callback(self):
        for call in (self.act, self.prompt):
            if call and isinstance(call.get("callback"), ast.Name):
                return call["callback"].id
        return None

    def decisions(self):
        """In the order in which they are written: (decision, blocks called where it holds)."""
        held = {node.test.id: [call.func.id for call in calls_in(node.body)] for node in self.conditions()}
        return [
            (Decision({key.arg: key.value for key in value.keywords}), held.get(name, []))
            for name, value in self.names.items()
            if is_decision(value)
        ]

    def conditions(self):
        """The `if found_match_n:` of its decisions."""
        return [
            node
            for node in ast.walk(self.function)
            if isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and is_decision(self.names.get(node.test.id))
        ]

    def called_anyway(self):
        """What it calls outside of those."""
        inside = [call for node in self.conditions() for call in calls_in(node.body)]
        return {call.func.id for call in calls_in([self.function]) if call not in inside}


class Playbook:
    def __init__(self, source, data):
        self.source, self.data = source, data
        tree = ast.parse(source, feature_version=(3, 9))
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        self.helpers = {function.name for function in functions if not function.decorator_list}
        lines = source.split("\n")
        self.blocks = {function.name: Block(function, lines) for function in functions if function.decorator_list}
        self.nodes = data["coa"]["data"]["nodes"]
        self.edges = data["coa"]["data"]["edges"]
        self.node_of = {node["data"]["functionName"]: node["data"] for node in self.nodes.values()}
        self.pairs = [(block, self.node_of[name]) for name, block in self.blocks.items() if name in self.node_of]

    @classmethod
    def load(cls, name):
        folder = ROOT / "plugin" / "playbooks"
        return cls((folder / (name + ".py")).read_text(), json.loads((folder / (name + ".json")).read_text()))

    def followers(self, block):
        """The blocks that it calls or names as its callback."""
        called = {call.func.id for call in calls_in([block.function])} & set(self.blocks)
        return called | ({block.callback()} - {None})
