// node-semver.js OP - npm's semver package, answering rows as `relver version OP` does.
// NODE_PATH says where it is installed.
'use strict'
const semver = require('semver')

const unescaped = { '\\': '\\', t: '\t', n: '\n', r: '\r' }
const unescape = s => s.replace(/\\(?:x(..)|(.))/g, (all, hex, c) =>
  hex ? String.fromCharCode(parseInt(hex, 16)) : unescaped[c])

const match = pre => (range, version) => {
  const set = new semver.Range(range, { includePrerelease: pre })
  return set.test(new semver.SemVer(version)) ? 'yes' : 'no'
}

const ops = {
  check (text) {
    const v = new semver.SemVer(text)
    return v.version + (v.build.length > 0 ? '+' + v.build.join('.') : '')
  },
  compare: (a, b) => '<=>'[semver.compare(a, b) + 1],
  match: match(false),
  'match-pre': match(true),
  bump (type, version, preid, base) {
    const first = base === 'none' ? false : base === '' ? undefined : base
    return semver.inc(version, type, {}, preid === '' ? undefined : preid, first) ?? '!'
  }
}

const op = ops[process.argv[2]]
const rows = require('fs').readFileSync(0, 'utf8').split('\n')
rows.pop()
const out = rows.map(row => {
  try {
    return op(...row.split('\t').map(unescape))
  } catch (e) {
    return '!'
  }
})
process.stdout.write(out.map(line => line + '\n').join(''))
