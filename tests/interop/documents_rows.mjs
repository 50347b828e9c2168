// documents_rows.mjs json|smol-toml - rows of documents; each gives a line of JSON, in which what
// is no string is null, or '!' and why it is refused. It stands beside node_modules.
import fs from 'node:fs'

const unescape = row => {
  const bytes = []
  for (let i = 0; i < row.length; i++) {
    if (row[i] === 0x5c) { // a backslash
      bytes.push(parseInt(row.toString('latin1', i + 2, i + 4), 16))
      i += 3
    } else bytes.push(row[i])
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes))
}

const plain = value => {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object' || value instanceof Date) return null
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, plain(below)]))
}

const readers = {
  json: () => JSON.parse,
  'smol-toml': async () => {
    const { parse } = await import('smol-toml')
    return text => parse(text)
  }
}

const read = await readers[process.argv[2]]()
const input = fs.readFileSync(0)
const out = []
for (let at = 0; at < input.length;) {
  const end = input.indexOf(10, at)
  try {
    out.push(JSON.stringify(plain(read(unescape(input.subarray(at, end))))))
  } catch (error) {
    out.push('!' + error.message.split('\n')[0])
  }
  at = end + 1
}
process.stdout.write(out.map(line => line + '\n').join(''))
