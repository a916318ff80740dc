"""Constants and helpers that apps import as `phantom` (#2)."""
APP_SUCCESS = True
APP_ERROR = False

ACTION_ID_TEST_ASSET_CONNECTIVITY = "test_asset_connectivity"
ACTION_ID_INGEST_ON_POLL = "on_poll"
APP_JSON_CONTAINER_COUNT = "container_count"


def is_fail(status):
    return not status


def is_success(status):
    return bool(status)


def __getattr__(name):
    # Both are members of phantom.app too; they import it themselves.
    if name == "ActionResult":
        from phantom.action_result import ActionResult
        return ActionResult
    if name == "BaseConnector":
        from phantom.base_connector import BaseConnector
        return BaseConnector
    raise AttributeError(name)
