import { describe, expect, test } from 'vitest'
import { toHotCode } from '../../../src/plugin/hot-code.ts'
import { createLabeler, createModuleFilter, toModuleId, transformModule } from '../../../src/plugin/hooks/transform.ts'
import { resolveOptions } from '../../../src/plugin/options.ts'

describe('which modules become hot', () => {
  test.each([
    ['/app/src/a.ts', true],
    ['/app/src/a.ts?raw', true],
    ['/app/data.json', true],
    ['\0virtual:routes', true],
    ['/app/node_modules/x/index.js', false],
    ['/@vite/env', false],
    ['\0hot-node:runtime.js', false],
    ['\0@oxc-project/runtime/helpers/decorate.js', false],
    ['\0commonjsHelpers.js', false],
  ])('%j by default: %s', (id, isHot) => {
    expect(createModuleFilter(resolveOptions())(id)).toBe(isHot)
  })

  test('those of the options, by path', () => {
    const isIncluded = createModuleFilter(resolveOptions({ include: /\/src\//, exclude: [/\.gen\.ts$/] }))
    const ids = ['/app/src/a.ts', '/app/src/a.gen.ts', '/app/src/a.gen.ts?x', '/app/lib/a.ts']
    expect(ids.filter((id) => isIncluded(id))).toEqual(['/app/src/a.ts'])
  })
})

describe('a module has one id', () => {
  test.each([
    ['/a.ts', '/a.ts'],
    ['/a.ts?hot-reload=3', '/a.ts'],
    ['/a.ts?raw&hot-reload=3', '/a.ts?raw'],
    ['/a.ts?hot-reload=3&raw', '/a.ts?raw'],
    ['/a.ts?raw', '/a.ts?raw'],
  ])('%s is %s', (id, expected) => {
    expect(toModuleId(id)).toBe(expected)
  })
})

describe('a module before a person', () => {
  test.each([
    ['/app/src/a.ts', 'src/a.ts'],
    ['/other/a.ts', '/other/a.ts'],
    ['\0virtual:routes', 'virtual:routes'],
  ])('%j is %s', (id, label) => {
    expect(createLabeler('/app')(id)).toBe(label)
  })
})

describe('a module that cannot be hot', () => {
  const toCode = (code: string): unknown =>
    toHotCode(code, { id: '/a.ts', label: 'a.ts', runtime: 'runtime', isLinkedLater: false })

  test('because it is too large says so', () => {
    expect(toCode(`//${'x'.repeat(1024 * 1024)}`)).toMatchObject({
      kind: 'opaque',
      opaque: { id: '/a.ts', label: 'a.ts', reason: 'it is over 1 MB' },
    })
  })

  test('because it is no code says where', () => {
    expect(toCode('const a = 1\nconst = 2')).toMatchObject({
      kind: 'invalid',
      message: 'Unexpected token',
      position: 18,
    })
  })

  test.each([['with (a) b'], ['var a = 010'], ['delete a'], ['\u0000\u0001binary']])('%j is no module', (code) => {
    expect(toCode(code)).toMatchObject({ kind: 'invalid' })
  })
})

test('a module whose imports Vite does not resolve imports the runtime by its address', () => {
  const toLabel = (id: string): string => id
  const runtimeOf = (id: string): unknown => {
    const hot = transformModule('export default 1', id, { toLabel, isIncluded: () => true, isLinkedLater: false })
    return hot.kind === 'hot' && /from "(.*?)"/.exec(hot.module.code)?.[1]
  }
  expect([runtimeOf('/a.ts'), runtimeOf('/a.json')]).toEqual([
    'virtual:hot-node/runtime',
    '/@id/__x00__hot-node:runtime.js',
  ])
})
