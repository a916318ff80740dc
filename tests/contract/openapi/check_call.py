"""Whether one recorded call is what the OpenAPI export and ThreatLocker's pages allow."""
import re
import urllib.parse

import formats
import relaxations
import strict_json
import undocumented

_PREFIX = '/portalapi/'
_SENT = {'host', 'user-agent', 'accept', 'accept-encoding', 'authorization', 'managedorganizationid'}
_SENT_WITH_BODY = {'content-type', 'content-length'}

# Bodies that send an answer back. A minimal permit is none of them.
_ROUND_TRIPS = {
    'ApprovalRequest/ApprovalRequestPermitApplication': relaxations.for_permit,
    'ActionLog/ActionLogGetPolicyConditionsForPermitApplication': relaxations.for_permit,
    'ApprovalRequest/ApprovalRequestUpdateForTakeOwnership': relaxations.for_request,
    'ApprovalRequest/ApprovalRequestPermitStorageApproval': relaxations.for_storage,
}


class CallChecker:
    def __init__(self, export, reference, token):
        self._export = export
        self._reference = reference
        self._token = token
        self._actions = {**undocumented.ACTIONS, **export.actions()}

    def complaints(self, call, form=None, held=None):
        """`form`: of a permit's body, "full" or "minimal". `held`: the answer that a round trip sends back, as text."""
        action = call['path'][len(_PREFIX):]
        if not call['path'].startswith(_PREFIX) or action not in self._actions:
            return [f'unknown path {call["path"]}']
        if call['method'] not in self._actions[action]:
            return [f'{action} is no {call["method"]}']
        operation = self._actions[action][call['method']]
        found = list(self._check_headers(call, operation)) + list(self._check_query(call, operation))
        has_body = 'body' in operation or self._export.body_schema(operation) is not None
        if not has_body:
            return found + (['a body'] if call['body'] else [])
        try:
            body = strict_json.loads(call['body'])
        except ValueError as error:
            return found + [f'the body: {error}']
        return found + list(self._check_body(body, action, operation, form, held))

    def _check_headers(self, call, operation):
        names = [name.lower() for name, _ in call['headers']]
        headers = {name.lower(): value for name, value in call['headers']}
        allowed = _SENT | (_SENT_WITH_BODY if call['method'] == 'POST' else set())
        allowed |= {each['name'].lower() for each in operation.get('parameters', []) if each['in'] == 'header'}
        for name in sorted(set(names)):
            if name not in allowed:
                yield f'unexpected header {name}'
            if names.count(name) > 1:
                yield f'header {name} sent twice'
        if headers.get('authorization') != self._token:
            yield 'Authorization is not the token as it is'
        if not formats.is_guid(headers.get('managedorganizationid', '00000000-0000-0000-0000-000000000000')):
            yield 'ManagedOrganizationId is no GUID'
        if headers.get('accept') != 'application/json':
            yield 'Accept is not application/json'
        if call['method'] == 'POST':
            if headers.get('content-type') != 'application/json':
                yield 'Content-Type is not application/json'
            if headers.get('content-length') != str(len(call['body'].encode())):
                yield 'Content-Length is not the length of the body'

    def _check_query(self, call, operation):
        known = {each['name']: each['schema'] for each in operation.get('parameters', []) if each['in'] == 'query'}
        sent = urllib.parse.parse_qsl(call['query'], keep_blank_values=True, strict_parsing=bool(call['query']),
                                      encoding='utf-8', errors='strict')
        names = [name for name, _ in sent]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f'parameter {name} sent twice'
        for name, value in sent:
            if name not in known:
                yield f'unknown parameter {name}'
                continue
            for message in self._export.validate_value(_typed(value, known[name]['type']), known[name]):
                yield f'parameter {name}: {message}'
        for name, schema in known.items():
            if 'default' not in schema and name not in names:
                yield f'parameter {name} is missing'

    def _check_body(self, body, action, operation, form, held):
        if 'body' in operation:
            yield from self._export.validate_value(body, operation['body'])
            return
        findings = self._export.validate(body, self._export.body_schema(operation))
        if action in _ROUND_TRIPS and form != 'minimal':
            answer = strict_json.loads(held)
            excuses = _ROUND_TRIPS[action](self._export, self._reference, answer)
            findings = [finding for finding in findings if not excuses.excuse(finding)]
        else:
            yield from _check_times(body)
        for finding in findings:
            yield f'{finding.path or "the body"}: {finding.rule}: {finding.message}'


def _typed(text, wanted):
    """The parameter's text as the JSON value that it stands for; as text where it stands for none."""
    if wanted == 'boolean':
        return {'true': True, 'false': False}.get(text, text)
    if wanted == 'integer' and re.fullmatch('0|-?[1-9][0-9]*', text):
        return int(text)
    return text


def _check_times(value):
    """All times of a body that is wholly ours."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _check_times(each)
    elif isinstance(value, list):
        for each in value:
            yield from _check_times(each)
    elif isinstance(value, str) and formats.is_time(value) and not formats.is_whole_utc_second(value):
        yield f'{value} is not to the second and UTC'
