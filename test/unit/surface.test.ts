import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const DIST = join(ROOT, 'dist')

test('the package exports one function, by name and by default', async () => {
  const surface = (await import('vite-plugin-hot-node')) as Record<string, unknown>
  expect(Object.keys(surface).toSorted()).toEqual(['default', 'hotNode'])
  expect(surface.default).toBe(surface.hotNode)
})

test('the entry for the code of a server keeps nothing by itself', async () => {
  const { keep, migrate, ...others } = await import('vite-plugin-hot-node/runtime')
  expect(Object.keys(others)).toEqual([])
  const [one, two] = [keep('key', () => ({})), keep('key', () => ({}))]
  expect(one).not.toBe(two)
  // Whatever copy of the package a module gets it from.
  expect(migrate).toBe(Symbol.for('vite-plugin-hot-node.migrate'))
})

test('the entry imports nothing, so that a build has no more than it', () => {
  expect(readFileSync(join(DIST, 'inert.js'), 'utf8')).not.toMatch(/\bimport\b/)
})

test('package.json exports the package, what a server imports, and itself, and nothing below', () => {
  const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>
  expect(packageJson.exports).toEqual({
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './runtime': { types: './dist/inert.d.ts', default: './dist/inert.js' },
    './package.json': './package.json',
  })
  expect(packageJson.files).toEqual(['dist'])
})

test('the types name what the functions take and give', () => {
  const types = readFileSync(join(DIST, 'index.d.ts'), 'utf8')
  const names = types.slice(types.lastIndexOf('export {')).match(/\w+(?=,| \}|$)/g) ?? []
  const expected = ['HotNodeApi', 'HotNodeOptions', 'ModuleChange', 'Outcome', 'Spans', 'UpdateFailure', 'UpdateTiming']
  expect(new Set(names)).toEqual(new Set([...expected, 'default', 'hotNode']))
})

test('the types of the entry name what the functions take', () => {
  const types = readFileSync(join(DIST, 'inert.d.ts'), 'utf8')
  const names = types.slice(types.lastIndexOf('export {')).match(/\w+(?=,| \}|$)/g) ?? []
  expect(new Set(names)).toEqual(new Set(['KeepOptions', 'keep', 'migrate']))
})

test('the runtime imports nothing but what Node has', () => {
  const runtime = readFileSync(join(DIST, 'runtime.js'), 'utf8')
  const specifiers = [...runtime.matchAll(/^import .*?from "(.+?)"|\bimport\("(.+?)"\)/gm)].map(
    ([, one, other]) => one ?? other,
  )
  expect(specifiers.filter((specifier) => !specifier?.startsWith('node:'))).toEqual([])
})

test('the plugin has an api for other plugins, and those beside it give modules their form and places', async () => {
  const { hotNode } = await import('vite-plugin-hot-node')
  const [plugin, ...others] = hotNode()
  expect(others.map(({ name }) => name)).toEqual([
    'hot-node:runner-form',
    'hot-node:watched-by-virtual',
    'hot-node:packages',
  ])
  expect(plugin).toMatchObject({ name: 'hot-node', enforce: 'post', apply: 'serve' })
  expect(Object.keys(plugin?.api as object).toSorted()).toEqual(['onOutcome', 'onTiming', 'settled', 'update'])
})
