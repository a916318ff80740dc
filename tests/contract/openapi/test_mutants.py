"""The checker can fail: each change to a good call must be found, and found where it was made."""
import copy
import json
import unittest

import check_call
import recording

_ID = '0e000000-0000-4000-8000-000000001001'


def first_call(name, form=None):
    for call, step in recording.calls():
        if call['path'].endswith('/' + name) and step['form'] == form:
            return call, step
    raise LookupError(name)


def put(path, value):
    """A change that sets the member at a dotted path."""
    def change(body):
        *above, last = path.split('.')
        for name in above:
            body = body[int(name)] if isinstance(body, list) else body[name]
        body[last] = value
    return change


def rename(path, new_name):
    def change(body):
        *above, last = path.split('.')
        for name in above:
            body = body[name]
        body[new_name] = body.pop(last)
    return change


# What must be found in a minimal permit: the export, strictly.
MINIMAL = [
    (put('memberOfTomorrow', 1), 'memberOfTomorrow'),
    (put('policyLevel.toEveryone', True), 'policyLevel.toEveryone'),
    (put('isFromApproval', True), 'isFromApproval'),
    (put('policyConditions.disableProtection', False), 'policyConditions.disableProtection'),
    (put('appliesToId', None), 'appliesToId'),
    (put('osType', None), 'osType'),
    (put('osType', '1'), 'osType'),
    (put('osType', 1.0), 'osType'),
    (put('osType', True), 'osType'),
    (put('osType', 2 ** 31), 'osType'),
    (put('organizationHasElevation', None), 'organizationHasElevation'),
    (put('policyLevel.toComputer', 1), 'policyLevel.toComputer'),
    (put('policyLevel', 2), 'policyLevel'),
    (put('policyLevel', None), 'policyLevel'),
    (put('adminNotes', 'text'), 'adminNotes'),
    (put('computerId', None), 'computerId'),
    (put('computerId', ''), 'computerId'),
    (put('computerId', '0c000000000040008000000000000042'), 'computerId'),
    (put('organizationIds', ['none']), 'organizationIds'),
    (put('organizationIds', [1]), 'organizationIds'),
    (put('policyExpirationDate', '31.12.2026'), 'policyExpirationDate'),
    (put('policyExpirationDate', '2026-02-30T00:00:00Z'), 'policyExpirationDate'),
    (put('policyExpirationDate', '2026-12-31T18:00:00.5Z'), '2026-12-31T18:00:00.5Z'),
    (put('policyExpirationDate', '2026-12-31T18:00:00+01:00'), '2026-12-31T18:00:00+01:00'),
    (put('approvalRequest.json', {'size': 1}), 'approvalRequest.json'),
    (put('matchingApplications.useNewApplication', 'true'), 'matchingApplications.useNewApplication'),
    (put('policyConditions.ruleId', None), 'policyConditions.ruleId'),
    (put('policyConditions.manualOptions', {}), 'policyConditions.manualOptions'),
    (put('policyConditions.manualOptions.0.disabled', None), 'policyConditions.manualOptions.disabled'),
    (put('policyConditions.manualOptions.0.path', 'x'), 'policyConditions.manualOptions.path'),
]

_ACTION = 'approvalRequest.threatLockerActionDto.'

# What must be found in a full permit in spite of the relaxations.
FULL = [
    (put('memberOfTomorrow', 1), 'memberOfTomorrow'),
    (put('approvalRequest.memberOfTomorrow', None), 'approvalRequest.memberOfTomorrow'),
    (put('appliesToId', _ID), 'appliesToId'),
    (put('fileExclusions', [{}]), 'fileExclusions'),
    (put('isExecutionRequest', False), 'isExecutionRequest'),
    (put('isFromApproval', False), 'isFromApproval'),
    (put('isRingfenced', True), 'isRingfenced'),
    (put('osType', None), 'osType'),
    (put('organizationId', None), 'organizationId'),
    (put('computerGroupId', None), 'computerGroupId'),
    (put('approvalRequest.organizationId', None), 'approvalRequest.organizationId'),
    (put('approvalRequest.dateTime', None), 'approvalRequest.dateTime'),
    (put('approvalRequest.statusIdEscalatedToMSP', None), 'approvalRequest.statusIdEscalatedToMSP'),
    (put('actionLog.osType', None), 'actionLog.osType'),
    (put('actionLog.isMonitorMode', None), 'actionLog.isMonitorMode'),
    (put('actionLog.organizationId', 7), 'actionLog.organizationId'),
    (put('policyLevel.selectedComputerGroup', None), 'policyLevel.selectedComputerGroup'),
    (put('policyLevel.selectedComputerGroup.isGlobal', None), 'policyLevel.selectedComputerGroup.isGlobal'),
    (put('matchingApplications.existingApplication.status', None), 'matchingApplications.existingApplication.status'),
    (put('matchingApplications.matchingApplication', None), 'matchingApplications.matchingApplication'),
    (put(_ACTION + 'fullPath', 'C:\\Tools\\other.exe'), _ACTION + 'fullPath'),
    (put(_ACTION + 'fullpath', 'C:\\Tools\\field.exe'), 'fullPath and fullpath are one'),
    (rename(_ACTION + 'policyId', 'PolicyId'), _ACTION + 'PolicyId'),
    (put('ringfencingOptions.restrictEverything', True), 'ringfencingOptions.restrictEverything'),
]

