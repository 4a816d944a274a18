import { describe, expect, test } from 'vitest'
import { analyze } from '../support/analysis.ts'

/** What each use of `x` means, in the order of the source. */
function meaningsOf(code: string): string[] {
  return analyze(code).names.references.flatMap(({ node, binding, usage }) => {
    if (node.name !== 'x') return []
    const meaning = binding ? (binding.scope.node.type === 'Program' ? `module ${binding.kind}` : binding.kind) : 'free'
    return [usage === 'read' ? meaning : `${meaning} ${usage}`]
  })
}

interface Row {
  readonly title: string
  readonly code: string
  readonly x: readonly string[]
  readonly bug?: string
}

const ROWS: readonly Row[] = [
  {
    title: 'nothing declares it',
    code: 'x; x(); typeof x; x = 1',
    x: ['free', 'free call', 'free typeof', 'free write'],
  },
  {
    title: 'an import',
    code: `import { x } from 'a'; x(x.y, { x })`,
    x: ['module import call', 'module import', 'module import'],
  },
  { title: 'an import under another name', code: `import { y as x } from 'a'; x\`t\``, x: ['module import call'] },
  { title: 'a use before its declaration', code: 'x(); function x() {}', x: ['module function call'] },
  { title: 'a parameter', code: 'const x = 1; const f = (x) => x; x', x: ['parameter', 'module const'] },
  { title: 'a parameter used by the default of the next', code: 'let x; function f(x, y = x) {}', x: ['parameter'] },
  { title: 'a default that uses the module', code: 'let x; function f(y = x) {}', x: ['module let'] },
  {
    title: 'a default where the body declares the name again',
    code: 'let x; function f(y = x) { var x }',
    x: ['module let'],
    bug: 'the body of a function and its parameters are one scope',
  },
  { title: 'a destructured parameter', code: 'let x; function f({ x }, [y = x]) { x }', x: ['parameter', 'parameter'] },
  { title: 'a renamed key is no use', code: 'let x; const f = ({ x: y }) => ({ x: y }.x)', x: [] },
  {
    title: 'a computed key is one',
    code: 'let x; const { [x]: y } = {}; ({ [x]: 1 })',
    x: ['module let', 'module let'],
  },
  { title: 'a rest element', code: 'let x; const f = (...x) => x', x: ['parameter'] },
  { title: 'a variable of a block', code: 'let x; { const x = 1; x } x', x: ['const', 'module let'] },
  { title: 'a var of a function', code: 'let x; function f() { x; { var x } }', x: ['var'] },
  { title: 'a var of a block belongs to the module', code: '{ var x } x', x: ['module var'] },
  { title: 'a function of a block', code: 'let x; { function x() {} x() } x', x: ['function call', 'module let'] },
  { title: 'the parameter of a catch', code: 'let x; try {} catch (x) { x } x', x: ['let', 'module let'] },
  { title: 'a destructured catch', code: 'let x; try {} catch ({ x, y = x }) {}', x: ['let'] },
  { title: 'a catch without a parameter', code: 'let x; try {} catch { x }', x: ['module let'] },
  { title: 'the head of a loop', code: 'let x; for (const x of [x]) x; x', x: ['let', 'let', 'module let'] },
  {
    title: 'a loop that assigns',
    code: 'let x; for (x of []) x; for (x in {});',
    x: ['module let write', 'module let', 'module let write'],
  },
  { title: 'a classic loop', code: 'let x; for (let x = 0; x < 1; x++) x', x: ['let', 'let write', 'let'] },
  { title: 'a switch', code: 'let x; switch (x) { case x: let x; x }', x: ['module let', 'let', 'let'] },
  {
    title: 'the name of a function expression',
    code: 'let x; const f = function x() { x }; x',
    x: ['self', 'module let'],
  },
  {
    title: 'the name of a class expression',
    code: 'let x; const C = class x extends x { m() { x } }; x',
    x: ['self', 'self', 'module let'],
  },
  {
    title: 'the name of a declared class, inside and out',
    code: 'class x { m() { x } } x',
    x: ['self', 'module class'],
  },
  {
    title: 'members of a class are no names',
    code: 'let x; class C { x = 1; #x = 2; m() { return this.x + this.#x } static x() {} }',
    x: [],
  },
  {
    title: 'computed members of a class',
    code: 'let x; class C { [x]() {} static [x] = x }',
    x: ['module let', 'module let', 'module let'],
  },
  { title: 'a static block', code: 'let x; class C { static { var x; x } } x', x: ['var', 'module let'] },
  { title: 'a label', code: 'let x; x: for (;;) { break x; continue x }', x: [] },
  {
    title: 'assignments of every form',
    code: 'let x; x = 1; x += 1; x++; [x] = []; ({ x } = {}); ({ y: [x = x] } = {})',
    x: Array.from({ length: 6 }, () => 'module let write').concat('module let'),
  },
  { title: 'a property assigned to', code: 'let x; x.y = 1; x.y++', x: ['module let', 'module let'] },
  { title: 'export lists', code: 'let x; export { x }', x: [] },
  { title: 'an export from elsewhere', code: `let x; export { x as y } from 'a'`, x: [] },
  { title: 'exported declarations', code: 'export const x = 1; export default x', x: ['module const'] },
  {
    title: 'a new expression, a spread, a template',
    code: 'let x; new x(...x, `${x}`)',
    x: ['module let', 'module let', 'module let'],
  },
  { title: 'optional chains', code: 'let x; x?.y?.(x); x?.()', x: ['module let', 'module let', 'module let call'] },
  { title: 'what a dynamic import is given', code: 'let x; import(x)', x: ['module let'] },
  {
    title: 'the options of a dynamic import',
    code: `let x; import('a', x)`,
    x: ['module let'],
    bug: 'only the specifier is looked at',
  },
]

describe('what a name means', () => {
  for (const { title, code, x, bug } of ROWS)
    test(`${title}${bug ? ` (known: ${bug})` : ''}`, { fails: bug !== undefined }, () => {
      expect(meaningsOf(code)).toEqual(x)
    })
})

test('arguments belongs to functions, but not to arrows', () => {
  const { references } = analyze('function f() { return () => arguments } const g = () => arguments').names
  expect(references.map(({ binding }) => binding?.kind)).toEqual(['parameter', undefined])
})

test('import.meta and import() are noted wherever they stand', () => {
  const { metas, dynamicImports } = analyze(
    `import.meta.url; function f() { new.target; import('a'); return import.meta }`,
  ).names
  expect([metas.length, dynamicImports.length]).toEqual([2, 1])
})

test('a use that begins a statement of a block is noted, as a parenthesis may follow', () => {
  const { references } = analyze('function f() { a()\nb.c()\nd = e() }\nif (g) h()').names
  const starts = references.filter(({ startsStatement }) => startsStatement)
  expect(starts.map(({ node }) => node.name)).toEqual(['a', 'b', 'd'])
})
