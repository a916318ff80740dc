"""The OpenAPI 3.0 export, and its schemas as the JSON Schema that a validator understands."""
import collections
import json

import jsonschema

import formats

# One finding: where ('policyLevel.toComputer', lists without their index), which rule, what is there.
Finding = collections.namedtuple('Finding', 'path rule value message')


def _translate(schema):
    """OpenAPI 3.0 is not JSON Schema: `nullable` says what "null" among the types says, references stand elsewhere."""
    if isinstance(schema, list):
        return [_translate(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _translate(value) for key, value in schema.items() if key not in ('nullable', 'default', 'enum')}
    if '$ref' in out:
        return {'$ref': out['$ref'].replace('#/components/schemas/', '#/definitions/')}
    nullable = schema.get('nullable') is True
    if nullable:
        out['type'] = [schema['type'], 'null']
    if 'enum' in schema:
        out['enum'] = schema['enum'] + ([None] if nullable else [])
    return out


def _translate_named(schemas):
    """Of a map from names: a property may be called "default" or "enum"."""
    out = {}
    for name, schema in schemas.items():
        out[name] = _translate({key: value for key, value in schema.items() if key != 'properties'})
        if 'properties' in schema:
            out[name]['properties'] = {member: _translate(each) for member, each in schema['properties'].items()}
    return out


def _dotted(parts):
    return '.'.join(str(part) for part in parts if not isinstance(part, int))


class Export:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            self._spec = json.load(file)
        self.schemas = self._spec['components']['schemas']
        self._definitions = _translate_named(self.schemas)

    def actions(self):
        """'ApprovalRequest/ApprovalRequestGetById' -> {'GET': operation}."""
        prefix = '/portalapi/'
        return {path[len(prefix):]: {method.upper(): operation for method, operation in methods.items()}
                for path, methods in self._spec['paths'].items()}

    @staticmethod
    def body_schema(operation):
        """The name of the schema of an operation's JSON body; None where it takes none."""
        content = operation.get('requestBody', {}).get('content', {})
        if not content:
            return None
        return content['application/json']['schema']['$ref'].rsplit('/', 1)[1]

    def _validator(self, schema):
        # Draft 4 because it is the one that OpenAPI 3.0 stems from: an integer is not 1.0.
        return jsonschema.Draft4Validator({**schema, 'definitions': self._definitions},
                                          format_checker=formats.CHECKER)

    def validate_value(self, value, schema):
        """Messages of what is wrong with one value, a query parameter's."""
        return [error.message for error in self._validator(_translate(schema)).iter_errors(value)]

    def validate(self, body, name):
        """All findings in a request's body: what breaks the schema, and members that only answers may hold."""
        return list(self._broken(body, name)) + list(self._read_only(body, {'$ref': '#/components/schemas/' + name}))

    def _broken(self, body, name):
        for error in self._validator({'$ref': '#/definitions/' + name}).iter_errors(body):
            if error.validator == 'additionalProperties':
                for extra in sorted(set(error.instance) - set(error.schema['properties'])):
                    yield Finding(_dotted([*error.absolute_path, extra]), 'unknown', error.instance[extra],
                                  'the export has no such member')
            else:
                yield Finding(_dotted(error.absolute_path), error.validator, error.instance, error.message)

    def members(self, schema):
        """The schema itself, its reference followed."""
        if '$ref' in schema:
            return self.schemas[schema['$ref'].rsplit('/', 1)[1]]
        return schema

    def _read_only(self, value, schema, path=()):
        schema = self.members(schema)
        if isinstance(value, list):
            for element in value:
                yield from self._read_only(element, schema.get('items', {}), path)
        if not isinstance(value, dict):
            return
        for name, member in value.items():
            known = schema.get('properties', {}).get(name, {})
            if known.get('readOnly'):
                yield Finding(_dotted([*path, name]), 'readOnly', member, 'a member of answers only')
            yield from self._read_only(member, known, (*path, name))
