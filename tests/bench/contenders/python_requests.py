"""Python with requests, page after page in one session."""
import json
import os
import sys

import requests


def main():
    session = requests.Session()
    session.headers["Authorization"] = os.environ["THREATLOCKER_API_KEY"]
    url = os.environ["THREATLOCKER_BASE_URL"] + "/ApprovalRequest/ApprovalRequestGetByParameters"
    number, pages = 1, 1
    while number <= pages:
        reply = session.post(url, json={"statusId": 1, "pageNumber": number, "pageSize": 100, "orderBy": "datetime",
                                        "isAscending": True, "showChildOrganizations": True}, timeout=60)
        reply.raise_for_status()
        for row in reply.json():
            sys.stdout.write("{0[approvalRequestId]}\t{0[hostname]}\t{0[path]}\n".format(row))
        number, pages = number + 1, json.loads(reply.headers["pagination"])["totalPages"]


main()
