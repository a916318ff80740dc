"""The three relaxations for bodies that send back what an answer held, and nothing else.

The export describes what callers may send; ThreatLocker's own answers break it, and its own portal sends them back
(API reference D2, D8.1). Whatever a table here excuses must be in the answer at the same place, with the same value.
"""
import json

import samples

_MISSING = object()

# (a) Members that the export marks readOnly [spec] and the article's details hold [official].
READ_ONLY = {
    'isFromApproval', 'isFromActionLog', 'isRingfenced', 'isExecutionRequest',
    'approvalRequest.isAssigned', 'approvalRequest.isEscalatedByCyberHero', 'approvalRequest.isEscalatedByCustomer',
    'actionLog.hasPolicyData', 'actionLog.isCloudLog', 'actionLog.isCloudActionType',
    'actionLog.deleteFileRequestSent', 'policyConditions.disableProtection',
}

# (c) Members that the article's details hold [official] and the export lacks, or spells otherwise (D5, K2, K6).
UNKNOWN = {
    'appliesToId', 'appliesToOrganizationId', 'fileExclusions',
    'approvalRequest.threatLockerActionDto.fullPath', 'approvalRequest.threatLockerActionDto.policyId',
    'approvalRequest.threatLockerActionDto.actionId', 'approvalRequest.threatLockerActionDto.serialNumber',
    'approvalRequest.threatLockerActionDto.domainName',
}

# The one member that a permit sets although it is readOnly: D8.9.
_SET_BY_US = {'isFromApproval': True}

_REQUEST = 'approvalRequest.'


def nulls_of_details(export, reference):
    """(b) Nulls that the export does not allow and the article's sample holds: K0, computed from the sample."""
    details = samples.read(reference, samples.DETAILS)
    return {finding.path for finding in export.validate(details, 'PermitApplicationDto')
            if finding.rule == 'type' and finding.value is None}


def nulls_of_row(export, reference):
    """The same of the list's row."""
    row = samples.read(reference, samples.ROW)
    return {finding.path for finding in export.validate(row, 'ApprovalRequestDto')
            if finding.rule == 'type' and finding.value is None}


class Relaxations:
    """What one body may hold beyond the export, given the answer (`held`, a tree) that it sends back."""

    def __init__(self, read_only, nulls, unknown, held):
        self._tables = {'readOnly': read_only, 'type': nulls, 'unknown': unknown}
        self._held = held

    def excuse(self, finding):
        if finding.path not in self._tables.get(finding.rule, ()):
            return False
        if finding.rule == 'type' and finding.value is not None:
            return False
        if finding.path in _SET_BY_US:
            return finding.value is _SET_BY_US[finding.path]
        return json.dumps(finding.value) == json.dumps(self._held_at(finding.path))

    def _held_at(self, path):
        try:
            return samples.member_at(self._held, path)
        except KeyError:
            return repr(_MISSING)


def _inside(paths):
    return {path[len(_REQUEST):] for path in paths if path.startswith(_REQUEST)}


def for_permit(export, reference, held):
    return Relaxations(READ_ONLY, nulls_of_details(export, reference), UNKNOWN, held)


def for_request(export, reference, held):
    """A body that is one ApprovalRequestDto: taking ownership."""
    nulls = _inside(nulls_of_details(export, reference)) | nulls_of_row(export, reference)
    return Relaxations(_inside(READ_ONLY), nulls, _inside(UNKNOWN), held)


def for_storage(export, reference, held):
    """A body that holds an ApprovalRequestDto as its approvalRequest: permitting storage."""
    nulls = {_REQUEST + path for path in _inside(nulls_of_details(export, reference)) | nulls_of_row(export, reference)}
    return Relaxations({path for path in READ_ONLY if path.startswith(_REQUEST)}, nulls,
                       {path for path in UNKNOWN if path.startswith(_REQUEST)}, held)
