"""The formats of the OpenAPI export. jsonschema's own checks of them need packages that may be absent."""
import datetime
import re

import jsonschema

CHECKER = jsonschema.FormatChecker(formats=())
_GUID = re.compile(r'[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}')
_TIME = re.compile(r'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)')


def is_guid(text):
    return _GUID.fullmatch(text) is not None


def is_time(text):
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    try:
        datetime.datetime.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def is_whole_utc_second(text):
    """What we send ourselves: one observer had fractions refused (API reference A6)."""
    return is_time(text) and len(text) == len('YYYY-MM-DDTHH:MM:SSZ') and text.endswith('Z')


def _fits(value, bits):
    return isinstance(value, bool) or not isinstance(value, int) or -2 ** (bits - 1) <= value < 2 ** (bits - 1)


CHECKER.checkers = {
    'uuid': (lambda value: not isinstance(value, str) or is_guid(value), ()),
    'date-time': (lambda value: not isinstance(value, str) or is_time(value), ()),
    'int32': (lambda value: _fits(value, 32), ()),
    'int64': (lambda value: _fits(value, 64), ()),
}
