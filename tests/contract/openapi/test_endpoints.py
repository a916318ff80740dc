"""The endpoint table is the export's, but for the three endpoints that the export lacks."""
import unittest

import recording
import undocumented


class Endpoints(unittest.TestCase):
    def test_methods_and_paths_are_the_exports(self):
        actions = {**undocumented.ACTIONS, **recording.export.actions()}
        for row in recording.table:
            with self.subTest(row['name']):
                self.assertIn(row['path'], actions)
                self.assertEqual(list(actions[row['path']]), [row['method']])
                self.assertEqual(row['path'].rsplit('/', 1)[1], row['name'])

    def test_only_three_are_missing_in_the_export(self):
        missing = {row['path'] for row in recording.table} - set(recording.export.actions())
        self.assertEqual(missing, set(undocumented.ACTIONS))
        self.assertEqual(len(missing), 3)

    def test_no_row_stands_twice(self):
        paths = [row['path'].lower() for row in recording.table]
        self.assertEqual(len(paths), len(set(paths)))

    def test_keys_of_deployment_are_out_of_reach(self):
        # They read and replace the organisation's deployment key (API reference, section 1).
        for row in recording.table:
            self.assertNotIn('AuthKey', row['path'])

    def test_lua_sees_the_same_table(self):
        picked = [{key: row[key] for key in ('name', 'method', 'path', 'write', 'organization')}
                  for row in recording.endpoints]
        self.assertEqual(picked, recording.table)
