import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HotCode, toHotCode } from '../../../src/plugin/hot-code.ts'
import { HotCodeCache } from '../../../src/plugin/hot-code-cache.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hot-code-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const MODULES = 120
const ROOT = '/app'

const sourceOf = (index: number): string =>
  `import { a } from './a.js'\nexport const name = '${index} “ü”'\nexport function get() { return a(name) }\n`

interface Start {
  /** Modules that were made, and not found. */
  readonly made: readonly number[]
  readonly hot: readonly HotCode[]
}

/** One start of a program. */
async function start(
  modules: number = MODULES,
  { source = sourceOf, root = ROOT, isLinkedLater = true }: Partial<Options> = {},
): Promise<Start> {
  const cache = new HotCodeCache(folder, root)
  const made: number[] = []
  const hot = Array.from({ length: modules }, (_, index) => {
    const facts = { id: `${root}/${index}.js`, label: `${index}.js`, runtime: 'virtual:runtime', isLinkedLater }
    return cache.find(source(index), facts, () => {
      made.push(index)
      return toHotCode(source(index), facts)
    })
  })
  await cache.finish()
  return { made, hot }
}

interface Options {
  readonly source: (index: number) => string
  readonly root: string
  readonly isLinkedLater: boolean
}

/** All there is to a module, as data. */
function toData({ hot }: Start): unknown {
  return hot.map((one) => {
    if (one.kind !== 'hot') return one
    const { code, record, bare } = one.module
    return JSON.parse(JSON.stringify({ code, record, bare, map: one.module.map() })) as unknown
  })
}

function cacheFile(): string {
  const [name = ''] = readdirSync(join(folder, 'hot-node'))
  return join(folder, 'hot-node', name)
}

test('the second start finds what the first has made', async () => {
  const first = await start()
  const second = await start()
  expect(first.made).toHaveLength(MODULES)
  expect(second.made).toEqual([])
  expect(toData(second)).toEqual(toData(first))
})

test('a module that changed is made', async () => {
  await start()
  const source = (index: number): string => sourceOf(index) + (index === 7 ? '// another letter\n' : '')
  const { made, hot } = await start(MODULES, { source })
  expect(made).toEqual([7])
  expect(hot[7]?.kind === 'hot' && hot[7].module.code).toContain('another letter')
})

test('modules are made that are to become something else', async () => {
  await start()
  const { made } = await start(MODULES, { isLinkedLater: false })
  expect(made).toHaveLength(MODULES)
})

test.each([
  ['is cut off', (text: string) => text.slice(0, text.length / 2), MODULES / 2],
  ['has a letter that is another', (text: string) => text.replace('$hot_boot', '$hot_boat'), 1],
  ['has bodies of other lines', (text: string) => text.replaceAll(/^(\S+) (\S+) /gm, '$2 $1 '), MODULES],
  ['is something else', () => '\n{}\n\u0000', MODULES],
  ['is empty', () => '', MODULES],
])('a file that %s is of no use as far as it is broken', async (_, breakIt, lacking) => {
  const first = await start()
  writeFileSync(cacheFile(), breakIt(readFileSync(cacheFile(), 'utf8')))
  const second = await start()
  expect(Math.abs(second.made.length - lacking)).toBeLessThanOrEqual(1)
  expect(toData(second)).toEqual(toData(first))
})

test('a folder that cannot be written to costs no start', async () => {
  writeFileSync(join(folder, 'hot-node'), 'a file')
  const { made } = await start()
  expect(made).toHaveLength(MODULES)
  expect((await start()).made).toHaveLength(MODULES)
})

test('a file that cannot be read costs no start', async () => {
  await start()
  const file = cacheFile()
  rmSync(file)
  mkdirSync(file)
  expect((await start()).made).toHaveLength(MODULES)
})

test('nothing is written for a small program', async () => {
  await start(20)
  expect(existsSync(join(folder, 'hot-node'))).toBe(false)
})

test('nothing is left beside the file', async () => {
  await start()
  expect(readdirSync(join(folder, 'hot-node'))).toHaveLength(1)
})

test('programs of two roots have a file each', async () => {
  await start()
  await start(MODULES, { root: '/other' })
  expect((await start()).made).toEqual([])
})

test('two programs of one root both find theirs', async () => {
  const source = (index: number): string => `export const other = ${index}\n`
  await start()
  await start(MODULES, { source })
  expect((await start()).made).toEqual([])
  expect((await start(MODULES, { source })).made).toEqual([])
})

test('what nobody asks for any more goes in time', async () => {
  for (let version = 0; version < 6; version++)
    await start(MODULES, { source: (index) => `export const version = ${version} + ${index}\n` })
  expect(readFileSync(cacheFile(), 'utf8').trim().split('\n')).toHaveLength(2 * MODULES)
})

test('after the start, nothing is looked up', async () => {
  await start()
  const cache = new HotCodeCache(folder, ROOT)
  await cache.finish()
  const facts = { id: `${ROOT}/0.js`, label: '0.js', runtime: 'virtual:runtime', isLinkedLater: true }
  let isMade = false
  cache.find(sourceOf(0), facts, () => ((isMade = true), toHotCode(sourceOf(0), facts)))
  expect(isMade).toBe(true)
})

test('after the first save nothing is looked up or kept, and what the start made is written', async () => {
  const cache = new HotCodeCache(folder, ROOT)
  let made = 0
  const find = (index: number): void => {
    const facts = { id: `${ROOT}/${index}.js`, label: `${index}.js`, runtime: 'virtual:runtime', isLinkedLater: true }
    cache.find(sourceOf(index), facts, () => {
      made += 1
      return toHotCode(sourceOf(index), facts)
    })
  }
  for (let index = 0; index < MODULES; index += 1) find(index)
  cache.stop()
  find(0)
  find(MODULES)
  await cache.finish()

  expect(made).toBe(MODULES + 2)
  expect((await start(MODULES + 1)).made).toEqual([MODULES])
})
