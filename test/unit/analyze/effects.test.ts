import { describe, expect, test } from 'vitest'
import type { Effects } from '../../../src/protocol/index.ts'
import { lastUnit } from '../support/analysis.ts'

const HEAD = `import { imported, lib } from 'm'; import * as all from 'n'; let app, store, service, a, b; function make() {} class K {}\n`

type Row = readonly [code: string, expected: Partial<Record<keyof Effects, readonly unknown[]>>]

function effectsOf(code: string): Record<keyof Effects, readonly unknown[]> {
  const { reads, touches, passes, calls } = lastUnit(HEAD + code)
  return { reads, touches, passes: passes.map(([callee, argument]) => `${argument} to ${callee}`), calls }
}

describe('what a statement reads', () => {
  test.each<Row>([
    ['a', { reads: ['a'] }],
    ['imported', { reads: ['imported@m'] }],
    ['all.one', { reads: ['one@n'] }],
    ['all', { reads: ['*@n'] }],
    ['all[a]', { reads: ['*@n', 'a'] }],
    [`import('x')`, { reads: ['*@x'] }],
    ['globalThis.x', { reads: [] }],
    ['{ let a = b }', { reads: ['b'] }],
  ])('%s', (code, expected) => {
    expect(effectsOf(code)).toMatchObject(expected)
  })
})

describe('what a statement touches', () => {
  test.each<Row>([
    ['a = b', { touches: ['a'] }],
    ['a++', { touches: ['a'] }],
    ['[a] = [b]', { touches: ['a'] }],
    ['a.b.c = b', { touches: ['a'] }],
    ['a.b++', { touches: ['a'] }],
    ['delete a.b', { touches: ['a'] }],
    ['app.get("/")', { touches: ['app'] }],
    ['app.route("/").get(b)', { touches: ['app'] }],
    ['await app.listen()', { touches: ['app'] }],
    ['void app.start()', { touches: ['app'] }],
    ['app?.use(b)', { touches: ['app'] }],
    ['Object.assign(store, b)', { touches: ['store'] }],
    ['Reflect.set(store, "a", b)', { touches: ['store'] }],
    ['const x = store.set("a")', { touches: ['store'] }],
    ['const x = store.get("a", b)', { touches: ['store'] }],
    ['imported.push(a)', { touches: ['imported@m'] }],
  ])('%s', (code, expected) => {
    expect(effectsOf(code)).toMatchObject(expected)
  })

  test.each<readonly [string]>([
    ['const x = store.get("a")'],
    ['const x = store.map((y) => y).filter(Boolean).join()'],
    ['const x = a.toString().trim()'],
    ['const x = store.has("a") ? a : b'],
    ['console.log(a)'],
    ['make().use(b)'],
    ['new K(a)'],
    ['a'],
  ])('%s touches nothing', (code) => {
    expect(effectsOf(code).touches).toEqual([])
  })

  test('a call that is a statement touches, whatever the method is called', () => {
    expect(effectsOf('store.get("a")').touches).toEqual(['store'])
  })
})

describe('what a statement passes and calls', () => {
  test.each<Row>([
    ['make(app)', { passes: ['app to make'], calls: ['make'] }],
    ['make({ app, b: [store] }, ...a)', { passes: ['app to make', 'store to make', 'a to make'] }],
    ['new K(app)', { passes: ['app to K'], calls: ['K'] }],
    ['lib.use(app)', { passes: ['app to lib@m'], calls: [], touches: ['lib@m'] }],
    ['all.use(app)', { passes: ['app to use@n'] }],
    ['make(app.x)', { passes: ['app to make'], calls: ['make'] }],
    ['make(() => app)', { passes: [], calls: ['make'] }],
    ['imported()', { calls: ['imported@m'] }],
    ['setTimeout(make, 1)', { calls: [], passes: [] }],
  ])('%s', (code, expected) => {
    expect(effectsOf(code)).toMatchObject(expected)
  })
})

describe('functions inside', () => {
  test('count apart from the code around them', () => {
    const unit = lastUnit(`${HEAD}{ const local = 1; const inner = () => { store.x = a + local }; inner() }`)
    expect(unit.touches).toEqual([])
    expect(unit.inner).toEqual([{ reads: ['store', 'a'], touches: ['store'], passes: [], calls: [] }])
  })

  test('that use nothing of the module are left out', () => {
    expect(lastUnit(`${HEAD}{ const local = 1; const inner = (x) => x + local; inner(1) }`).inner).toEqual([])
  })

  test('that are cells have effects of their own', () => {
    const unit = lastUnit(`${HEAD}app.get('/', (c) => store.get(c))`)
    expect(unit.reads).toEqual(['app'])
    expect(unit.cells.map(({ reads }) => reads)).toEqual([['store']])
  })
})

describe('a unit that calls nothing is pure', () => {
  test.each<readonly [string, boolean]>([
    ['const x = 1', true],
    ['const x = { a, b: [1], f: () => make() }', true],
    ['class X { m() { make() } }', true],
    ['function x() { make() }', true],
    ['const x = make()', false],
    ['const x = new K()', false],
    ['const x = [...a]', false],
    ['const x = make`t`', false],
    ['a = 1', false],
    ['a++', false],
    ['const x = await a', false],
    [`const x = import('x')`, false],
    ['class X { static x = make() }', false],
    ['class X { static {} }', false],
    ['class X extends a.B { [a.key]() {} x = make() }', true],
    ['class X extends mixin(B) {}', false],
    ['class X { [make()]() {} }', false],
  ])('%s: %s', (code, isPure) => {
    expect(lastUnit(HEAD + code).isPure).toBe(isPure)
  })
})
