"""The fake `phantom` package does what is known of the platform: a test per point of the reference's list."""
import json
import os
import shutil
import tempfile
import textwrap
import unittest

import platform_host

# What the connector of a test does: its body is put into this module.
MODULE = '''
import json
import os
import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
{body}
'''

NOTE = '''
    def note(self, *what):
        with open(os.environ["NOTES"], "a") as file:
            file.write(json.dumps(what) + "\\n")
'''


class Fake(unittest.TestCase):
    def setUp(self):
        self.app = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.app)
        with open(os.path.join(self.app, "app.json"), "w", encoding="utf-8") as file:
            json.dump({"appid": "an app id", "main_module": "a_connector.py", "app_version": "1.2.3"}, file)
        self.host = platform_host.Host(self.app)
        self.addCleanup(self.host.remove)
        self.host.environment["NOTES"] = self.host.path("notes")

    def run_body(self, body, parameters=({"a": 1},), **options):
        with open(os.path.join(self.app, "a_connector.py"), "w", encoding="utf-8") as file:
            file.write(MODULE.format(body=textwrap.indent(textwrap.dedent(body), "    ") + NOTE))
        return self.host.run("an_action", parameters, **options)

    def notes(self):
        with open(self.host.path("notes"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def value_of(self, expression, **options):
        """What an expression is in handle_action."""
        outcome = self.run_body('''
            def handle_action(self, param):
                self.note({0})
        '''.format(expression), **options)
        self.assertEqual((b"", b""), (outcome.stdout, outcome.stderr))
        self.assertEqual([], self.host.kept("exceptions"))
        return self.notes()[-1][0]

    def test_a_run_is_initialize_then_an_action_per_dictionary_then_finalize(self):
        self.run_body('''
            def initialize(self):
                self.note("initialize")
                return phantom.APP_SUCCESS

            def handle_action(self, param):
                self.note("action", param["a"], "context" in param)

            def finalize(self):
                self.note("finalize")
        ''', [{"a": 1}, {"a": 2}])
        self.assertEqual([["initialize"], ["action", 1, True], ["action", 2, True], ["finalize"]], self.notes())

    def test_no_dictionary_is_one_empty_one(self):
        self.run_body('''
            def handle_action(self, param):
                self.note(param)
        ''', [])
        self.assertEqual([[{}]], self.notes())

    def test_an_initialize_that_fails_stops_the_run(self):
        outcome = self.run_body('''
            def initialize(self):
                return self.set_status(phantom.APP_ERROR, "not ready")

            def handle_action(self, param):
                self.note("action")
        ''')
        self.assertEqual((False, "not ready"), (outcome.ok, outcome.message))
        self.assertFalse(os.path.exists(self.host.path("notes")))

    def test_an_exception_is_handled_and_fails_the_run(self):
        outcome = self.run_body('''
            def handle_action(self, param):
                raise ValueError("of its own")

            def handle_exception(self, error):
                self.note(str(error))
        ''')
        self.assertFalse(outcome.ok)
        self.assertIn("of its own", outcome.message)
        self.assertEqual([["of its own"]], self.notes())

    def test_what_a_result_hands_out(self):
        outcome = self.run_body('''
            def handle_action(self, param):
                result = self.add_action_result(ActionResult(dict(param)))
                result.add_data({"row": 1})
                result.update_data([{"row": 2}])
                result.set_summary({"gone": 1})
                result.set_summary({"kept": 1})
                result.update_summary({"more": 2})
                result.set_status(phantom.APP_SUCCESS if param["a"] else phantom.APP_ERROR, "message")
        ''', [{"a": 1}, {"a": 0}])
        self.assertEqual(["success", "failed"], [result["status"] for result in outcome.results])
        self.assertEqual([{"row": 1}, {"row": 2}], outcome.data)
        self.assertEqual({"kept": 1, "more": 2}, outcome.summary)
        self.assertEqual({"a": 1}, outcome.result["parameter"])
        self.assertEqual(42, outcome.result["context"]["artifact_id"])
        self.assertEqual({"total_objects": 2, "total_objects_successful": 1}, outcome.answer["result_summary"])
        self.assertFalse(outcome.answer["status"] == "success")

    def test_without_a_message_the_summary_makes_one(self):
        outcome = self.run_body('''
            def handle_action(self, param):
                result = self.add_action_result(ActionResult(param))
                result.update_summary({"num_requests": 12})
                result.set_status(phantom.APP_SUCCESS)
        ''')
        self.assertEqual("Num requests: 12", outcome.message)

    def test_getters(self):
        table = {
            "self.get_asset_id()": "10", "self.get_app_id()": "an app id", "self.get_connector_id()": "an app id",
            "self.get_action_identifier()": "an_action", "self.get_container_id()": 0,
            "self.get_app_json()['app_version']": "1.2.3", "self._load_app_json()['appid']": "an app id",
            "self.get_current_param()['a']": 1, "self.get_config()['appname']": "-",
            "self.get_config()['ingest']['container_label']": "events", "self.get_state()": None,
            "self.get_phantom_base_url()": "https://127.0.0.1/", "self._get_phantom_base_url()": "https://127.0.0.1/",
            "os.path.basename(self.get_app_dir())": os.path.basename(self.app), "self.print_progress_message": False,
            "self.set_validator('ip', None)": None, "self._set_csrf_info('a', 'b')": None,
            "bool(self.get_ca_bundle() and self.get_product_version() and self.get_product_installation_id())": True,
            "[phantom.APP_SUCCESS, phantom.APP_ERROR]": [True, False],
            "[phantom.is_fail(False), phantom.is_fail(1), phantom.is_success('')]": [True, False, False],
            "phantom.BaseConnector is BaseConnector and phantom.ActionResult is ActionResult": True,
        }
        for expression, expected in table.items():
            with self.subTest(expression):
                self.assertEqual(expected, self.value_of(expression))

    def test_the_environment_of_the_asset_is_there_for_the_run(self):
        self.assertEqual("http://proxy", self.value_of("os.environ.get('HTTPS_PROXY')",
                                                       environment={"HTTPS_PROXY": "http://proxy"}))

    def test_a_state_is_kept_with_the_app_s_version(self):
        self.assertEqual({"app_version": "1.2.3"}, self.value_of("self.load_state()"))
        self.value_of("self.save_state({'x': 1})")
        self.assertEqual({"x": 1, "app_version": "1.2.3"}, self.value_of("self.load_state()"))

    def test_what_becomes_of_junk_in_its_place(self):
        self.host.state_path()
        folder = self.host.path("state", "an app id")
        os.makedirs(folder, exist_ok=True)
        for junk, wish, expected in (("[1]", "reset", {"app_version": "1.2.3"}), ("[1]", "none", None),
                                     ("[1]", "raw", [1]), ("{", "raw", None)):
            with open(os.path.join(folder, "10_state.json"), "w", encoding="utf-8") as file:
                file.write(junk)
            self.host.set(junk_state=wish)
            self.assertEqual(expected, self.value_of("self.load_state()"))

    def test_progress_is_a_format(self):
        self.value_of("[self.save_progress('{0} of {1}', 1, 2), self.send_progress('now {0}', '{}'), "
                      "self.save_progress('{0} {'), self.save_progress('{name}'), self.save_progress('{0}')]")
        self.assertEqual(["1 of 2", "{0} {", "{name}", "{0}"], self.host.kept("kept_progress"))
        self.assertEqual(["now {}"], self.host.kept("progress"))

    def test_containers(self):
        save = "self.save_container({'name': 'n', 'source_data_identifier': 'x', 'artifacts': [{'name': 'a'}, {'name': 'b'}]})"
        self.assertEqual([True, "Container saved", 100], self.value_of(save))
        self.assertEqual([False, True], [artifact["run_automation"] for artifact in self.host.kept("artifacts")])
        self.assertEqual([True, "Duplicate container found", 100], self.value_of(save))
        self.host.set(duplicate_ok=False)
        self.assertEqual([False, "Duplicate container found", 100], self.value_of(save))
        self.assertEqual("events", self.value_of("self.get_container_info(100)[1]['label']"))
        self.assertFalse(self.value_of("self.get_container_info(101)[0]"))
        self.host.set(refuse_containers="y")
        self.assertFalse(self.value_of("self.save_containers([{'source_data_identifier': 'y'}])[0]"))

    def test_artifacts(self):
        save = "self.save_artifact({'container_id': 1, 'source_data_identifier': 'x'})"
        self.assertEqual([True, "Artifacts saved", 500], self.value_of(save))
        self.assertEqual([True, "Artifacts saved", 501], self.value_of(save))
        self.host.set(one_artifact_each=True)
        self.assertEqual([True, "Artifacts saved", 500], self.value_of(save))

    def test_poll_now(self):
        self.assertTrue(self.value_of("self.is_poll_now()", parameters=[{"container_count": 5}]))
        self.assertFalse(self.value_of("self.is_poll_now()", parameters=[platform_host.SCHEDULED]))

    def test_cancel(self):
        wait = '''
            def handle_action(self, param):
                for _ in range(400):
                    if {0}:
                        return self.note("cancelled")
                    __import__("time").sleep(0.01)

            def handle_cancel(self):
                self.called = True
        '''
        for condition in ("self.is_action_cancelled()", "hasattr(self, 'called')"):
            self.host.press_cancel()
            self.run_body(wait.format(condition))
        self.assertEqual([["cancelled"], ["cancelled"]], self.notes())

    def test_the_vault_takes_files_and_knows_them_by_their_contents(self):
        self.value_of("open(os.path.join(__import__('phantom.vault').vault.Vault.get_vault_tmp_dir(), 'f'), 'w').close()")
        add = "__import__('phantom.rules').rules.vault_add(container={0}, file_location={1!r}, file_name='n')"
        location = self.host.path("tmp", "f")
        self.assertFalse(self.value_of(add.format(0, location))[0])
        self.assertFalse(self.value_of(add.format(7, location + "x"))[0])
        ok, _, vault_id = self.value_of(add.format(7, location))
        self.assertTrue(ok and os.path.exists(self.host.path("vault", vault_id)))

    def test_handle_is_optional(self):
        required = "[p.name for p in inspect.signature(self._handle_action).parameters.values() if p.default is p.empty]"
        self.assertEqual(["in_json"], self.value_of(required.replace("inspect.", "__import__('inspect').")))


if __name__ == "__main__":
    unittest.main()
