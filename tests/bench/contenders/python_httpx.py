"""Python with httpx, page after page in one session."""
import json
import os
import socket
import sys

import httpx


def main():
    session = httpx.Client(timeout=60)
    session.headers["Authorization"] = os.environ["THREATLOCKER_API_KEY"]
    url = os.environ["THREATLOCKER_BASE_URL"] + "/ApprovalRequest/ApprovalRequestGetByParameters"
    number, pages = 1, 1
    while number <= pages:
        reply = session.post(url, json={"statusId": 1, "pageNumber": number, "pageSize": 100, "orderBy": "datetime",
                                        "isAscending": True, "showChildOrganizations": True})
        reply.raise_for_status()
        # Without this each request would wait for an acknowledgement that the server delays.
        stream = reply.extensions["network_stream"].get_extra_info("socket")
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for row in reply.json():
            sys.stdout.write("{0[approvalRequestId]}\t{0[hostname]}\t{0[path]}\n".format(row))
        number, pages = number + 1, json.loads(reply.headers["pagination"])["totalPages"]


main()
