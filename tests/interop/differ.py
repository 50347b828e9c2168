#!/usr/bin/env python3
"""differ.py - the same generated and mutated rows for relver and for a peer.

usage: differ.py PEER COMMAND..     SEED=N|random, CASES= rows in all

COMMAND.. OP reads rows as `relver version OP` does and answers each with one line: the result, or
'!' for a refusal. Every difference must be one that allow.tsv explains; the first of each operation
that is not gets minimised and shown. The last line counts rows as tests.
"""
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
RELVER = os.environ.get('RELVER', os.path.join(HERE, '..', '..', 'relver'))
PROBE = os.environ.get('PROBE', '')
CHUNK = 50000

pick = random.choice
chance = random.random

# ---- versions -----------------------------------------------------------------------------------

NUMBERS = ['0'] * 8 + ['1'] * 8 + ['2'] * 6 + ['3', '4', '9', '10', '11', '99', '20261121']
ODD_NUMBERS = ['00', '01', '1.', '', '+1', '9007199254740991', '9007199254740992',
               '18446744073709551615', '18446744073709551616', '123456789012345678901234567890']
IDS = ['rc', 'alpha', 'beta', 'dev', 'a', 'b', 'A', 'RC', 'x', 'X', '-', '--', '-1', '1a', 'a1',
       'rc1', 'rc10', 'nightly', '0a', '0-', 'g0123456', 'post']
ALPHABET = ('0123456789' * 2 + '....---+++ ,<>=^~!|*vxXaArRcCbdp_@/:;()[]"\'\\\t\n\0'
            '\u00a0\ufeff\u0663é')


def number():
    return pick(ODD_NUMBERS) if chance() < 0.01 else pick(NUMBERS)


def ids():
    return '.'.join(number() if chance() < 0.5 else pick(IDS)
                    for _ in range(pick([1, 1, 2, 2, 3])))


def semver():
    s = '.'.join([number(), number(), number()])
    if chance() < 0.4:
        s += '-' + ids()
    if chance() < 0.15:
        s += '+' + ids()
    return s


def sep():
    return pick(['', '', '', '.', '-', '_'])


def pep440():
    s = pick(['', '', '', '', 'v', 'V']) + pick(['', '', '', '', '0!', '1!', '01!'])
    s += '.'.join(number() for _ in range(pick([1, 2, 2, 3, 3, 3, 4])))
    if chance() < 0.35:
        s += sep() + pick(['a', 'b', 'c', 'rc', 'alpha', 'beta', 'pre', 'preview', 'RC', 'Alpha'])
        s += pick(['', sep() + number(), number(), number()])
    if chance() < 0.2:
        s += pick(['-' + number(), sep() + pick(['post', 'rev', 'r', 'POST']) + sep() + number(),
                   '.post' + number(), '.post'])
    if chance() < 0.25:
        s += pick(['.dev', '.dev', sep() + 'dev' + sep(), 'DEV']) + pick(['', number(), number()])
    if chance() < 0.15:
        s += '+' + pick(['abc', '1', '01', 'ubuntu-1', 'A.1', 'a_b', '1.2', '1a', 'a..b', number()])
    return s


def mutate(s, share=0.15):
    """Most stay as they are; some lose, gain, change or repeat characters."""
    if chance() >= share:
        return s
    for _ in range(pick([1, 1, 1, 2, 3])):
        at = random.randrange(len(s) + 1)
        to = at + pick([0, 1, 1, 2, 3])
        s = s[:at] + pick(['', pick(ALPHABET), pick(ALPHABET), s[at:to] * 2]) + s[to:]
    return s


