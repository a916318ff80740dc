"""The tables of relaxations hold what the article's samples need, and nothing more."""
import copy
import unittest

import recording
import relaxations
import samples


class Relaxations(unittest.TestCase):
    def setUp(self):
        self.details = samples.read(recording.reference, samples.DETAILS)
        self.findings = recording.export.validate(self.details, 'PermitApplicationDto')

    def paths(self, rule):
        return {finding.path for finding in self.findings if finding.rule == rule}

    def test_read_only_members_are_those_that_the_details_hold(self):
        self.assertEqual(relaxations.READ_ONLY, self.paths('readOnly'))

    def test_unknown_members_are_those_that_the_export_lacks(self):
        self.assertEqual(relaxations.UNKNOWN, self.paths('unknown'))

    def test_nulls_are_those_of_the_sample(self):
        # K0: 18 GUIDs and times, and one object; never a number or a flag.
        nulls = relaxations.nulls_of_details(recording.export, recording.reference)
        self.assertEqual(nulls, self.paths('type'))
        self.assertEqual(len(nulls), 19)
        row = relaxations.nulls_of_row(recording.export, recording.reference)
        self.assertEqual(row, {'approvalRequestTimerDto'})
        for path in nulls:
            with self.subTest(path):
                self.assertIn(self.type_at(path), ('string', 'object'))

    def type_at(self, path):
        schema = recording.export.schemas['PermitApplicationDto']
        for name in path.split('.'):
            schema = recording.export.members(schema['properties'][name])
        return schema['type']

    def test_the_sample_needs_no_other(self):
        excuses = relaxations.for_permit(recording.export, recording.reference, self.details)
        self.assertEqual([finding for finding in self.findings if not excuses.excuse(finding)], [])

    def test_every_entry_is_needed(self):
        for name in ('READ_ONLY', 'UNKNOWN'):
            for path in getattr(relaxations, name):
                tables = {'READ_ONLY': relaxations.READ_ONLY, 'UNKNOWN': relaxations.UNKNOWN}
                tables[name] = tables[name] - {path}
                excuses = relaxations.Relaxations(tables['READ_ONLY'], self.paths('type'), tables['UNKNOWN'],
                                                  self.details)
                left = [finding.path for finding in self.findings if not excuses.excuse(finding)]
                with self.subTest(path):
                    self.assertEqual(left, [path])

    def test_nothing_is_excused_that_the_answer_did_not_hold(self):
        excuses = relaxations.for_permit(recording.export, recording.reference, {})
        left = {finding.path for finding in self.findings if not excuses.excuse(finding)}
        self.assertEqual(left, {finding.path for finding in self.findings} - {'isFromApproval'})

    def test_nothing_is_excused_that_the_answer_held_otherwise(self):
        held = copy.deepcopy(self.details)
        held['isExecutionRequest'] = False
        held['appliesToId'] = '0c000000-0000-4000-8000-000000000042'
        held['actionLog']['organizationId'] = held['organizationId']
        excuses = relaxations.for_permit(recording.export, recording.reference, held)
        left = {finding.path for finding in self.findings if not excuses.excuse(finding)}
        self.assertEqual(left, {'isExecutionRequest', 'appliesToId', 'actionLog.organizationId'})


class ArticlesBodies(unittest.TestCase):
    def test_they_are_strictly_valid(self):
        for number, case in enumerate(('existing', 'matching', 'new'), 1):
            name = f'ApprovalRequestPermitApplication.request.{number}-{case}-application.json'
            with self.subTest(name):
                body = samples.read(recording.reference, name)
                self.assertEqual(recording.export.validate(body, 'PermitApplicationDto'), [])

    def test_so_are_the_other_requests(self):
        for name, schema in (
                ('ApprovalRequestGetByParameters.request.own-organization.json', 'ApprovalRequestParametersDto'),
                ('ApprovalRequestGetByParameters.request.with-child-organizations.json',
                 'ApprovalRequestParametersDto'),
                ('ApplicationGetMatchingList.request.json', 'ApplicationMatchParameterDto')):
            with self.subTest(name):
                self.assertEqual(recording.export.validate(samples.read(recording.reference, name), schema), [])
