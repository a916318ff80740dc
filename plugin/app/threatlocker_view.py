# Views of the app's actions. SOAR calls view(provides, all_app_runs, context), fills the template that it names
# with `context`, and shows that beside the action.
#
# What stands in the data came from ThreatLocker, and so from a user who wants a file to run: any member may be
# missing, of another type, or made to look like something else. The templates escape; clean() takes out what
# hides or reorders text.
import re
import unicodedata

STATUSES = {
    1: ("Pending", "warn"),
    4: ("Approved", "good"),
    6: ("Not learned", "plain"),
    10: ("Rejected or ignored", "plain"),
    12: ("Added to application", "good"),
    13: ("Escalated", "warn"),
    16: ("Self-approved", "good"),
    17: ("Escalated by customer", "warn"),
}

OUTCOMES = {
    "permitted": ("Permitted", "good"),
    "already_actioned": ("Already decided", "warn"),
    "refused": ("Refused", "bad"),
    "unknown": ("Outcome unknown", "bad"),
    "preview": ("Dry run: nothing was sent", "plain"),
}

UNDO = (
    "In the ThreatLocker portal, Application Control > Policies: delete this policy. A new application stays in "
    "Application Control > Applications, and can be deleted there."
)
LOOK_FIRST = "It may have been applied: look at the request in the ThreatLocker portal before trying again."

MAX_TEXT = 1000
MAX_BODY = 50000

# Characters that show nothing, beside those that Unicode itself calls controls and formats.
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
HIDING = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))


def clean(value, limit=MAX_TEXT):
    """A text for people's eyes: what hides or reorders text becomes a visible U+FFFD. "" where there is none."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    text = str(value).strip()
    shown = "".join("\ufffd" if c in FILLERS or unicodedata.category(c) in HIDING else c for c in text[:limit])
    return shown + "…" if len(text) > limit else shown


def member(value, *path):
    """The member at the end of the path, or None: any step may be missing or no object."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def rows(value):
    """The objects of a list; whatever else it holds is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def joined(values):
    texts = [clean(each) for each in values] if isinstance(values, list) else []
    return "; ".join(text for text in texts if text)


def time_of(value):
    text = clean(value)
    found = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z?)$", text)
    return " ".join(found.group(1, 2)) + found.group(3) if found else text


def size_of(value):
    """18.9 MB (18874368 bytes)"""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e18:
        return ""
    units = ["bytes", "KB", "MB", "GB", "TB", "PB"]
    size, at = float(value), 0
    while size >= 1000 and at < len(units) - 1:
        size, at = size / 1000, at + 1
    return f"{int(value)} bytes" if at == 0 else f"{size:.1f} {units[at]} ({int(value)} bytes)"


def fact(label, value, contains=None, code=False):
    """One line of a card. `contains` opens SOAR's menu of actions that take such a value, with the value as it came
    (but for half characters, which no page can hold)."""
    raw = str(value).encode("utf-8", "replace").decode("utf-8")
    return {"label": label, "value": clean(value), "raw": raw, "contains": contains, "code": code}


def known(facts):
    return [each for each in facts if each["value"]]


def signers(certificates):
    """Valid signatures first: a certificate that does not hold must not pass for one that does."""
    named = [each for each in rows(certificates) if clean(each.get("subject"))]
    named.sort(key=lambda each: each.get("validCert") is not True)
    return joined(
        [clean(each["subject"]) + ("" if each.get("validCert") is True else " (signature not valid)") for each in named]
    )


def status_of(row):
    number = row.get("statusId")
    known_status = STATUSES.get(number) if isinstance(number, (int, float)) else None
    return known_status or (f"Status {clean(number)}" if clean(number) else "", "plain")


def card_of(result):
    """What every card has; `data` are the action's own objects."""
    return {
        "failed": not result.get_status(),
        "message": clean(result.get_message()),
        "data": rows(result.get_data()),
        "badges": [],
        "facts": [],
    }


def cards(all_app_runs, context, fill):
    context["results"] = results = []
    for _, action_results in all_app_runs:
        for result in action_results:
            card = card_of(result)
            fill(card, result.get_param())
            results.append(card)


def badge(card, text, tone):
    if clean(text):
        card["badges"].append({"text": clean(text), "tone": tone})


def file_name(path):
    return re.split(r"[\\/]", clean(path))[-1]


