// usage: node peer.mjs WORK DIR [ROWS]; see relver.c. The npm package semver lies in NODE_PATH.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const semver = createRequire(process.env.NODE_PATH + '/')('semver')
const [work, dir, rows] = process.argv.slice(2)
const file = { 'range-match': 'ranges', 'json-find': 'json' }[work] ?? 'semver'
const text = readFileSync(`${dir}/${file}`, 'utf8')
const lines = text.split('\n', Number(rows ?? 1000000)).filter(Boolean)

const digits = n => String(n).length

const works = {
  'semver-parse'() {
    let sum = 0
    for (const line of lines) sum += digits(new semver.SemVer(line).major)
    return [lines.length, sum]
  },
  'semver-sort'() {
    let sum = 0
    const sorted = semver.sort(lines.slice())
    for (let i = 0; i < sorted.length; i += 1000) {
      const v = semver.parse(sorted[i])
      sum = (sum * 31 + digits(v.patch) * 7 + v.prerelease.join('.').length) & 0xFFFFFF
    }
    return [lines.length, sum]
  },
  'range-match'() {
    let sum = 0
    for (const line of lines) {
      const [range, version] = line.split('\t')
      sum += semver.satisfies(version, range)
    }
    return [lines.length, sum]
  },
  'json-find'() {
    const lock = JSON.parse(text)
    return [1, lock.packages['packages/last'].version.length]
  },
}

const start = process.hrtime.bigint()
const [ops, sum] = works[work]()
console.log(`${ops} ${process.hrtime.bigint() - start} ${sum}`)