# What must be found in any call: how to spoil it, and what the checker says.
CALLS = [
    ('ApprovalRequestGetById', {'path': '/portalapi/ApprovalRequest/ApprovalRequestGetEverything'}, 'unknown path'),
    ('ApprovalRequestGetById', {'path': '/ApprovalRequest/ApprovalRequestGetById'}, 'unknown path'),
    ('ApprovalRequestGetById', {'method': 'POST'}, 'is no POST'),
    ('ApprovalRequestGetById', {'query': ''}, 'approvalRequestId is missing'),
    ('ApprovalRequestGetById', {'query': 'approvalRequestId=1'}, 'parameter approvalRequestId'),
    ('ApprovalRequestGetById', {'query': f'approvalRequestId={_ID}&x=1'}, 'unknown parameter x'),
    ('ApprovalRequestGetById', {'query': f'approvalRequestId={_ID}&approvalRequestId={_ID}'}, 'sent twice'),
    ('ApprovalRequestGetById', {'body': '{}'}, 'a body'),
    ('ApprovalRequestGetByParameters', {'body': ''}, 'the body'),
    ('ApprovalRequestGetByParameters', {'body': '{"statusId":1,"statusId":4}'}, 'are one to the server'),
    ('ApprovalRequestGetByParameters', {'body': '{"statusId":NaN}'}, 'NaN is no JSON'),
    ('ApprovalRequestGetByParameters', {'body': '[]'}, 'is not of type'),
    ('ApprovalRequestGetByParameters', {'body': '{"statusId":"pending"}'}, 'statusId'),
    ('ApprovalRequestGetByParameters', {'body': '{"childOrganizations":true}'}, 'childOrganizations'),
]

HEADERS = [
    (('OrganizationId', _ID), 'unexpected header organizationid'),
    (('OverrideManagedOrganizationId', _ID), 'unexpected header overridemanagedorganizationid'),
    (('Expect', '100-continue'), 'unexpected header expect'),
    (('Authorization', 'x'), 'header authorization sent twice'),
    (('Transfer-Encoding', 'chunked'), 'unexpected header transfer-encoding'),
]


class Mutants(unittest.TestCase):
    def setUp(self):
        self.checker = check_call.CallChecker(recording.export, recording.reference, recording.token)

    def assert_found(self, call, step, expected):
        complaints = self.checker.complaints(call, step['form'], step['held'])
        self.assertTrue(any(expected in complaint for complaint in complaints), (expected, complaints))

    def with_body(self, call, text):
        headers = [[name, str(len(text.encode())) if name == 'Content-Length' else value]
                   for name, value in call['headers']]
        return {**call, 'body': text, 'headers': headers}

    def check_bodies(self, form, mutations):
        call, step = first_call('ApprovalRequestPermitApplication', form)
        self.assertEqual(self.checker.complaints(call, step['form'], step['held']), [])
        for change, expected in mutations:
            body = json.loads(call['body'])
            change(body)
            mutant = self.with_body(call, json.dumps(body))
            with self.subTest(expected, form=form):
                complaints = self.checker.complaints(mutant, step['form'], step['held'])
                self.assertEqual(len(complaints), 1, complaints)
                self.assertIn(expected, complaints[0])

    def test_changes_to_a_minimal_permit_are_found(self):
        self.check_bodies('minimal', MINIMAL)

    def test_changes_to_a_full_permit_are_found(self):
        self.check_bodies('full', FULL)

    def test_a_full_body_is_no_minimal_one(self):
        call, step = first_call('ApprovalRequestPermitApplication', 'full')
        self.assertGreater(len(self.checker.complaints(call, 'minimal', step['held'])), 30)

    def test_changes_to_calls_are_found(self):
        for name, change, expected in CALLS:
            call, step = first_call(name)
            with self.subTest(expected, call=name):
                mutant = {**copy.deepcopy(call), **change}
                self.assert_found(self.with_body(mutant, mutant['body']), step, expected)

    def test_headers_that_must_not_be_there_are_found(self):
        call, step = first_call('ApprovalRequestPermitApplication', 'full')
        for header, expected in HEADERS:
            with self.subTest(expected):
                self.assert_found({**call, 'headers': call['headers'] + [list(header)]}, step, expected)

    def test_headers_that_are_not_as_they_must_be_are_found(self):
        call, step = first_call('ApprovalRequestPermitApplication', 'full')
        for name, value, expected in (('Authorization', 'Bearer ' + recording.token, 'the token as it is'),
                                      ('Content-Type', 'text/plain', 'Content-Type'),
                                      ('Content-Length', '1', 'Content-Length'),
                                      ('Accept', '*/*', 'Accept'),
                                      ('ManagedOrganizationId', '42', 'ManagedOrganizationId is no GUID')):
            changed = [[each, value if each == name else old] for each, old in call['headers']]
            with self.subTest(name):
                self.assert_found({**call, 'headers': changed}, step, expected)
