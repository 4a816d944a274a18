import * as path from 'node:path'
import { describe, expect, test } from 'vitest'
import { defineExports, gettersOf, type Namespace, Namespaces } from '../../../src/runtime/namespace.ts'
import { recordOf } from '../support/analysis.ts'

/** An exports object as both runners make it. */
function createRunnerExports(values: Record<string, unknown> = {}): Namespace {
  const exports = Object.create(null) as Namespace
  Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' })
  for (const name of Object.keys(values))
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => values[name] })
  return exports
}

describe('what a hot module uses for what it imports', () => {
  test("Node's own namespaces and other values are left alone", () => {
    const namespaces = new Namespaces()
    const values = { a: 1 }
    expect(namespaces.resolve(path as unknown as Namespace)).toBe(path)
    expect(namespaces.resolve(values)).toBe(values)
  })

  test('a hot module has one namespace, whoever asks first', () => {
    const namespaces = new Namespaces()
    const [early, late] = [createRunnerExports(), createRunnerExports()]
    const promised = namespaces.resolve(early)
    expect(namespaces.claim(early)).toBe(promised)
    expect(namespaces.resolve(late)).toBe(namespaces.claim(late))
  })

  test("a module that is not hot is seen through the runner's exports, before and after it has run", () => {
    const namespaces = new Namespaces()
    const values: Record<string, unknown> = {}
    const exports = createRunnerExports()
    const namespace = namespaces.resolve(exports)
    Object.defineProperty(exports, 'a', { enumerable: true, configurable: true, get: () => values.a })
    values.a = 1
    expect(namespace.a).toBe(1)
    namespaces.settle()
    values.a = 2
    expect(Object.keys(namespace)).toEqual(['a'])
    expect(namespace.a).toBe(2)
  })

  test("who holds the runner's exports sees names that came later", () => {
    const namespaces = new Namespaces()
    const exports = createRunnerExports()
    const namespace = namespaces.claim(exports)
    namespaces.extend(exports, namespace)
    Object.seal(exports)
    defineExports(namespace, new Map([['later', () => 1]]))
    expect(exports.later).toBe(1)
  })
})

describe('the names of a namespace', () => {
  const own = new Map<string, () => unknown>([
    ['a', () => 'own a'],
    ['b', () => 'own b'],
  ])
  const others: Record<string, Namespace> = {
    './x': { a: 'x.a', c: 'x.c', default: 'x default' },
    './y': { c: 'y.c', d: 'y.d' },
  }
  const valuesOf = (code: string): Namespace => {
    const namespace: Namespace = {}
    defineExports(
      namespace,
      gettersOf(recordOf(code), own, (specifier) => others[specifier]),
    )
    return { ...namespace }
  }

  test.each([
    ['own ones', 'export const a = 1, b = 2', { a: 'own a', b: 'own b' }],
    ['passed on', `export { c as e, default as f } from './x'`, { e: 'x.c', f: 'x default' }],
    ['a namespace', `export * as x from './x'`, { x: others['./x'] }],
    ['all of another, but for its default', `export * from './x'`, { a: 'x.a', c: 'x.c' }],
    ['own ones before those of others', `export const a = 1; export * from './x'`, { a: 'own a', c: 'x.c' }],
    ['those of a module that is not there yet', `export * from './z'; export { q } from './z'`, { q: undefined }],
  ])('%s', (_, code, expected) => {
    expect(valuesOf(code)).toEqual(expected)
  })

  test('come and go', () => {
    const namespace: Namespace = {}
    defineExports(namespace, own)
    defineExports(namespace, new Map([['b', () => 'new b']]))
    expect({ ...namespace }).toEqual({ b: 'new b' })
  })

  test('of two modules that export one name, the first has it', () => {
    // As in both runners. ECMAScript (ResolveExport) has neither: the name is ambiguous.
    expect(valuesOf(`export * from './x'; export * from './y'`)).toEqual({ a: 'x.a', c: 'x.c', d: 'y.d' })
  })
})
