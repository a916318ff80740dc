"""Checks a Splunk SOAR app as Splunk's own validators do, offline: validate_app.py APP

APP is a folder or a .tgz. Each finding is a line, `rule: what`; the exit code is then 1.

Not checked, since only Splunk can: that name, appid and package name stand in its registry.
"""
import sys
import tarfile

import app_package
import app_rules_files
import app_rules_manifest

# name -> function(app) that yields findings. A group relies on what those before it have checked.
GROUPS = (app_package.RULES, app_rules_manifest.FORM, dict(app_rules_manifest.RULES, **app_rules_files.RULES))
RULES = {name: rule for group in GROUPS for name, rule in group.items()}


def findings(app):
    """[(rule, finding)]; those of the first group that has any."""
    for group in GROUPS:
        found = [(name, finding) for name, rule in group.items() for finding in rule(app)]
        if found:
            return found
    return []


def main(arguments):
    if len(arguments) != 1:
        return __doc__
    try:
        found = findings(app_package.load(arguments[0]))
    except (OSError, tarfile.TarError) as error:
        return "validate_app.py: {}: {}".format(arguments[0], error)
    for name, finding in found:
        print("{}: {}".format(name, " ".join(finding.split())))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
