import { moduleRunnerTransform } from 'vite'
import { expect, test } from 'vitest'
import { isKnownForm, writeHead } from '../../../src/plugin/hooks/head-form.ts'
import { analyze } from '../support/analysis.ts'
import { instrument, toHeadEnd } from '../../../src/plugin/instrument/module.ts'

function headOf(code: string): string {
  const hot = instrument(analyze(code), '/module.js', 'module.js', null)
  return hot.code.slice(0, hot.code.indexOf(toHeadEnd(hot.record.prefix)))
}

function toWords(code: string | undefined): string | undefined {
  return code?.trim().replaceAll(/\s+/g, ' ')
}

test('Vite gives heads the form that is written here', async () => {
  expect(await isKnownForm()).toBe(true)
})

test.each([
  ['nothing', ''],
  ['exports', 'export const a = 1\nexport function b() {}\nexport default class {}'],
  ['imports', `import { a } from './a.js'\nimport * as b from '../b.js'\nimport './c.js'\na(b)`],
  ['names of a package', `import { EOL, tmpdir as folder } from 'node:os'\nexport const at = folder() + EOL`],
  ['import() and import.meta', `export const load = () => import('pkg')\nexport const here = import.meta.url`],
  [
    'specifiers that look like what is replaced',
    `import './import.meta.js'\nimport './import(a).js'\nimport './$hot_n0.js'`,
  ],
  ['a name of a package that begins with the prefix', `import { $hotel } from 'hotels'\n$hotel()`],
  ['names that begin with the prefix', `const $hot = 1\nimport { a } from './a.js'\nexport { $hot }\na()`],
])('a head with %s', async (_, code) => {
  const head = headOf(code)
  const written = writeHead(head)
  expect(toWords(written)).toBe(toWords((await moduleRunnerTransform(head, { mappings: '' }, '', ''))?.code))
})

test.each([
  ['a re-export', `export { a } from './a.js'`],
  ['all of a module', `export * from './a.js'`],
  ['attributes', `import a from './a.json' with { type: 'json' }\na()`],
  ['a default of a package', `import a from 'pkg'\na()`],
  ['a name in quotation marks', `const a = 1\nexport { a as 'a b' }`],
])('%s is left to Vite', (_, code) => {
  expect(writeHead(headOf(code))).toBeUndefined()
})

test('what a plugin puts before it is left to Vite', () => {
  expect(writeHead(`import.meta.env = {}; ${headOf('export const a = import.meta.env')}`)).toBeUndefined()
})
