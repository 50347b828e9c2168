#!/usr/bin/env python3
"""suites.py - the readers of relver.h on published suites of documents.

usage: suites.py json ROWS     NAME DOCUMENT; y_ must be taken, n_ refused, i_ survived
       suites.py yaml ROWS     NAME DOCUMENT JSON, which is empty for what is malformed
       suites.py toml DIRECTORY VERSION     tests/ of toml-test
       suites.py rows DIRECTORY             its documents as rows NAME DOCUMENT

Where a document is taken, every string in it must be found at its place, right and no other. PROBE
is tests/interop/probe.c built; rows are escaped. The last line counts.
"""
import json
import math
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROBE = os.environ.get('PROBE', '')
UNESCAPED = {b'\\': b'\\', b't': b'\t', b'n': b'\n', b'r': b'\r'}


def escape(field):
    return re.sub(rb'[\0-\x1f\\]', lambda c: b'\\x%02X' % ord(c[0]), field)


def unescape(field):
    return re.sub(rb'\\(?:x(..)|(.))', lambda c: bytes([int(c[1], 16)]) if c[1] else
                  UNESCAPED[c[2]], field)


def probe(operation, form, rows):
    text = b''.join(b'\t'.join(map(escape, row)) + b'\n' for row in rows)
    done = subprocess.run([PROBE, operation, form], input=text, stdout=subprocess.PIPE, check=True)
    lines = done.stdout.split(b'\n')[:-1]
    assert len(lines) == len(rows), (len(lines), len(rows))
    return lines


