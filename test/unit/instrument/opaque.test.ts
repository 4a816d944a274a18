import { expect, test } from 'vitest'
import { analyzeOpaque } from '../../../src/plugin/analyze/opaque.ts'
import { instrumentOpaque } from '../../../src/plugin/instrument/opaque.ts'

const OPAQUE = { id: '/a.js', label: 'a.js', reason: 'it is excluded' }

function opaque(code: string): ReturnType<typeof instrumentOpaque> {
  const analysis = analyzeOpaque(code)
  if (!analysis) throw new Error('It does not parse.')
  return instrumentOpaque(analysis, OPAQUE, 'runtime')
}

test('a module that runs as a whole keeps its lines, and says whom it imports', () => {
  const { code, record } = opaque(
    [
      '#!/usr/bin/env node',
      "import b, { c as d } from './b.js'",
      "import data from './data.json' with { type: 'json' }",
      "export * from './e.js'",
      'if (b) void main()',
      "async function main() { await import('./f.js') }",
    ].join('\n'),
  )
  const lines = code.split('\n')
  expect(lines[0]).toBe('#!/usr/bin/env node')
  expect(lines[1]).toMatch(
    /^import \* as \$hot_n0 from '\.\/b\.js'; import \* as \$hot_n1 from '\.\/data\.json' with .* \$hot\.begin\(\); import b,/,
  )
  expect(lines.slice(2, 6)).toEqual([
    "import data from './data.json' with { type: 'json' }",
    "export * from './e.js'",
    'if (b) void $hot.hold((main()))',
    "async function main() { await $hot.note(import('./f.js')) }",
  ])
  expect(lines.slice(6)).toEqual([';$hot.end();', ''])
  expect(record).toMatchObject({
    opaque: 'it is excluded',
    imports: [
      { specifier: './b.js', names: ['default', 'c'] },
      { specifier: './data.json', names: ['default'] },
      { specifier: './e.js', names: [] },
    ],
    units: [{ isAsync: true, reads: ['default@./b.js', 'c@./b.js', 'default@./data.json', '*@./e.js', '*@*'] }],
  })
})

test('its names are not those of the module', () => {
  expect(opaque('const $hot = 1').code).toContain('var $hot1 = $hot1_create(')
})

test('syntax that is not known is left to whoever runs it', () => {
  expect(analyzeOpaque('@decorated class A {}')).toBeUndefined()
})
