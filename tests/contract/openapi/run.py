"""run.py REFERENCE LUA DRIVER ENDPOINTS: all that we send against ThreatLocker's OpenAPI export.

Records what the product sends to the sandbox, then runs the test_*.py beside this file. Exits with 77 where the
reference or the validator is not at hand.
"""
import importlib.util
import os
import sys
import unittest


def skip(why):
    print(f'[  SKIPPED ] contract/openapi: {why}')
    sys.exit(77)


def main():
    reference, lua, driver, endpoints_program = sys.argv[1:]
    if not os.path.exists(os.path.join(reference, 'threatlocker-openapi.json')):
        skip('the reference is not beside this checkout')
    if importlib.util.find_spec('jsonschema') is None:
        skip('python3-jsonschema is not installed')
    import recording
    recording.make(os.path.abspath(reference), lua, driver, endpoints_program)
    here = os.path.dirname(os.path.abspath(__file__))
    tests = unittest.defaultTestLoader.discover(here, 'test_*.py')
    sys.exit(0 if unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful() else 1)


main()