def fill_request(card, param):
    row = card["data"][0] if card["data"] else {}
    action = row.get("threatLockerActionDto")
    path = row.get("path") or member(action, "fullPath")
    if not row:
        card["facts"] = known([fact("Request", member(param, "request_id"), "threatlocker approval request id", True)])
        return
    card["title"] = file_name(path) or clean(row.get("hostname")) or "Approval request"
    badge(card, *status_of(row))
    badge(card, row.get("requestKind"), "plain")
    card["facts"] = known(
        [
            fact("Reason given", row.get("requestorReasonText") or row.get("requestorReason")),
            fact("User", row.get("username"), "user name"),
            fact("Mail", row.get("requestorEmailAddress"), "email"),
            fact("Computer", row.get("hostname"), "host name"),
            fact("Organization", row.get("organizationName")),
            fact("File", path, "file path", True),
            fact("Size", size_of(member(action, "size"))),
            fact("SHA-256", member(action, "sha256"), "sha256", True),
            fact("ThreatLocker hash", member(action, "hash"), "threatlocker file hash", True),
            fact("Signed by", signers(member(action, "certs")) or "Nobody that is named"),
            fact("Started by", member(action, "processName"), "file path", True),
            fact("Created by", joined(member(action, "installedBy")), None, True),
            fact("Denied by", member(action, "policyName")),
            fact("Asked", time_of(row.get("dateTime"))),
            fact("Decided by", row.get("approvedBy")),
            fact("Decided", time_of(row.get("actionDate"))),
            fact("Assigned to", row.get("assigneeUsername")),
            fact("Ticket", row.get("ticketId")),
            fact("Comments", row.get("comments")),
            fact("Request id", row.get("approvalRequestId"), "threatlocker approval request id", True),
            fact("Organization id", row.get("organizationId"), "threatlocker organization id", True),
            fact("Policy id", row.get("policyId"), "threatlocker policy id", True),
            fact("Application id", row.get("applicationId"), "threatlocker application id", True),
            fact("Computer id", row.get("computerId"), "threatlocker computer id", True),
        ]
    )


def is_builtin(application):
    """As the app says; what it says nothing of counts as built-in."""
    return application.get("isBuiltIn") is not False


def research_of(application):
    """Its ratings, whose scale ThreatLocker does not say, and its categories."""
    ratings = [
        label + " " + clean(member(application, "research", name))
        for label, name in (("business", "businessRating"), ("review", "reviewRating"), ("concern", "concernRating"))
        if clean(member(application, "research", name))
    ]
    categories = joined(member(application, "research", "categories"))
    return " · ".join(ratings + ([categories] if categories else []))


def match_of(application):
    return {
        "name": clean(application.get("name") or application.get("applicationName")) or "(without a name)",
        "builtin": is_builtin(application),
        "owner": clean(application.get("organizationName")),
        "id": fact("Id", application.get("applicationId"), "threatlocker application id", True),
        "research": research_of(application),
    }


def fill_matches(card, param):
    matches = card["matches"] = [match_of(application) for application in card["data"]]
    card["researched"] = any(match["research"] for match in matches)
    card["builtin"] = any(match["builtin"] for match in matches)
    card["facts"] = known([fact("Request", member(param, "request_id"), "threatlocker approval request id", True)])
    if not card["failed"]:
        some = f"{len(matches)} matching application{'' if len(matches) == 1 else 's'}"
        card["title"] = some if matches else "No application matches this file"


def fill_permit(card, param):
    row = card["data"][0] if card["data"] else {}
    outcome = clean(row.get("outcome"))
    text, tone = OUTCOMES.get(outcome, (outcome.replace("_", " ").capitalize(), "plain"))
    if outcome == "already_actioned" and not card["failed"]:
        text, tone = "Was permitted already", "good"
    badge(card, text, tone)
    if outcome == "permitted":
        verified = row.get("verified") is True
        badge(card, "Read back and verified" if verified else "Not verified", "good" if verified else "warn")
    card["facts"] = known(
        [
            fact(
                "Request",
                row.get("request_id") or member(param, "request_id"),
                "threatlocker approval request id",
                True,
            ),
            fact("Policy", row.get("policy_id"), "threatlocker policy id", True),
            fact("Application", row.get("application_id"), "threatlocker application id", True),
            fact("Organization", row.get("organization_id"), "threatlocker organization id", True),
            fact("Approved by", row.get("approved_by")),
            fact("When", time_of(row.get("action_date"))),
            fact("Operation", row.get("operation_id"), None, True),
            fact("Why", row.get("message") if clean(row.get("message")) not in card["message"] else None),
            fact("LoggerId", row.get("logger_id"), None, True),
        ]
    )
    is_permitted = outcome in ("permitted", "already_actioned") and not card["failed"]
    card["undo"] = UNDO if is_permitted and clean(row.get("policy_id")) else ""
    card["warning"] = LOOK_FIRST if outcome == "unknown" else ""
    card["body"] = clean(row.get("body_json"), MAX_BODY)


def get_request(provides, all_app_runs, context):
    cards(all_app_runs, context, fill_request)
    return "get_request.html"


def match_applications(provides, all_app_runs, context):
    cards(all_app_runs, context, fill_matches)
    return "match_applications.html"


def permit_request(provides, all_app_runs, context):
    cards(all_app_runs, context, fill_permit)
    return "permit_request.html"
