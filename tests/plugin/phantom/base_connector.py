"""What an app's connector is made of."""
import json
import os
import signal
import sys
import threading

import phantom.app as phantom
from phantom import soar

SCHEDULED_COUNT = 4294967295  # container_count and artifact_count of a scheduled poll


class BaseConnector:
    def __init__(self):
        self.print_progress_message = False
        self._action_results = []
        self._status, self._message, self._summary = True, "", {}
        self._input, self._param, self._state = {}, {}, None
        self._csrf = None
        self._app_json, self._app_dir = self._find_app_json()

    # ---- a run (#3 to #9) ----

    def _handle_action(self, in_json, handle=None):
        """Runs the action as the platform does; returns the run's outcome as JSON text."""
        self._input = json.loads(in_json)
        environment = {name: entry["value"] for name, entry in self._input.get("environment_variables", {}).items()}
        saved = dict(os.environ)
        os.environ.update(environment)
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch_cancel, args=(ended,))
        watcher.start()
        try:
            self._run()
        except Exception as error:  # pylint: disable=broad-exception-caught  # as the platform does
            self.set_status(phantom.APP_ERROR, "Exception: {0}".format(error))
            self.handle_exception(error)
            soar.record("exceptions", repr(error))
        finally:
            ended.set()
            watcher.join()
            os.environ.clear()
            os.environ.update(saved)
        return json.dumps(self._outcome())

    def _run(self):
        if phantom.is_fail(self.initialize()):
            self._status = phantom.APP_ERROR
        else:
            for param in self._input.get("parameters") or [{}]:
                self._param = param
                self.handle_action(param)
        self.finalize()

    def _watch_cancel(self, ended):
        while not ended.wait(0.02):
            if soar.cancel_pressed() and soar.setting("call_handle_cancel"):
                self.handle_cancel()
                return

    def _outcome(self):
        """#13."""
        good = [result for result in self._action_results if result.is_success()]
        ok = phantom.is_success(self._status) and len(good) == len(self._action_results)
        return {"identifier": self.get_action_identifier(), "status": "success" if ok else "failed",
                "message": self._message, "result_data": [result.get_dict() for result in self._action_results],
                "result_summary": dict(self._summary, total_objects=len(self._action_results),
                                       total_objects_successful=len(good))}

    def initialize(self):
        return phantom.APP_SUCCESS

    def handle_action(self, param):
        raise NotImplementedError

    def finalize(self):
        return phantom.APP_SUCCESS

    def handle_exception(self, error):
        pass

    def handle_cancel(self):
        pass

    # ---- context (#4, #5, #10, #19) ----

    def _find_app_json(self):
        module = os.path.realpath(sys.modules[type(self).__module__].__file__)
        folder = os.path.dirname(module)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".json"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found = json.load(file)
                if found.get("main_module") == os.path.basename(module):
                    return found, folder
        raise RuntimeError("no app JSON names " + module)

    def _load_app_json(self):
        return self._app_json

    def get_app_json(self):
        return self._app_json

    def get_app_id(self):
        return self._app_json["appid"]

    get_connector_id = get_app_id

    def get_app_dir(self):
        return self._app_dir

    def get_action_identifier(self):
        return self._input.get("identifier")

    def get_action_name(self):
        return self._input.get("action")

    def get_asset_id(self):
        return str(self._input.get("asset_id", ""))

    def get_container_id(self):
        return self._input.get("container_id", 0)

    def get_config(self):
        return self._input.get("config", {})

    def get_current_param(self):
        return self._param

    def get_product_version(self):
        return "8.5.0.248"

    def get_product_installation_id(self):
        return "00000000-0000-4000-8000-000000000000"

    def get_ca_bundle(self):
        return "/opt/phantom/etc/cacerts.pem"

    def get_phantom_base_url(self):
        return soar.setting("base_url")

    _get_phantom_base_url = get_phantom_base_url

    def set_validator(self, contains_type, function):
        pass

    def _set_csrf_info(self, token, referer):
        self._csrf = (token, referer)

    def get_container_info(self, container_id=None):
        number = int(container_id or self.get_container_id())
        for container in soar.recorded("containers"):
            if container["id"] == number:
                return True, container, 200
        return False, "container {0} not found".format(number), 404

    # ---- state (#11) ----

    def get_state_dir(self):
        folder = soar.path("state", self.get_app_id())
        os.makedirs(folder, exist_ok=True)
        return folder

    def _state_path(self):
        return os.path.join(self.get_state_dir(), self.get_asset_id() + "_state.json")

    def load_state(self):
        fresh = {"app_version": self._app_json["app_version"]}
        if not os.path.exists(self._state_path()):
            self.save_state(fresh)
        try:
            with open(self._state_path(), encoding="utf-8") as file:
                self._state = json.load(file)
        except ValueError:
            self._state = None
        if not isinstance(self._state, dict):
            self._state = {"reset": fresh, "none": None, "raw": self._state}[soar.setting("junk_state")]
        return self._state

    def get_state(self):
        return self._state

    def save_state(self, state):
        state["app_version"] = self._app_json["app_version"]
        with open(self._state_path(), "w", encoding="utf-8") as file:
            json.dump(state, file)
        return phantom.APP_SUCCESS

    # ---- progress (#14) ----

    def _format(self, text, arguments):
        try:
            return text.format(*arguments)
        except (IndexError, KeyError, ValueError):
            return text

    def save_progress(self, text, *arguments):
        soar.record("kept_progress", self._format(text, arguments))

    def send_progress(self, text, *arguments):
        soar.record("progress", self._format(text, arguments))

    def debug_print(self, tag, value=""):
        soar.record("debug", "{0} {1}".format(tag, value))

    error_print = debug_print

    # ---- results ----

    def add_action_result(self, result):
        self._action_results.append(result)
        return result

    def get_action_results(self):
        return self._action_results

    def remove_action_result(self, result):
        self._action_results.remove(result)
        return result

    def set_status(self, status, message="", exc=None):
        self._status = status
        self._message = message if exc is None else "{0} {1}".format(message, exc)
        return status

    def set_status_save_progress(self, status, message, *arguments):
        self.save_progress(message, *arguments)
        return self.set_status(status, self._format(message, arguments))

    def append_to_message(self, text):
        self._message = " ".join(filter(None, (self._message, text)))

    def get_status(self):
        return self._status

    def get_status_message(self):
        return self._message

    def update_summary(self, summary):
        self._summary.update(summary)
        return self._summary

    # ---- containers and artifacts (#15, #16) ----

    def save_container(self, container, fail_on_duplicate=False):
        identifier = container.get("source_data_identifier") or "generated {0}".format(os.urandom(8).hex())
        refused = soar.setting("refuse_containers")
        if refused is not None and refused in identifier:
            return False, "Could not save the container {0}", None
        known = soar.recorded("containers")
        for other in known:
            if other["source_data_identifier"] == identifier:
                return bool(soar.setting("duplicate_ok")) and not fail_on_duplicate, "Duplicate container found", other["id"]
        number = 100 + len(known)
        kept = {name: value for name, value in container.items() if name not in ("artifacts", "asset_id")}
        kept.update(id=number, asset=int(self.get_asset_id()), source_data_identifier=identifier,
                    label=container.get("label") or self.get_config()["ingest"]["container_label"])
        soar.record("containers", kept)
        self.save_artifacts([dict(artifact, container_id=number) for artifact in container.get("artifacts", [])])
        if len(known) + 1 == soar.setting("kill_after_containers"):
            os.kill(os.getpid(), signal.SIGKILL)
        return True, "Container saved", number

    def save_containers(self, containers):
        saved = [self.save_container(container) for container in containers]
        return all(ok for ok, _, _ in saved), "Containers saved", saved

    def save_artifact(self, artifact):
        ok, message, numbers = self.save_artifacts([artifact])
        return ok, message, numbers[0]

    def save_artifacts(self, artifacts):
        numbers = []
        for index, artifact in enumerate(artifacts):
            known = soar.recorded("artifacts")
            same = [other["id"] for other in known if soar.setting("one_artifact_each") and
                    (other["container_id"], other.get("source_data_identifier")) ==
                    (artifact["container_id"], artifact.get("source_data_identifier"))]
            if not same:
                last = index == len(artifacts) - 1
                soar.record("artifacts", dict(artifact, id=500 + len(known),
                                              run_automation=artifact.get("run_automation", True) and last))
            numbers.append(same[0] if same else 500 + len(known))
        return True, "Artifacts saved", numbers

    # ---- polling and cancellation (#17, #18) ----

    def is_poll_now(self):
        return self._param.get("container_count", SCHEDULED_COUNT) != SCHEDULED_COUNT

    def is_action_cancelled(self):
        shown = soar.setting("show_cancelled")
        if shown == "raise":
            raise RuntimeError("the platform is gone")
        return shown and soar.cancel_pressed()
