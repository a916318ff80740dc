"""Everything that was sent is allowed."""
import unittest

import check_call
import recording

PERMIT = 'ApprovalRequestPermitApplication'


def name_of(call):
    return call['path'].rsplit('/', 1)[1]


class Calls(unittest.TestCase):
    def test_every_call_is_allowed(self):
        checker = check_call.CallChecker(recording.export, recording.reference, recording.token)
        for call, step in recording.calls():
            with self.subTest(step['about'], form=step['form'], call=name_of(call)):
                self.assertEqual(checker.complaints(call, step['form'], step['held']), [])

    def test_no_step_broke_off(self):
        for step in recording.steps:
            with self.subTest(step['about'], form=step['form']):
                self.assertIsNone(step['raised'])

    def test_every_permit_was_sent_once_in_each_form(self):
        forms = {'minimal': 0, 'full': 0}
        for step in recording.steps:
            sent = [call for call in step['calls'] if name_of(call) == PERMIT]
            with self.subTest(step['about'], form=step['form']):
                self.assertEqual(len(sent), 1 if step['form'] else 0)
            if step['form']:
                forms[step['form']] += 1
        self.assertGreater(forms['minimal'], 40)
        self.assertEqual(forms['minimal'], forms['full'])

    def test_every_endpoint_of_the_table_was_called(self):
        called = {name_of(call) for call, _ in recording.calls()}
        known = {row['name'] for row in recording.table}
        self.assertEqual(known - called, set(), 'no step calls these')
        self.assertEqual(called - known, set(), 'not in the table')
