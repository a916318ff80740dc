"""The article's samples, and what can be computed from them."""
import json
import os

DETAILS = 'ApprovalRequestGetPermitApplicationById.response.child-organization.json'
ROW = 'ApprovalRequestGetByParameters.response.one-row.json'


def read(reference, name):
    with open(os.path.join(reference, 'samples', name), encoding='utf-8') as file:
        return json.load(file)


def member_at(tree, path):
    """The member at a dotted path; KeyError where there is none."""
    for name in path.split('.'):
        if not isinstance(tree, dict):
            raise KeyError(path)
        tree = tree[name]
    return tree
