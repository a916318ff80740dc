"""Endpoints that ThreatLocker documents and the OpenAPI export lacks: the only ones that may be absent there."""

_TEXT = {'type': 'string'}
_FLAG = {'type': 'boolean'}
_NUMBER = {'type': 'integer', 'format': 'int32'}


def _get(*parameters):
    return {'GET': {'parameters': [{'name': name, 'in': 'query', 'schema': schema} for name, schema in parameters]}}


ACTIONS = {
    # B14: the article, "Getting custom applications to add the requested file/file rules into" [official]
    'Application/ApplicationGetListForAddToApplication':
        _get(('osType', {**_NUMBER, 'default': 1}), ('searchText', {**_TEXT, 'default': ''})),
    # B19: the article has its URL only; an older copy: "No additional parameters are needed" [official*]
    'Organization/OrganizationGetChildrenIdsAndName': _get(),
    # B20: ThreatLocker's Organization page [official*]; childOrganizations [observed wyre]
    'Organization/OrganizationGetChildOrganizationsByParameters': {'POST': {'body': {
        'type': 'object', 'additionalProperties': False, 'properties': {
            'pageNumber': _NUMBER, 'pageSize': _NUMBER, 'includeAllChildren': _FLAG, 'isAscending': _FLAG,
            'childOrganizations': _FLAG, 'searchText': _TEXT,
            'orderBy': {'enum': ['billingMethod', 'businessClassificationName', 'dateAdded', 'name']}}}}},
}
