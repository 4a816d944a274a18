import { describe, expect, test } from 'vitest'
import { analyze } from '../support/analysis.ts'

/** Every hash of a module, with the key of what it is the hash of where the key tells kinds apart. */
function hashesOf(code: string): string[] {
  return analyze(code).units.flatMap(({ facts }) => [
    facts.hash,
    ...facts.cells.map(({ key, hash }) => `${key} ${hash}`),
  ])
}

describe('the same meaning', () => {
  test.each([
    ['white space', 'const f = (a) => { return a + 1 }', 'const  f=(a)=>{\n\n  return a+1\n}'],
    ['comments', 'f(1, () => 2)', '/* a */ f(/* b */ 1, // c\n () => /* d */ 2)'],
    ['semicolons', 'f(1);g(2);', 'f(1)\ng(2)'],
    ['quotes', `f('a"b')`, 'f("a\\"b")'],
    ['escapes', `f('\\u0061')`, `f('a')`],
    ['numbers', 'f(1000, 0xff)', 'f(1_000, 255)'],
    ['parentheses', 'f(a + (b * c))', 'f(a + b * c)'],
    ['trailing commas', 'f([1, 2], { a })', 'f([1, 2,], { a, },)'],
    [
      'a line that JSX moved from',
      `f({ fileName: _jsxFileName, lineNumber: 1, columnNumber: 2 })`,
      `f({ fileName: _jsxFileName, lineNumber: 9, columnNumber: 8 })`,
    ],
    ['under which name something is imported', `import { a } from 'm'; f(a)`, `import { a as b } from 'm'; f(b)`],
    ['a directive', `function f() { 'use strict' }`, 'function f() { "use strict" }'],
  ])('%s does not matter', (_, one, other) => {
    expect(hashesOf(one)).toEqual(hashesOf(other))
  })
})

describe('another meaning', () => {
  test.each([
    ['a literal', 'f(1)', 'f(2)'],
    ['null and a text', 'f(null)', `f('null')`],
    ['a big integer', 'f(1n)', 'f(1)'],
    ['a flag of a regular expression', 'f(/a/g)', 'f(/a/i)'],
    ['a template', 'f(`a${b}`)', 'f(`b${b}`)'],
    ['the escapes of a template, which tags see', 'f`\\u0061`', 'f`a`'],
    ['an operator', 'f(a && b)', 'f(a || b)'],
    ['an optional chain', 'f(a?.b)', 'f(a.b)'],
    ['a hole in an array', 'f([1, , 2])', 'f([1, 2])'],
    ['an else', 'if (a) f(); else g()', 'if (a) f(); g()'],
    ['where an else belongs', 'if (a) { if (b) f() } else g()', 'if (a) { if (b) f(); else g() }'],
    ['the parts of a loop', 'for (a(); ; ) f()', 'for (; a(); ) f()'],
    ['which part of a loop is missing', 'for (; ; a()) f()', 'for (; a(); ) f()'],
    ['a static member', 'class A { static m() {} }', 'class A { m() {} }'],
    ['a computed key', 'f({ [a]: 1 })', 'f({ a: 1 })'],
    ['async in a callback', 'f(() => 1)', 'f(async () => 1)'],
    ['a generator', 'function f() {}', 'function* f() {}'],
    ['a prefix and a suffix', 'f(a++)', 'f(++a)'],
    ['a name', 'f(a)', 'f(b)'],
    ['where an import comes from', `import { a } from 'm'; f(a)`, `import { a } from 'n'; f(a)`],
    ['what is imported', `import { a } from 'm'; f(a)`, `import { b as a } from 'm'; f(a)`],
    ['an import where there was a global', `f(a)`, `import { a } from 'm'; f(a)`],
    ['a declaration where there was a global', `f(a)`, `f(a); const a = 1`],
    ['a shadowed name', 'const a = 1; const g = () => { f(a) }', 'const a = 1; const g = () => { let b; f(b) }'],
    ['the order of keys', 'f({ a: 1, b: 2 })', 'f({ b: 2, a: 1 })'],
    ['a label', 'a: for (;;) break a', 'a: for (;;) break'],
    ['a private name', 'class A { #a; m() { return this.#a } }', 'class A { a; m() { return this.a } }'],
  ])('%s matters', (_, one, other) => {
    expect(hashesOf(one)).not.toEqual(hashesOf(other))
  })
})

describe('another meaning, written almost alike', () => {
  test.each([
    ['the type of a literal', 'f(1)', `f('1')`],
    ['true and its text', 'f(true)', `f('true')`],
    ['null and false', 'f(null)', 'f(false)'],
    [
      'a constant that becomes a variable',
      'const a = 1; function set() { a = 2 }',
      'let a = 1; function set() { a = 2 }',
    ],
  ])('%s', (_, one, other) => {
    expect(hashesOf(one)).not.toEqual(hashesOf(other))
  })
})

test('the text of a cell is not part of its unit', () => {
  const [one, other] = ['app.get("/", (c) => c.text("one"))', 'app.get("/", async (c) => c.json(2))'].map(
    (code) => analyze(code).units[0]?.facts,
  )
  expect(one?.hash).toBe(other?.hash)
  expect(one?.key).toBe(other?.key)
  expect(one?.cells[0]?.hash).not.toBe(other?.cells[0]?.hash)
})

test('an arrow and a declaration of the same name are one cell', () => {
  const [one, other] = ['const f = () => 1', 'function f() { return 1 }'].map((code) => analyze(code).units[0]?.facts)
  expect([one?.key, one?.hash, one?.cells[0]?.key]).toEqual([other?.key, other?.hash, other?.cells[0]?.key])
})

test('equal statements have keys of their own', () => {
  const keys = analyze('f(1)\nf(1)\nf(2)').units.map(({ facts }) => facts.key)
  expect(new Set(keys).size).toBe(3)
})