def near(s, fallback):
    """A version close to the bounds that a range names: that is where mistakes are."""
    found = re.findall(r'[0-9][0-9A-Za-z.!+-]*', s)
    if not found or chance() < 0.15:
        return fallback()
    base = re.split(r'[.](?=[xX*]|$)', pick(found))[0]
    parts = re.split(r'([0-9]+)', base)
    if chance() < 0.6 and len(parts) > 1:
        at = random.randrange(len(parts) // 2) * 2 + 1
        parts[at] = str(max(0, int(parts[at]) + pick([-1, 1, 1, 2])))
        if chance() < 0.4:
            parts[at + 2::2] = ['0'] * len(parts[at + 2::2])
    return ''.join(parts)


def near_semver(s):
    v = near(s, semver)
    core = re.match(r'[0-9.]*', v).group()
    while core.count('.') < 2 and core:
        core += '.' + pick('01')
        v = core
    if '-' not in v and chance() < 0.25:
        v = v.split('+')[0] + '-' + ids()
    return v


def near_pep440(s):
    v = near(s, pep440)
    return v + pick(['', '', '', '', '.0', '.dev0', '.dev1', 'rc1', 'a1', '.post0', '.post1', '+x'])


# ---- ranges -------------------------------------------------------------------------------------

def partial(wild='xX*'):
    n = pick([1, 2, 2, 3, 3, 3, 3])
    if n == 3 and chance() < 0.25:
        return semver()
    return '.'.join(pick(wild) if chance() < 0.1 else number() for _ in range(n))


def blank():
    return pick(['', '', '', '', ' ', '  ', '\t'])


def npm_comparator():
    op = pick(['', '', '^', '^', '~', '>', '>=', '<', '<=', '=', '~>', 'v', '>=', '<'])
    return op + pick(['', '', '', '', ' ']) + partial()


def npm_range():
    alternatives = []
    for _ in range(pick([1, 1, 1, 2, 2, 3])):
        if chance() < 0.15:
            alternatives.append(partial() + ' - ' + partial())
        else:
            alternatives.append(' '.join(npm_comparator() for _ in range(pick([0, 1, 1, 1, 2, 2]))))
    return blank() + pick(['||', ' || ', ' ||']).join(alternatives) + blank()


def cargo_req():
    return pick([',', ', ', ', ', ' , ']).join(
        blank().strip('\t') + pick(['', '', '^', '^', '~', '>', '>=', '<', '<=', '=']) +
        pick(['', '', ' ']) + partial() for _ in range(pick([1, 1, 1, 2, 2, 3])))


def pep440_clause():
    op = pick(['==', '==', '!=', '>=', '>=', '<=', '>', '>', '<', '<', '~=', '===', '=', ''])
    v = pep440()
    if op in ('==', '!=') and chance() < 0.3:
        v = re.match(r'[vV0-9.!]*', v).group().rstrip('.') + pick(['.*', '.*', '.*', '*', '.x'])
    return blank() + op + blank() + v + blank()


def pep440_spec():
    return ','.join(pep440_clause() for _ in range(pick([0, 1, 1, 1, 1, 2, 2, 3])))


def pep508():
    s = pick(['a', 'foo', 'Foo_Bar', 'x.y', 'a-1', 'llama-stack', '_a', 'a-', '9'])
    s += blank() + pick(['', '', '[x]', '[x, y]', '[ ]', '[x-1,y_z]', '[x,]', '[x'])
    s += blank() + pick(['', pep440_spec(), '(' + pep440_spec() + ')', ' @ file:///x/y',
                         '@ https://a.example/b.whl', '@ ssh://x'])
    return s + pick(['', '', '', ' ; ' + marker(), ';' + marker(), ' ;' + marker()]) + blank()


def marker(deep=0):
    if deep < 3 and chance() < 0.3:
        return marker(deep + 1) + pick([' and ', ' or ', ' and(', ')or ']) + marker(deep + 1)
    if deep < 3 and chance() < 0.15:
        return '(' + marker(deep + 1) + ')'
    name = pick(['python_version', 'python_full_version', 'os_name', 'sys_platform', 'extra',
                 'os.name', 'python_implementation', 'platform_machine', 'nope',
                 'platform.version'])
    op = pick(['<', '>=', '==', '!=', '~=', ' in ', ' not in ', '===', ' not  in ', '=', '<>'])
    value = pick(['"3.8"', "'3.13'", '"linux"', "'x'", '""', '"a\'b"', '"3', 'os_name'])
    return pick([name + blank() + op + blank() + value, value + blank() + op + blank() + name])


def pair(make):
    """Two versions, often alike."""
    a = make()
    return a, pick([make(), near(a, make), mutate(a, 1), make()])


# ---- operations ---------------------------------------------------------------------------------

def version_op(*arguments):
    return [RELVER, 'version', *arguments]


def bump_row():
    types = ['major', 'minor', 'patch', 'premajor', 'preminor', 'prepatch', 'prerelease', 'release']
    preid = pick(['', '', 'rc', 'rc', 'alpha', 'beta', 'a.b', '1', '0', '01', 'x-y', 'rc.1'])
    base = pick(['', '', '0', '1', 'none'])
    return pick(types), mutate(semver(), 0.05), mutate(preid, 0.05), base


def semver_match(make):
    s = mutate(make())
    return s, mutate(near_semver(s), 0.03)


def pep440_match():
    s = mutate(pep440_spec())
    return s, mutate(near_pep440(s), 0.03)


# peer: [(operation of the peer, relver's command, a row, its share of the cases)]
PEERS = {
    'node-semver': [
        ('check', version_op('check', '--style', 'npm'), lambda: (mutate(semver(), 0.5),), 2),
        ('compare', version_op('compare', '--style', 'npm'), lambda: pair(semver), 2),
        ('match', version_op('match', '--style', 'npm'), lambda: semver_match(npm_range), 3),
        ('match-pre', version_op('match', '--style', 'npm', '--pre'),
         lambda: semver_match(npm_range), 2),
        ('bump', version_op('bump', '--style', 'npm'), bump_row, 1),
    ],
    'rust-semver': [
        ('check', version_op('check', '--style', 'cargo'), lambda: (mutate(semver(), 0.5),), 3),
        ('compare', version_op('compare', '--style', 'cargo'), lambda: pair(semver), 3),
        ('match', version_op('match', '--style', 'cargo'), lambda: semver_match(cargo_req), 4),
    ],
    'packaging': [
        ('check', version_op('check', '--style', 'pep440'), lambda: (mutate(pep440(), 0.5),), 2),
        ('compare', version_op('compare', '--style', 'pep440'), lambda: pair(pep440), 2),
        ('match', version_op('match', '--style', 'pep440'), pep440_match, 2),
        ('match-pre', version_op('match', '--style', 'pep440', '--pre'), pep440_match, 3),
        ('pep508', [PROBE, 'pep508'], lambda: (mutate(pep508()),), 1),
    ],
}
# Its bounds are others than those of 26, and so than relver's.
PEERS['packaging-23'] = PEERS['packaging'][:2]


def escape(field):
    field = field.replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n')
    return field.replace('\r', '\\r').replace('\0', '\\x00')


def answers(command, rows):
    text = ''.join('\t'.join(map(escape, row)) + '\n' for row in rows)
    done = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
    lines = done.stdout.decode().split('\n')
    if len(lines) != len(rows) + 1:
        sys.exit('%s: %d answers to %d rows' % (command, len(lines) - 1, len(rows)))
    return ['!' if line.startswith('!') else line for line in lines[:-1]]


def sort_extras(line):
    """relver gives the text inside the brackets, packaging a set."""
    return re.sub(r'\[(.*?)\]', lambda found: '[%s]' % ','.join(sorted(
        set(re.split(r'(?: |\\x09|,)+', found[1])) - {''})), line, count=1)


def read_allowed(peer):
    """The rows of allow.tsv for this peer."""
    with open(os.path.join(HERE, 'allow.tsv'), encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file if line[0] != '#']
    return [Rule(*field[1:]) for field in rows if re.fullmatch(field[0], peer)]


class Rule:
    def __init__(self, operation, row, ours, theirs, why):
        self.operation, self.row = re.compile(operation), re.compile(row)
        self.ours, self.theirs, self.why, self.seen = ours, theirs, why, 0

    def explains(self, text, ours, theirs):
        found = self.row.search(text)
        if not found or not re.fullmatch(self.ours, ours):
            return False
        theirs_is = re.sub(r'\\([1-9])', lambda n: re.escape(found[int(n[1])]), self.theirs)
        self.seen += bool(re.fullmatch(theirs_is, theirs))
        return bool(re.fullmatch(theirs_is, theirs))


class Operation:
    def __init__(self, peer, command, operation, relver, row):
        self.name, self.relver, self.peer, self.row = operation, relver, [*command, operation], row
        self.allowed = [rule for rule in read_allowed(peer) if rule.operation.fullmatch(operation)]
        self.cases = self.yes = self.excused = 0

    def unexplained(self, row, ours, theirs):
        if ours == theirs:
            return False
        text = '\t'.join(map(escape, row))
        excused = any(rule.explains(text, ours, theirs) for rule in self.allowed)
        self.excused += excused
        return not excused

    def differences(self, rows):
        ours = answers(self.relver, rows)
        if self.name == 'pep508':
            ours = map(sort_extras, ours)
        for row, ours, theirs in zip(rows, ours, answers(self.peer, rows)):
            self.yes += ours != '!'
            if self.unexplained(row, ours, theirs):
                yield row, ours, theirs

    def smaller(self, row):
        """The row with something cut out of a field or made plainer."""
        for i, field in enumerate(row):
            if self.name == 'bump' and i in (0, 3):
                continue  # words
            cuts = [(at, at + size, '') for size in (16, 8, 4, 3, 2, 1)
                    for at in range(len(field) - size + 1)]
            cuts += [(at, at + 1, c) for at in range(len(field)) for c in '01' if field[at] > c]
            for at, to, put in cuts:
                yield row[:i] + (field[:at] + put + field[to:],) + row[i + 1:]

    def minimise(self, row):
        best = None
        while True:
            rows = list(self.smaller(row))
            best = next(self.differences(rows), None) if rows else None
            if best is None:
                return row
            row = best[0]

    def run(self, count):
        """The number of rows that differ without a reason; the first one is shown."""
        failed = 0
        while self.cases < count:
            rows = [self.row() for _ in range(min(CHUNK, count - self.cases))]
            self.cases += len(rows)
            for row, ours, theirs in self.differences(rows):
                failed += 1
                if failed == 1:
                    self.show('FAIL: %s differs:' % self.name, row, ours, theirs)
                    [(row, ours, theirs)] = self.differences([self.minimise(row)])
                    self.show('  least:', row, ours, theirs)
                elif failed <= int(os.environ.get('SHOW', '1')):
                    self.show('  also:', row, ours, theirs)
        return failed

    def show(self, what, row, ours, theirs):
        print(what, *map(ascii, row), '  relver:', ours, '  peer:', theirs)


def main():
    peer, command = sys.argv[1], sys.argv[2:]
    cases = int(os.environ.get('CASES') or '50000')
    seed = os.environ.get('SEED') or '20261121'
    if seed == 'random':
        seed = str(random.SystemRandom().randrange(10 ** 9))
    random.seed(seed)
    print('%s: SEED=%s CASES=%d' % (peer, seed, cases), flush=True)
    shares = sum(entry[3] for entry in PEERS[peer])
    passed = failed = 0
    for name, relver, row, share in PEERS[peer]:
        operation = Operation(peer, command, name, relver, row)
        bad = operation.run(cases * share // shares)
        passed, failed = passed + operation.cases - bad, failed + bad
        print('%-10s %8d rows, %d accepted, %d differ, %d for a reason:' % (
            name, operation.cases, operation.yes, bad, operation.excused), flush=True)
        for rule in operation.allowed:
            if rule.seen:
                print('  %6d %s' % (rule.seen, rule.why))
    print('%d passed, %d failed, 0 skipped' % (passed, failed))
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
