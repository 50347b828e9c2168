#!/usr/bin/env python3
"""documents.py - mutated documents for the readers of relver.h and for a peer.

usage: documents.py PEER FORMAT SEEDS COMMAND..     SEED=N|random, CASES=

SEEDS are rows NAME DOCUMENT.. to begin from, beside those of tests/vectors. COMMAND.. reads rows,
each a document, and answers with a line of JSON, in which only strings matter, or '!' and why not.
Where both take a document, relver must find every string at its place and no other; YAML may be
refused instead, in part or whole. Where one takes it alone, allow.tsv must say why. The first of
each kind of difference gets minimised and shown.
"""
import json
import os
import random
import subprocess
import sys

from differ import read_allowed
from suites import HERE, count, escape, leaves, probe, read_rows, text_of, unescape

pick = random.choice
chance = random.random
CHUNK = 2000
PIECES = {
    'json': [b'{', b'}', b'[', b']', b',', b':', b'"', b'\\', b'\\u0041', b'\\ud83d\\ude00', b'1',
             b'-0', b'1e5', b'.5', b'true', b'null', b'"a": "b"', b'"version": "1.2.3"', b'\xff',
             b'\xef\xbb\xbf', b'//', b"'", b'\x01', b'\xc3\xa9', b'\n', b'\t', b' ', b'[[', b']]'],
    'toml': [b'[', b']', b'[[', b']]', b'{', b'}', b'=', b'.', b',', b'"', b"'", b'"""', b"'''",
             b'#', b'\\', b'\\u0041', b'\\x41', b'\\e', b'\n', b'\r\n', b'\r', b'\t', b' ', b'a',
             b'version = "1.2.3"\n', b'[a.b]\n', b'x = 1\n', b'1979-05-27', b'07:32:00', b'0x1f',
             b'1_0', b'+inf', b'true', b'1.5', b'\xff', b'\x01', b'\xc3\xa9', b'\xef\xbb\xbf',
             b'a = {b = "c", d = [1, "2"]}\n', b'\\\n', b'""""', b'-', b'_', b'e5', b'Z'],
    'yaml': [b':', b'- ', b'  ', b' ', b'\n', b'\r\n', b'a: b\n', b'- a\n', b'"', b"'", b'#', b'|',
             b'>', b'&a', b'*a', b'!t', b'{', b'}', b'[', b']', b',', b'? ', b'---\n', b'...\n',
             b'%', b'<<: ', b'\\', b'\\x41', b'~', b'null', b'1', b'\t', b': ', b' #', b'a',
             b'key:', b'\xc3\xa9', b'\xef\xbb\xbf', b'@', b'`', b'version: 1.2.3\n', b'-',
             b'\n  ', b'|-\n'],
}


def seeds(form, path):
    vectors = os.path.join(HERE, '..', 'vectors', form + '_locate.tsv')
    rows = list(read_rows(path))
    if os.path.exists(vectors):
        rows += read_rows(vectors)
    return sorted({row[1] for row in rows if len(row[1]) < 2000})


def mutate(doc, corpus, pieces):
    for _ in range(pick([1, 1, 1, 1, 2, 2, 3])):
        at = random.randrange(len(doc) + 1)
        to = min(len(doc), at + pick([0, 0, 1, 1, 2, 4, 8, 20]))
        other = pick(corpus)
        begin = random.randrange(len(other) + 1)
        put = pick([b'', pick(pieces), pick(pieces), pick(pieces), doc[at:to] * 2,
                    other[begin:begin + pick([4, 16, 64])]])
        doc = doc[:at] + put + doc[to:]
    return doc[:3000]


def same(ours, theirs, form):
    """TOML lets a reader give LF for the CRLF of a string over lines, and Python's do."""
    return ours == theirs or form == 'toml' and \
        ours.replace(b'\r\n', b'\n') == theirs.replace(b'\r\n', b'\n')


