"""Runs one action in a process of its own, as SOAR's spawn does: run_action.py APP_FOLDER INPUT OUTPUT.

The fake package `phantom` stands beside this file. Standard output stays the platform's: the outcome goes into a file.
"""
import importlib
import json
import os
import sys


def main(app, input_path, output_path):
    sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), app, os.path.join(app, "dependencies")]
    from phantom.base_connector import BaseConnector

    names = [name for name in os.listdir(app) if name.endswith(".json")]
    with open(os.path.join(app, names[0]), encoding="utf-8") as file:
        module_name = json.load(file)["main_module"][:-len(".py")]
    module = importlib.import_module(module_name)
    connector_class, = [member for member in vars(module).values()
                        if isinstance(member, type) and issubclass(member, BaseConnector) and member is not BaseConnector]
    with open(input_path, encoding="utf-8") as file:
        text = file.read()
    outcome = connector_class()._handle_action(text, None)  # pylint: disable=protected-access  # how the platform starts an app
    with open(output_path, "w", encoding="utf-8") as file:
        file.write(outcome)


if __name__ == "__main__":
    main(*sys.argv[1:])
