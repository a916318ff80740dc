"""Whether a playbook acts on an answered prompt alone."""
from playbook_model import ACTIONS, value_of


class Walk:
    """Every way through the blocks, with what is known on it: that the prompt was answered, with what it offers."""

    def __init__(self, playbook):
        self.playbook, self.found, self.seen = playbook, [], set()
        prompt = next((block for block in playbook.blocks.values() if block.prompt), None)
        self.status = f"{prompt.name}:action_result.status" if prompt else ""
        self.answer = f"{prompt.name}:action_result.summary.response" if prompt else ""
        self.offered = (
            value_of(prompt.prompt["response_types"], prompt.names)[0]["options"]["choices"] if prompt else []
        )
        self.visit("on_start", False, False)

    def is_status(self, comparison):
        return comparison == (self.status, "==", "success")

    def is_answer(self, comparison):
        return comparison[0] == self.answer + "s.0" and comparison[1] == "==" and comparison[2] in self.offered

    def check_order(self, block, decision, answered):
        for comparison in decision.comparisons:
            if decision.logic == "and" and self.is_status(comparison):
                answered = True
            if str(comparison[0]).startswith(self.answer) and not answered:
                self.found.append(f"{block.name}: looks at the answer before it knows that there is one")

    def learned(self, decision, answered, accepted):
        """What is known where the decision holds."""
        some = any if decision.logic == "and" else all
        return (
            answered or some(map(self.is_status, decision.comparisons)),
            accepted or some(map(self.is_answer, decision.comparisons)),
        )

    def visit(self, name, answered, accepted):
        if (name, answered, accepted) in self.seen or name not in self.playbook.blocks:
            return
        self.seen.add((name, answered, accepted))
        block = self.playbook.blocks[name]
        compared = {what for decision, _ in block.decisions() for what, _, _ in decision.comparisons}
        if not answered and any(each.startswith(self.answer) for each in block.datapaths - compared if self.answer):
            self.found.append(f"{name}: reads the answer before it knows that there is one")
        action = ACTIONS.get(value_of(block.act["0"])) if block.act else None
        if action and not action["read_only"] and not (answered and accepted):
            self.found.append(f"{name}: {action['action']} without an accepted answer")
        for decision, targets in block.decisions():
            self.check_order(block, decision, answered)
            for target in targets:
                self.visit(target, *self.learned(decision, answered, accepted))
        for follower in block.called_anyway() | {block.callback()}:
            self.visit(follower, answered, accepted)
