"""A plain SOAR connector on requests, as they are usually written: one action that lists approval requests."""
import json

import phantom.app as phantom
import requests
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class RequestsConnector(BaseConnector):
    def initialize(self):
        config = self.get_config()
        self._url = config["base_url"].rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = config["api_token"]
        return phantom.APP_SUCCESS

    def _read_page(self, number, param):
        reply = self._session.post(
            self._url + "/ApprovalRequest/ApprovalRequestGetByParameters", timeout=60,
            json={"statusId": 1, "pageNumber": number, "pageSize": 100, "orderBy": "datetime", "isAscending": True,
                  "showChildOrganizations": bool(param.get("children"))})
        reply.raise_for_status()
        return reply.json(), json.loads(reply.headers["pagination"])["totalPages"]

    def _list_requests(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        number, pages = 1, 1
        try:
            while number <= pages:
                self.send_progress("Reading page {0}".format(number))
                rows, pages = self._read_page(number, param)
                for row in rows:
                    result.add_data(row)
                number += 1
        except (requests.RequestException, ValueError) as error:
            return result.set_status(phantom.APP_ERROR, "Listing failed: {0}".format(error))
        result.update_summary({"count": result.get_data_size()})
        return result.set_status(phantom.APP_SUCCESS, "Requests: {0}".format(result.get_data_size()))

    def handle_action(self, param):
        if self.get_action_identifier() == "list_requests":
            return self._list_requests(param)
        return self.set_status(phantom.APP_ERROR, "Unknown action")
