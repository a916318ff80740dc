"""What can be known of a playbook without SOAR: its Python, its JSON and the app's manifest must fit together.

problems_of() returns one line for each thing that does not; an empty list is a good playbook."""
import ast
import builtins
import re

from playbook_model import ACTIONS, MANIFEST, ROOT, UNCHANGED, Playbook, calls_in, calls_of, value_of
from playbook_walk import Walk

EFFECTS = {"phantom.act", "phantom.prompt2", "phantom.add_note"}
USED = EFFECTS | {
    "phantom." + name for name in "debug collect2 decision save_run_data get_run_data playbook_block".split()
}
# Of the artifacts that polling makes.
FIELDS = set(re.findall(r'\{"(\w+)", "\w+", (?:"|NULL)', (ROOT / "plugin" / "container.c").read_text()))

GLOBAL = re.compile(r"## Global Custom Code Start\n#{80}\n(.*?)\n#{80}\n## Global Custom Code End", re.S)
PROMPT_OUTPUTS = re.compile(r"(status|message|parameter\.message|summary\.(user|responses|responses\.\d+))$")


def check_python(playbook):
    for block in playbook.blocks.values():
        for decorator in block.function.decorator_list:
            if ast.unparse(decorator) != "phantom.playbook_block()":
                yield f"{block.name}: decorated by {ast.unparse(decorator)}"
        used = [ast.unparse(node.func) for node in ast.walk(block.function) if isinstance(node, ast.Call)]
        strange = {each for each in used if each.startswith("phantom.")} - USED
        if strange:
            yield f"{block.name}: calls {sorted(strange)}"
        if sum(each in EFFECTS for each in used) > 1:
            yield f"{block.name}: does more than one thing"
        if block.callback() and block.callback() not in playbook.blocks:
            yield f"{block.name}: no such callback: {block.callback()}"
        if (block.act or block.prompt) and value_of((block.act or block.prompt).get("name")) != block.name:
            yield f"{block.name}: its action or prompt has another name"
        for call in calls_in([block.function]):
            if call.func.id not in {*playbook.blocks, *playbook.helpers, *dir(builtins)}:
                yield f"{block.name}: no such block: {call.func.id}"


def check_graph(playbook):
    if set(playbook.node_of) != set(playbook.blocks):
        yield f"blocks of one file only: {sorted(set(playbook.node_of) ^ set(playbook.blocks))}"
    for key, node in playbook.nodes.items():
        if not key == node["id"] == node["data"]["id"] or node["type"] != node["data"]["type"]:
            yield f"node {key}: ids or types differ"
    drawn = set()
    for edge in playbook.edges:
        source, target = edge["sourceNode"], edge["targetNode"]
        if source not in playbook.nodes or target not in playbook.nodes:
            yield f"{edge['id']}: joins no nodes"
            continue
        if (edge["id"], edge["sourcePort"], edge["targetPort"]) != (
            f"port_{source}_to_port_{target}",
            source + "_out",
            target + "_in",
        ):
            yield f"{edge['id']}: names other ports"
        drawn.add(tuple(playbook.nodes[each]["data"]["functionName"] for each in (source, target)))
    written = {(block.name, follower) for block in playbook.blocks.values() for follower in playbook.followers(block)}
    if {edge for edge in drawn if edge[1] != "on_finish"} != written:
        yield f"edges of one file only: {sorted(written ^ {edge for edge in drawn if edge[1] != 'on_finish'})}"
    if {edge[0] for edge in drawn} != set(playbook.blocks) - {"on_finish"}:
        yield "a block leads nowhere"


def check_custom_code(playbook):
    found = GLOBAL.search(playbook.source)
    if (found.group(1) if found else "") != playbook.data["coa"]["data"].get("globalCustomCode", ""):
        yield "the global custom code differs"
    for block, node in playbook.pairs:
        if (playbook.nodes[node["id"]].get("userCode") or UNCHANGED) != block.custom_code:
            yield f"{block.name}: its custom code differs"