class Peer:
    def __init__(self, name, form, command):
        self.form, self.command, self.allowed = form, command, read_allowed(name)
        self.both = self.strings = self.excused = 0

    def answers(self, docs):
        text = b''.join(escape(doc) + b'\n' for doc in docs)
        done = subprocess.run(self.command, input=text, stdout=subprocess.PIPE, check=True)
        lines = done.stdout.decode('utf-8', 'replace').split('\n')[:-1]
        assert len(lines) == len(docs), (len(lines), len(docs))
        return lines

    def differences(self, docs):
        """(document, what differs) of those that do without a reason."""
        taken, rows = [], []
        for doc, ours, theirs in zip(docs, probe('read', self.form, [(d,) for d in docs]),
                                     self.answers(docs)):
            ours = ours.decode()
            if ours[0] == '!' or theirs[0] == '!':
                if self.alone(doc, ours, theirs):
                    yield doc, 'relver: %s peer: %.200s' % (ours, theirs)
                continue
            wanted = [(path, leaf) for path, leaf in leaves(json.loads(theirs))
                      if path.count('.') < 12]
            taken.append((doc, ours, wanted))
            rows += [(doc, text_of(path)) for path, _ in wanted]
        found = iter(probe('find', self.form, rows))
        for doc, ours, wanted in taken:
            wrong = self.wrong(ours, [(*leaf, next(found)) for leaf in wanted])
            if wrong and not self.explained(doc, ours, wrong):
                yield doc, wrong

    def alone(self, doc, ours, theirs):
        if (ours[0] == '!') == (theirs[0] == '!') or self.form == 'yaml':
            return False
        return not self.explained(doc, ours, theirs if theirs[0] == '!' else 'taken')

    def explained(self, doc, ours, theirs):
        text = escape(doc).decode('utf-8', 'replace')
        excused = any(rule.explains(text, ours, theirs) for rule in self.allowed)
        self.excused += excused
        return excused

    def wrong(self, ours, leaves_found):
        """What is not right with the places of a document, or None."""
        strings, twice = 0, False
        self.both += 1
        for path, leaf, got in leaves_found:
            no = got[:1] == b'!' and got != b'!missing'
            twice = twice or got == b'!duplicate'
            if isinstance(leaf, str):
                strings += 1
                kinds = b'SNBZ' if self.form == 'yaml' else b'S'
                right = got[:1] in kinds and same(unescape(got)[2:], text_of(leaf), self.form)
                if not right and not (no and (self.form == 'yaml' or got == b'!duplicate')):
                    return '%s: %s, want %s' % (ascii(path), got, ascii(leaf))
        self.strings += strings
        if self.form == 'toml' and int(ours.split()[0]) != strings and not twice:
            return '%s strings, want %d' % (ours, strings)
        return None

    def minimise(self, doc):
        while True:
            cuts = [doc[:at] + doc[at + size:] for size in (64, 16, 8, 4, 2, 1)
                    for at in range(max(0, len(doc) - size + 1))]
            best = next(self.differences(cuts), None) if cuts else None
            if best is None:
                return doc
            doc = best[0]


def main():
    name, form, path, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    cases = int(os.environ.get('CASES') or '10000')
    seed = os.environ.get('SEED') or '20261121'
    if seed == 'random':
        seed = str(random.SystemRandom().randrange(10 ** 9))
    random.seed(seed)
    print('%s: SEED=%s CASES=%d' % (name, seed, cases), flush=True)
    peer, corpus, done = Peer(name, form, command), seeds(form, path), 0
    while done < cases:
        docs = [mutate(pick(corpus), corpus, PIECES[form]) for _ in range(min(CHUNK, cases - done))]
        done += len(docs)
        bad = list(peer.differences(docs))
        count.passed += len(docs) - len(bad)
        shown = int(os.environ.get('SHOW', '1')) - count.failed
        count.failed += len(bad)
        for doc, what in bad[:max(0, shown)]:
            least = peer.minimise(doc)
            [(least, what)] = list(peer.differences([least]))[:1] or [(doc, what)]
            print('FAIL: %s\n  %s' % (least, what), flush=True)
    print('%d documents, %d taken by both with %d strings, %d differ for a reason' % (
        done, peer.both, peer.strings, peer.excused))
    for rule in peer.allowed:
        if rule.seen:
            print('  %6d %s' % (rule.seen, rule.why))
    count.done()


if __name__ == '__main__':
    main()
