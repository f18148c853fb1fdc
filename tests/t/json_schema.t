#!/usr/bin/env python3
# schema/quarry.schema.json, judged by another implementation: all schemas are valid, and
# what tests/must_fail/ has of unknown keys and wrong kinds is not. Needs python3-yaml and
# python3-jsonschema; is skipped without them.
import glob
import json
import re
import sys

try:
    import jsonschema
    import yaml
    Base = yaml.CSafeLoader
    Validator = jsonschema.Draft202012Validator
except (ImportError, AttributeError):
    print('1..0 # SKIP python3-yaml or python3-jsonschema is not installed')
    sys.exit(0)


class Loader(Base):
    """Scalars as Quarry reads them: no dates, true and false only."""


TAG = 'tag:yaml.org,2002:'
DROPPED = {TAG + kind for kind in ('timestamp', 'bool', 'merge', 'value')}
Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] not in DROPPED]
    for first, pairs in Base.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver(TAG + 'bool', re.compile('^(true|false)$'), list('tf'))

schema = json.load(open('schema/quarry.schema.json', encoding='utf-8'))
Validator.check_schema(schema)
validator = Validator(schema)
number = 0


def check(path, wanted):
    global number
    number += 1
    document = yaml.load(open(path, encoding='utf-8'), Loader)
    errors = [error.message for error in validator.iter_errors(document)]
    good = bool(errors) != wanted
    print('%s %d - %s is %s' % ('ok' if good else 'not ok', number, path,
                                'valid' if wanted else 'refused'))
    for error in errors if not good else []:
        print('# ' + error.replace('\n', ' ')[:300])


for path in sorted(glob.glob('schema/*.yaml') + glob.glob('tests/schemas/**/*.yaml', recursive=True)):
    check(path, True)
for path in sorted(glob.glob('tests/must_fail/*.yaml')):
    text = open(path, encoding='utf-8').read()
    # Without `name` and `options` a file may be one that is included.
    if re.search(r'\[Q010[1236]\]', text) and 'missing_name' not in path:
        check(path, False)
print('1..%d' % number)