def parameters_of(block):
    for node in ast.walk(block.function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "parameters.append":
            return {value_of(key): value for key, value in zip(node.args[0].keys, node.args[0].values)}
    return {}


def check_actions(playbook):
    for block, node in playbook.pairs:
        if bool(block.act) != (node.get("type") == "action"):
            yield f"{block.name}: an action in one file only"
        if not block.act or node["type"] != "action":
            continue
        action = ACTIONS.get(value_of(block.act["0"]))
        if action is None:
            yield f"{block.name}: the app has no action {value_of(block.act['0'])}"
            continue
        expected = {
            "action": action["action"],
            "actionType": action["type"],
            "connectorId": MANIFEST["appid"],
            "connector": MANIFEST["name"],
            "connectorConfigs": value_of(block.act["assets"]),
        }
        for member, value in expected.items():
            if node.get(member) != value:
                yield f"{block.name}: {member} is {node.get(member)}, not {value}"
        given = {name: value for name, value in parameters_of(block).items() if name != "context"}
        if set(given) != set(node.get("parameters", {})):
            yield f"{block.name}: the parameters of the files differ"
        for name, parameter in action["parameters"].items():
            if parameter.get("required") and name not in given:
                yield f"{block.name}: parameter {name} is missing"
        for name, value in given.items():
            parameter = action["parameters"].get(name)
            literal = value_of(value)
            if parameter is None:
                yield f"{block.name}: {action['action']} has no parameter {name}"
            elif literal is not None and (
                literal not in parameter.get("value_list", [literal]) or literal != node["parameters"].get(name)
            ):
                yield f"{block.name}: {name} cannot be {literal}, or differs"
            elif isinstance(value, ast.Name) and node["parameters"].get(name) != value.id.replace(
                "__", ":custom_function:"
            ):
                yield f"{block.name}: {name} differs"
        for required in node.get("requiredParameters", []):
            if not action["parameters"].get(required["field"], {}).get("required"):
                yield f"{block.name}: {required['field']} is not required"


def outputs_of(action):
    return {output["data_path"] for output in action["output"]}


def check_datapath(playbook, datapath):
    """None, or why nothing can ever stand at that datapath."""
    name, path = datapath.split(":", 1)
    if name == "artifact":
        field = re.match(r"\*\.(?:id|cef\.(\w+))$", path)
        return None if field and field.group(1) in {None, *FIELDS} else "no such field"
    block = playbook.blocks.get(name)
    if block is None:
        return "no such block"
    if block.act and value_of(block.act["0"]) in ACTIONS:
        known = (
            path in outputs_of(ACTIONS[value_of(block.act["0"])])
            or path == "action_result.parameter.context.artifact_id"
        )
        return None if known else "no output of its action"
    if block.prompt:
        asked = len(value_of(block.prompt["response_types"], block.names) or [])
        index = re.search(r"responses\.(\d+)$", path)
        known = PROMPT_OUTPUTS.match(path.replace("action_result.", "", 1)) and (
            not index or int(index.group(1)) < asked
        )
        return None if known else "no output of a prompt"
    return "no output of such a block"


def check_datapaths(playbook):
    for block, node in playbook.pairs:
        for datapath in sorted(block.datapaths):
            why = check_datapath(playbook, datapath)
            if why:
                yield f"{block.name}: {datapath}: {why}"
        drawn = (
            [*node.get("inputParameters", []), *node.get("parameters", [])]
            if node.get("type") != "action"
            else [
                value
                for value in node["parameters"].values()
                if isinstance(value, str)
                and ":" in value
                and not value.startswith("chain:")
                and ":custom_function:" not in value
            ]
        )
        for datapath in drawn:
            if datapath not in block.datapaths:
                yield f"{block.name}: {datapath} stands in the JSON only"


def check_decisions(playbook):
    for block, node in playbook.pairs:
        if bool(block.decisions()) != (node.get("type") == "decision"):
            yield f"{block.name}: a decision in one file only"
        drawn = [condition for condition in node.get("conditions", []) if condition["type"] != "else"]
        if len(drawn) != len(block.decisions()):
            yield f"{block.name}: the numbers of conditions differ"
        for condition, (decision, targets) in zip(drawn, block.decisions()):
            comparisons = [(each["param"], each["op"], each["value"]) for each in condition["comparisons"]]
            if comparisons != decision.comparisons or condition["logic"] != decision.logic:
                yield f"{block.name}: condition {condition['conditionIndex']} differs"
            edges = [
                edge
                for edge in playbook.edges
                if edge["sourceNode"] == node["id"]
                and edge.get("conditions") == [{"index": condition["conditionIndex"]}]
            ]
            if [edge["targetNode"] for edge in edges] != [
                playbook.node_of.get(target, {}).get("id") for target in targets
            ]:
                yield f"{block.name}: condition {condition['conditionIndex']} leads elsewhere"


def check_run_data(playbook):
    """What a block of code hands on is saved there, named in its node, and read under that name."""
    saved = {
        value_of(call["key"])
        for block in playbook.blocks.values()
        for call in calls_of(block.function, "save_run_data")
    }
    drawn = {
        f"{node['functionName']}:{name}"
        for node in playbook.node_of.values()
        for name in node.get("outputVariables", [])
    }
    read = {
        value_of(call["key"]) for block in playbook.blocks.values() for call in calls_of(block.function, "get_run_data")
    }
    if saved != drawn or not read <= saved:
        yield f"run data that is not both saved and drawn, or read without: {sorted((saved ^ drawn) | (read - saved))}"


def check_prompts(playbook):
    if sum(1 for block in playbook.blocks.values() if block.prompt) != 1:
        yield "not exactly one prompt"
    for block, node in playbook.pairs:
        if bool(block.prompt) != (node.get("type") == "prompt"):
            yield f"{block.name}: a prompt in one file only"
        if not block.prompt:
            continue
        questions = value_of(block.prompt["response_types"], block.names)
        asked = [(each["prompt"], each["options"].get("choices")) for each in questions]
        if asked != [(each["responsePrompt"], each["responseOptions"]) for each in node["responses"]]:
            yield f"{block.name}: the questions differ"
        if asked[0][1] != ["Permit", "Reject", "Ignore"] or questions[0]["options"]["type"] != "list":
            yield f"{block.name}: does not offer what prepare prompt offers"
        message = value_of(block.prompt["message"], block.names)
        parameters = value_of(block.prompt["parameters"], block.names)
        if (message, parameters) != (node["message"], node["parameters"]):
            yield f"{block.name}: the texts differ"
        prepared = [
            each.name for each in playbook.blocks.values() if each.act and value_of(each.act["0"]) == "prepare prompt"
        ]
        if message != "{0}" or parameters != [f"{name}:action_result.data.*.message" for name in prepared]:
            yield f"{block.name}: the text is not the prepared one, as it is"
        approver = {"type": "role", "value": value_of(block.prompt["role"], block.names)}
        if (value_of(block.prompt["respond_in_mins"]), approver) != (node["responseTime"], node["approver"]):
            yield f"{block.name}: approver or time differ"


def check_notes(playbook):
    for block, node in playbook.pairs:
        if bool(block.note) != (node.get("type") == "utility"):
            yield f"{block.name}: a note in one file only"
        if not block.note:
            continue
        drawn = node["values"]["add_note"]
        if value_of(block.note["title"]) != drawn["title"]:
            yield f"{block.name}: the titles differ"
        content = value_of(block.note["content"])
        if content is None and isinstance(block.note["content"], ast.Name):
            shown = (
                drawn["content"] in block.datapaths
                or block.note["content"].id.replace("__", ":custom_function:") == drawn["content"]
            )
        else:
            shown = content == drawn["content"]
        if not shown:
            yield f"{block.name}: the contents differ"


def check_answers(playbook):
    yield from Walk(playbook).found
    for block in playbook.blocks.values():
        action = ACTIONS.get(value_of(block.act["0"])) if block.act else None
        if action and not action["read_only"] and action["action"] != "resolve prompt":
            yield f"{block.name}: a playbook writes by resolve prompt alone, not by {action['action']}"


CHECKS = (
    check_python,
    check_graph,
    check_custom_code,
    check_actions,
    check_datapaths,
    check_decisions,
    check_run_data,
    check_prompts,
    check_notes,
    check_answers,
)


def problems_of(source, data):
    try:
        playbook = Playbook(source, data)
    except SyntaxError as error:
        return [f"not Python 3.9: {error}"]
    return [problem for check in CHECKS for problem in check(playbook)]
