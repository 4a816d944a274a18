import { describe, expect, test } from 'vitest'
import { diffModules } from '../../../src/runtime/plan/diff.ts'
import { recordOf } from '../support/analysis.ts'

interface Summary {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  readonly cells: readonly string[]
  readonly exports: readonly string[]
  readonly isEmpty: boolean
}

/** What an edit comes to, by label. */
function diff(before: string, after: string): Summary {
  const { added, removed, changed, cells, exports, isEmpty } = diffModules(recordOf(before), recordOf(after))
  return {
    added: added.map(({ label }) => label),
    removed: removed.map(({ label }) => label),
    changed: changed.map(({ label }) => label),
    cells: cells.map(({ cell, kind }) => `${kind} ${cell.label}`),
    exports,
    isEmpty,
  }
}

const NOTHING = { added: [], removed: [], changed: [], cells: [], exports: [], isEmpty: true }

describe('an edit that changes nothing that runs', () => {
  test.each([
    ['a comment', 'f(1)', '// one\nf(1)'],
    ['the place of a function', 'function a() {}\nf(1)', 'f(1)\nfunction a() {}'],
    ['the place of a constant that calls nothing', 'const a = 1\nf(1)', 'f(1)\nconst a = 1'],
    ['the place of two functions', 'function a() {}\nfunction b() {}', 'function b() {}\nfunction a() {}'],
    ['the order of imports', `import 'a'\nimport 'b'`, `import 'b'\nimport 'a'`],
  ])('%s', (_, before, after) => {
    expect(diff(before, after)).toEqual(NOTHING)
  })
})

describe('a change of cells alone', () => {
  test.each([
    ['a function', 'export function a() { return 1 }', 'export function a() { return 2 }', ['changed a()']],
    ['a constant arrow', 'const a = () => 1', 'const a = () => 2', ['changed a()']],
    ['an arrow that becomes a function', 'const a = () => 1', 'function a() { return 2 }', ['changed a()']],
    ['a callback', `app.get('/', () => 1)`, `app.get('/', () => 2)`, [`changed app.get('/') callback`]],
    ['a method', 'class A { m() { return 1 } }', 'class A { m() { return 2 } }', ['changed A.m()']],
    [
      'a method that comes and one that goes',
      'class A { m() {} }',
      'class A { n() {} }',
      ['added A.n()', 'removed A.m()'],
    ],
    [
      'a constructor',
      'class A { constructor() { this.x = 1 } }',
      'class A { constructor() { this.x = 2 } }',
      ['changed new A()'],
    ],
    ['a field', 'class A { x = 1 }', 'class A { x = 2 }', ['changed new A()']],
  ])('%s', (_, before, after, cells) => {
    expect(diff(before, after)).toMatchObject({ added: [], removed: [], changed: [], cells, isEmpty: false })
  })
})

test('another arity is noted', () => {
  const { cells } = diffModules(recordOf('function a(x) {}'), recordOf('function a(x, y) {}'))
  expect(cells.map(({ isArityChanged }) => isArityChanged)).toEqual([true])
})

test('an effect with another text is another effect', () => {
  expect(diff('f(1)', 'f(2)')).toMatchObject({ added: ['f(2)'], removed: ['f(1)'], changed: [] })
})

test('a value with another text is changed', () => {
  expect(diff('const a = f(1)', 'const a = f(2)')).toMatchObject({ added: [], removed: [], changed: ['a'] })
})

test('a second equal effect is one more', () => {
  expect(diff('f(1)', 'f(1)\nf(1)')).toMatchObject({ added: ['f(1)'], removed: [], changed: [] })
})

test('a static of a class changes the class', () => {
  expect(diff('class A { static x = 1 }', 'class A { static x = 2 }')).toMatchObject({ changed: ['A'] })
})

describe('units that run something and have moved', () => {
  test.each([
    ['two effects that change places', 'a()\nb()', 'b()\na()', ['a()']],
    ['one that moves to the end', 'a()\nb()\nc()', 'b()\nc()\na()', ['a()']],
    ['one that moves to the start', 'a()\nb()\nc()', 'c()\na()\nb()', ['c()']],
    ['one among those that stay', 'a()\nb()\nc()\nd()', 'a()\nc()\nb()\nd()', ['b()']],
    ['a new one between moves nothing', 'a()\nb()', 'a()\nx()\nb()', []],
    ['a removed one between moves nothing', 'a()\nx()\nb()', 'a()\nb()', []],
    ['all in reverse', 'a()\nb()\nc()', 'c()\nb()\na()', 2],
  ])('%s', (_, before, after, moved) => {
    const { changed } = diff(before, after)
    expect(typeof moved === 'number' ? changed.length : changed).toEqual(moved)
  })
})

describe('exports', () => {
  test.each([
    ['one that comes', 'const a = 1', 'export const a = 1', ['a']],
    ['one that goes', 'export const a = 1', 'const a = 1', ['a']],
    [
      'one that means something else',
      'const a = 1, b = 2\nexport { a as x }',
      'const a = 1, b = 2\nexport { b as x }',
      ['x'],
    ],
    ['one that is passed on from elsewhere', `export { a } from 'm'`, `export { a } from 'n'`, ['a']],
    [
      'an import that is exported',
      `import { a } from 'm'\nexport { a }`,
      `import { b as a } from 'm'\nexport { a }`,
      ['a'],
    ],
  ])('%s', (_, before, after, exports) => {
    expect(diff(before, after)).toMatchObject({ exports, isEmpty: false })
  })

  test('export * is part of the graph', () => {
    expect(diff(`export * from 'a'`, `export * from 'b'`)).toMatchObject({ exports: [], isEmpty: false })
  })

  test('so is an import that nothing uses', () => {
    expect(diff('', `import 'a'`)).toMatchObject({ added: [], isEmpty: false })
  })
})
