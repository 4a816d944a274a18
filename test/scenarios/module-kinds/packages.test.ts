import { join } from 'node:path'
import type { Plugin } from 'vite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { HotNodeOptions } from 'vite-plugin-hot-node'
import { createColdOracle } from '../../support/story/cold.ts'
import { createStory, HOSTS, type HostName, type Story } from '../../support/story/index.ts'

const SERVER = `
  import { describe } from 'inner'
  const cache = new Map()
  export const visit = () => cache.set('visits', (cache.get('visits') ?? 0) + 1)
  export const probe = () => describe()
  export const state = () => [...cache]`

function inline(): Plugin {
  return { name: 'inline', config: () => ({ ssr: { noExternal: ['inner'] } }) }
}

/** A server that imports a package in `node_modules`. */
async function createServer(
  host: HostName,
  { type, source, isInlined, options }: { type: string; source: string; isInlined: boolean; options?: HotNodeOptions },
): Promise<Story> {
  const plugins = (): Plugin[] => (isInlined ? [inline()] : [])
  const story = await createStory({ host, plugins, ...(options && { options }) })
  story.file('node_modules/inner/package.json', `{ "name": "inner", "type": "${type}", "main": "index.js" }`)
  story.file('node_modules/inner/index.js', source)
  story.file('server.ts', SERVER)
  return story
}

const FILE = 'node_modules/inner/index.js'
const MODULE = `const seen = []\nexport const describe = () => 'one' + seen.push(0)`
const COMMON_JS = `exports.describe = () => 'one'`

describe.each(HOSTS)('a package in node_modules, in %s', (host) => {
  test('is left to Node, CommonJS or not: its edits do nothing', async () => {
    for (const [type, source] of [
      ['commonjs', COMMON_JS],
      ['module', MODULE],
    ] as const) {
      const story = await createServer(host, { type, source, isInlined: false })
      await story.start('server.ts')

      expect(await story.edit(FILE, ["'one'", "'two'"])).toMatchObject({ rung: 'nothing' })

      const { value } = (await story.probe()) as { value: string }
      expect(value).toMatch(/^one/)
    }
  })

  test('is run as a whole where it is in ssr.noExternal: an edit of it runs every module again', async () => {
    const story = await createServer(host, { type: 'module', source: MODULE, isInlined: true })
    await story.start('server.ts')
    await story.call('visit')

    expect(await story.edit(FILE, ["'one'", "'two'"])).toMatchObject({ rung: 'hot-restart' })

    expect(await story.probe()).toStrictEqual({ value: 'two1' })
    expect(await story.call('state')).toStrictEqual([])
  })

  test('is patched in place where it is not excluded either', async () => {
    const options = { exclude: [] }
    const story = await createServer(host, { type: 'module', source: MODULE, isInlined: true, options })
    await story.start('server.ts')
    await story.call('visit')
    expect(await story.probe()).toStrictEqual({ value: 'one1' })

    expect(await story.edit(FILE, ["'one'", "'two'"])).toMatchObject({ rung: 'patch' })

    expect(await story.probe()).toStrictEqual({ value: 'two2' })
    expect(await story.call('state')).toStrictEqual([['visits', 1]])
  })
})

const IMPORTS_COMMON_JS = `import legacy, { describe } from './legacy.cjs'
  export const probe = () => describe() + legacy.describe()`

describe('CommonJS that Vite loads', () => {
  test('in ssr.noExternal, runs as a whole under vite-node', async () => {
    const story = await createServer('vite-node', { type: 'commonjs', source: COMMON_JS, isInlined: true })
    await story.start('server.ts')

    expect(await story.edit(FILE, ["'one'", "'two'"])).toMatchObject({ rung: 'hot-restart' })
    expect(await story.probe()).toStrictEqual({ value: 'two' })
  })

  test('in the project, runs as a whole under vite-node', async () => {
    const story = await createStory({ host: 'vite-node' })
    story.file('legacy.cjs', `module.exports = { describe: () => 'one' }`)
    story.file('server.ts', IMPORTS_COMMON_JS)
    await story.start('server.ts')
    expect(await story.probe()).toStrictEqual({ value: 'oneone' })

    expect(await story.edit('legacy.cjs', ["'one'", "'two'"])).toMatchObject({ rung: 'hot-restart' })
    expect(await story.probe()).toStrictEqual({ value: 'twotwo' })
  })

  test.for(HOSTS.filter((host) => host !== 'vite-node'))('does not run, as without the plugin: %s', async (host) => {
    const story = await createServer(host, { type: 'commonjs', source: COMMON_JS, isInlined: true })
    await expect(story.start('server.ts')).rejects.toThrow('exports is not defined')

    const cold = await createColdOracle(story.root, [inline()])
    onTestFinished(() => cold.close())
    const start = await cold.start(join(story.root, 'server.ts'))
    expect(start).toMatchObject({ failedToStart: expect.stringContaining('exports is not defined') })
  })
})
