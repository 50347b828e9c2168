"""packaging_rows.py OP - packaging, answering rows as `relver version OP` does."""
import re
import sys

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

PLAIN = {'\\': '\\', 't': '\t', 'n': '\n', 'r': '\r'}


def unescape(field):
    if '\\' not in field:
        return field
    out, at = [], 0
    while at < len(field):
        c = field[at]
        if c == '\\':
            at += 1
            c = PLAIN.get(field[at]) or chr(int(field[at + 1:at + 3], 16))
            at += 2 if field[at] == 'x' else 0
        out.append(c)
        at += 1
    return ''.join(out)


def escape(text):
    return re.sub(r'[\x00-\x1f\\]', lambda c: '\\x%02X' % ord(c[0]), text)


def compare(a, b):
    a, b = Version(a), Version(b)
    return '<' if a < b else '>' if a > b else '='


def match(pre):
    def answer(spec, version):
        Version(version)
        return 'yes' if SpecifierSet(spec).contains(version, prereleases=pre) else 'no'
    return answer


def pep508(text):
    r = Requirement(text)
    return escape('%s [%s] %s' % (r.name, ','.join(sorted(r.extras)), r.url or ''))


OPS = {'check': lambda v: str(Version(v)), 'compare': compare, 'match': match(False),
       'match-pre': match(True), 'pep508': pep508}


def main():
    op = OPS[sys.argv[1]]
    refusals = (InvalidVersion, InvalidSpecifier, InvalidRequirement)
    for row in sys.stdin.buffer.read().decode().split('\n')[:-1]:
        try:
            print(op(*map(unescape, row.split('\t'))))
        except refusals:
            print('!')


if __name__ == '__main__':
    main()
