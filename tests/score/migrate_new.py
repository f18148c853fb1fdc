#!/usr/bin/env python3
# migrate_new.py: judges `quarry migrate new` by the corpus of migration cases: each pair of schemas
# is imported, gets the first as migration 1 and what leads to the second as migration 2, which must
# validate (replayed, down and up again with rows); then the SQL of `quarry migrate plan` is run by
# the sqlite3 shell on a new file, up, down and up, and the file compared with the schema.
# Usage: migrate_new.py QUARRY CASES.json [ID...]
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from migrations import hints  # noqa: E402

quarry, cases = os.path.abspath(sys.argv[1]), json.load(open(sys.argv[2]))
wanted = set(sys.argv[3:])


def run(*args, text=None):
    return subprocess.run(args, input=text, capture_output=True, text=True, timeout=60)


def yaml_of(folder, name, statements):
    path = os.path.join(folder, name + '.sql')
    open(path, 'w').write(';\n'.join(s.rstrip().rstrip(';') for s in statements) + ';\n')
    got = run(quarry, 'import', '--name', 'x', path)
    return path, got.stdout, got


def judge(case, folder):
    a_sql, a, got = yaml_of(folder, 'a', case['from_sql'])
    b_sql, b, other = yaml_of(folder, 'b', case['to_sql'])
    if got.returncode != 0 or other.returncode != 0:
        return 'skip', 'not imported'
    if 'tables: {}' in b:
        return 'skip', 'nothing in it'
    path = os.path.join(folder, 'x.yaml')
    migrations = ''
    if 'tables: {}' not in a:
        open(path, 'w').write(a)
        got = run(quarry, 'migrate', 'new', 'one', path)
        if got.returncode != 0:
            return 'fail', 'first: ' + got.stderr
        text = open(path).read()
        migrations = text[text.index('\nmigrations:'):]
    open(path, 'w').write(b + migrations)
    args = []
    for rename in hints(case):
        args += ['--rename', rename]
    got = run(quarry, 'migrate', 'new', 'two', path, '--accept', 'data_loss', *args)
    if 'lead to the declared tables already' in got.stderr:
        return 'same', ''
    if got.returncode != 0:
        return 'fail', 'second: ' + got.stderr + got.stdout
    got = run(quarry, 'validate', path)
    if got.returncode != 0:
        return 'fail', 'validate: ' + got.stderr
    text = open(path).read()
    db = os.path.join(folder, 'x.db')
    last = len(re.findall(r'^  - version:', text, re.M))
    steps = [[str(0), str(last)]]
    if 'irreversible:' not in text:
        steps += [[str(last), '0'], ['0', str(last)]]
    for step in steps:
        sql = run(quarry, 'migrate', 'plan', path, *step)
        if sql.returncode != 0:
            return 'fail', 'plan: ' + sql.stderr
        got = run('sqlite3', '-bail', db, text=sql.stdout)
        if got.returncode != 0 or got.stderr:
            return 'fail', 'shell: ' + got.stderr
    got = run(quarry, 'diff', db, b_sql)
    if got.returncode != 0:
        return 'fail', 'differs: ' + got.stdout + got.stderr
    return 'good', ''


counts = {}
for case in cases:
    if wanted and case['id'] not in wanted:
        continue
    with tempfile.TemporaryDirectory() as folder:
        result, why = judge(case, folder)
    counts[result] = counts.get(result, 0) + 1
    if result == 'fail' or (wanted and why):
        print(case['id'], result, why.strip()[:1500])
print(', '.join('%d %s' % (counts[k], k) for k in sorted(counts)))
sys.exit(1 if counts.get('fail') else 0)