class Count:
    passed = failed = 0

    def check(self, good, *what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print('FAIL:', *what)
        return good

    def done(self):
        print('%d passed, %d failed, 0 skipped' % (self.passed, self.failed))
        sys.exit(self.failed > 0)


count = Count()


def listed(kind):
    """The names in listed.tsv under a heading, with the reason why each is there."""
    with open(os.path.join(HERE, 'listed.tsv'), encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file if line[0] != '#']
    return {name: why for which, name, why in rows if which == kind}


# ---- what a document holds ----------------------------------------------------------------------

def quoted(key):
    return '"%s"' % re.sub(r'[\0-\x1f"\\\x7f]', lambda c: '\\u%04X' % ord(c[0]), key)


def leaves(value, path=''):
    """Each scalar with the path that leads to it; empty collections have none."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, path + '.' * (path != '') + quoted(key))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            yield from leaves(below, '%s[%d]' % (path, i))
    else:
        yield path, value


def text_of(value):
    return value.encode('utf-8', 'surrogatepass')


# ---- JSON ---------------------------------------------------------------------------------------

def json_lone(document):
    """The package has U+FFFD where bytes were that are no UTF-8: give it such bytes, too."""
    return document.replace('\ufffd'.encode(), b'\xff')


def run_json(rows):
    verdicts = {'y_': True, 'n_': False}
    seen = {}
    for name, document in rows:
        seen[name[:2]] = seen.get(name[:2], 0) + 1
        for doc in sorted({document, json_lone(document)}):
            [answer] = probe('read', 'json', [(doc,)])
            taken = not answer.startswith(b'!')
            count.check(taken == verdicts.get(name[:2], taken), name, 'is', answer)
            if taken:
                try:
                    value = json.loads(doc)
                except (ValueError, UnicodeDecodeError):
                    count.check(name.startswith('i_'), name, 'taken, but not by Python')
                    continue
                json_strings(name, doc, value)
    print('JSON: y %(y_)d, n %(n_)d, i %(i_)d' % seen)


def json_strings(name, doc, value):
    wanted = list(leaves(value))
    strings = sum(isinstance(leaf, str) for _, leaf in wanted)
    [answer] = probe('read', 'json', [(doc,)])
    found = probe('find', 'json', [(doc, text_of(path)) for path, _ in wanted])
    twice = b'!duplicate' in found
    count.check(int(answer.split()[0]) == strings or twice, name, answer, 'strings, want', strings)
    for (path, leaf), got in zip(wanted, found):
        if isinstance(leaf, str):
            count.check(unescape(got) == b'S ' + text_of(leaf) or got == b'!duplicate', name, path,
                        got, 'want', ascii(leaf))
        else:
            count.check(got[:1] in b'NBZ!' and got[:2] != b'!m', name, path, got, 'want', leaf)


# ---- TOML ---------------------------------------------------------------------------------------

def toml_leaves(value, path=''):
    """toml-test's JSON: each scalar is {"type": .., "value": ..}."""
    if isinstance(value, dict) and set(value) == {'type', 'value'} and \
            isinstance(value['type'], str):
        yield path, value['type'], value['value']
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from toml_leaves(below, path + '.' * (path != '') + quoted(key))
    else:
        for i, below in enumerate(value):
            yield from toml_leaves(below, '%s[%d]' % (path, i))


def toml_names(directory, version):
    with open(os.path.join(directory, 'files-toml-' + version), encoding='utf-8') as file:
        return [line.strip()[:-5] for line in file if line.strip().endswith('.toml')]


def run_toml(directory, version):
    accepted, refused = listed('toml-test'), 0
    names = toml_names(directory, version)
    malformed = toml_names(directory, '1.1.0')  # what only 1.0 calls so is taken as 1.1
    for name in names:
        with open(os.path.join(directory, name + '.toml'), 'rb') as file:
            document = file.read()
        [answer] = probe('read', 'toml', [(document,)])
        taken = not answer.startswith(b'!')
        if not name.startswith('valid/'):
            refused += not taken
            count.check(not taken or name in accepted or name not in malformed, name, 'is taken')
            count.check(taken or name not in accepted, name, 'is listed, but refused')
        elif count.check(taken, name, 'is refused:', answer):
            with open(os.path.join(directory, name + '.json'), encoding='utf-8') as file:
                toml_strings(name, document, json.load(file), answer)
    valid = sum(name.startswith('valid/') for name in names)
    print('TOML %s: valid %d, invalid %d, %d of them refused' % (
        version, valid, len(names) - valid, refused))


def toml_strings(name, document, value, answer):
    wanted = list(toml_leaves(value))
    strings = sum(kind == 'string' for _, kind, _ in wanted)
    count.check(int(answer.split()[0]) == strings, name, answer, 'strings, want', strings)
    found = probe('find', 'toml', [(document, text_of(path)) for path, _, _ in wanted])
    for (path, kind, text), got in zip(wanted, found):
        good = unescape(got) == b'S ' + text_of(text) if kind == 'string' else got[:1] in b'NB'
        count.check(good, name, path, got, 'want', kind, ascii(text))


def print_rows(directory):
    for name in toml_names(directory, '1.1.0'):
        with open(os.path.join(directory, name + '.toml'), 'rb') as file:
            sys.stdout.buffer.write(name.encode() + b'\t' + escape(file.read()) + b'\n')


# ---- YAML ---------------------------------------------------------------------------------------

def same_scalar(got, leaf):
    """A string as it is; what YAML 1.1 and 1.2 may see otherwise is a string as spelt."""
    kind, text = got[:1], unescape(got[2:]).decode()
    if isinstance(leaf, str):
        return kind in b'SNBZ' and text == leaf
    if leaf is None:
        return kind == b'Z'
    if isinstance(leaf, bool):
        return kind == b'B' and text.lower() == str(leaf).lower()
    number = text.replace('_', '').lower()
    number = int(number, 0) if re.fullmatch(r'[-+]?0[xo].*', number) else float(number)
    return kind == b'N' and math.isclose(number, leaf)


def first_json(text):
    return json.JSONDecoder().raw_decode(text.decode().lstrip())[0]


def run_yaml(rows):
    malformed = listed('yaml-test-suite')
    right = refused = passed_over = 0
    for name, document, text in rows:
        [answer] = probe('read', 'yaml', [(document,)])
        taken = not answer.startswith(b'!')
        if text == b'':
            passed_over += taken
            count.check(not taken or name in malformed, name, 'is malformed, but taken')
            count.check(taken or name not in malformed, name, 'is listed, but refused')
            continue
        wanted = list(leaves(first_json(text)))
        found = probe('find', 'yaml', [(document, text_of(path)) for path, _ in wanted])
        for (path, leaf), got in zip(wanted, found):
            no = got.startswith(b'!') and got != b'!missing'
            refused += no
            right += count.check(no or same_scalar(got, leaf), name, path, got, 'want', ascii(leaf))
    print('YAML: %d scalars, %d of them refused; %d malformed documents taken' % (
        right, refused, passed_over))


def read_rows(path):
    with open(path, 'rb') as file:
        for line in file.read().split(b'\n')[:-1]:
            name, *fields = line.split(b'\t')
            if name[:1] != b'#':
                yield (name.decode(), *map(unescape, fields))


def main():
    if sys.argv[1] == 'rows':
        print_rows(sys.argv[2])
        return
    if sys.argv[1] == 'toml':
        run_toml(*sys.argv[2:])
    else:
        {'json': run_json, 'yaml': run_yaml}[sys.argv[1]](read_rows(sys.argv[2]))
    count.done()


if __name__ == '__main__':
    main()
