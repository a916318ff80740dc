"""What the driver recorded. run.py fills it in before the tests are loaded."""
import json
import subprocess

import export as export_module

steps = []      # {'about', 'form', 'held', 'raised', 'calls'}
endpoints = []  # the Lua module's table
table = []      # the library's table
token = None
reference = None
export = None


def _pairs(text):
    """Calls as dictionaries, but headers as pairs: one may be there twice."""
    recorded = json.loads(text, object_pairs_hook=list)
    return [dict(call) for call in recorded]


def _lines(command):
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=240)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def make(reference_folder, lua, driver, endpoints_program):
    global token, reference, export  # pylint: disable=global-statement  # once, before the tests are loaded
    reference = reference_folder
    export = export_module.Export(reference_folder + '/threatlocker-openapi.json')
    table.extend(_lines([endpoints_program]))
    for line in _lines([lua, driver]):
        if 'calls' in line:
            steps.append({'form': None, 'held': None, 'raised': None, **line, 'calls': _pairs(line['calls'])})
        token = line.get('token', token)
        endpoints.extend(line.get('endpoints', []))


def calls():
    """Each call with the step it belongs to."""
    return [(call, step) for step in steps for call in step['calls']]
