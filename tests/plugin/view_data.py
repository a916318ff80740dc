"""What the actions hand out, for the views: members as ThreatLocker's API names them, values made up."""
import copy

REQUEST_ID = "0e000000-0000-4000-8000-000000001001"
SHA256 = "441be397b39ab54f05583a5f9a311f4f1d2e82873d5b301ce5b941f3874437f4"
HASH = "93b5b4f0c5aa075e0e64e125a991805e663a572bce3c654c9702717d7f801337"

REQUEST = {
    "approvalRequestId": REQUEST_ID,
    "organizationId": "0a000000-0000-4000-8000-000000000042",
    "organizationName": "Example Dental Group",
    "computerId": "0c000000-0000-4000-8000-000000000042",
    "hostname": "WS-0042",
    "username": "EXAMPLEDENTAL\\m.rivera",
    "path": "C:\\Program Files\\Example Field Service\\FieldServiceUpdater.exe",
    "requestKind": "application",
    "requestorReasonText": "Front desk needs version 4.2 of the scheduling tool.",
    "statusId": 1,
    "dateTime": "2026-06-23T14:05:12.123Z",
    "approvedBy": "",
    "actionDate": None,
    "threatLockerActionDto": {
        "sha256": SHA256,
        "hash": HASH,
        "size": 4823552,
        "processName": "C:\\Windows\\explorer.exe",
        "policyName": "Default Deny - Workstations",
        "installedBy": ["C:\\Windows\\System32\\msiexec.exe"],
        "certs": [
            {"subject": "CN=Old Example Signer", "validCert": False},
            {"subject": "CN=Example Field Service Ltd", "validCert": True},
        ],
    },
}

BUILTIN = {
    "applicationId": "0f000000-0000-4000-8000-000000000101",
    "name": "Example Field Service (Built-In)",
    "organizationName": "master",
    "isBuiltIn": True,
    "research": {"businessRating": 7, "reviewRating": 5, "concernRating": 2, "categories": ["Business Software"]},
}
OWN = {
    "isBuiltIn": False,
    "applicationId": "0f000000-0000-4000-8000-000000000202",
    "name": "Field Service App",
    "organizationName": "Example Dental Group",
}

PERMITTED = {
    "outcome": "permitted",
    "verified": True,
    "request_id": REQUEST_ID,
    "organization_id": REQUEST["organizationId"],
    "operation_id": "5f0c2f3e-3b51-4f7e-8c1a-5d0f7a1c9e11",
    "policy_id": "0b000000-0000-4000-8aaa-000000000007",
    "application_id": "0f000000-0000-4000-8aaa-000000000006",
    "approved_by": "api.approver@example.com",
    "action_date": "2026-06-23T14:20:00Z",
    "status_id": 4,
}
PREVIEW = {
    "outcome": "preview",
    "verified": False,
    "request_id": REQUEST_ID,
    "body_json": '{"approvalRequest":{"approvalRequestId":"'
    + REQUEST_ID
    + '"},"policyLevel":{"toEntireOrganization":false}}',
}

# The strings that Splunk's static tests try.
ATTACKS = [
    "<script>alert('hi')</script>",
    '<a href="&#106;avascript:alert(document.cookie)" target="_self">test</a>',
    "<img src=x onerror=alert('1')>",
    'script src="http://attacker/some.js"></script>',
]
# What breaks out of a script's string, of an attribute, or of a template.
MORE_ATTACKS = [
    "'}], 0, 1, null, false);alert(1);//",
    "\\'}]);alert(1)//",
    "&#x27;}]);alert(1)//",
    '" onmouseover="alert(1)',
    "{{ container.id }}{% debug %}",
    "</style><script>alert(1)</script>",
    "line\u2028break\nand\x00more\ud800",
]
LONG_PATH = "C:\\" + "\\".join("a-rather-long-folder-name-%02d" % number for number in range(30)) + "\\setup.exe"
REVERSED = "invoice\u202efdp.exe"
HEBREW = "דוח שנתי.exe"


def filled(value, text):
    """A copy in which each text is another one."""
    if isinstance(value, dict):
        return {name: filled(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, text) for each in value]
    return text if isinstance(value, str) else value


def with_members(row, **members):
    return {**copy.deepcopy(row), **members}
