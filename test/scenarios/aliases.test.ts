import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

/** `@/` stands for the folder `src`. */
function aliasPlugin(): Plugin {
  return { name: 'aliases', config: ({ root }) => ({ resolve: { alias: { '@/': `${join(root ?? '', 'src')}/` } } }) }
}

/** The same, said in the project's tsconfig.json. */
function pathsPlugin(): Plugin {
  return { name: 'paths', config: () => ({ resolve: { tsconfigPaths: true } }) }
}

const TSCONFIG = JSON.stringify({ compilerOptions: { target: 'es2022', paths: { '@/*': ['./src/*'] } } })

/** Finds `@/` itself, and has a module without a file. */
function resolvingPlugin(): Plugin {
  return {
    name: 'resolving',
    resolveId(id) {
      if (id === 'virtual:words') return '\0virtual:words.js'
      return id.startsWith('@/') ? this.resolve(`/src/${id.slice(2)}`) : undefined
    },
    load: (id) => (id === '\0virtual:words.js' ? `export const words = 'words'` : undefined),
  }
}

const WAYS = { alias: aliasPlugin, 'paths of tsconfig.json': pathsPlugin, 'a plugin': resolvingPlugin }

describe.each(HOSTS)('a name that is no path, in %s', (host) => {
  describe.each(Object.entries(WAYS))('by %s', (_way, plugin) => {
    test('is found where an edit adds it to the entry, and to another module', async () => {
      const story = await createStory({ host, plugins: () => [plugin()] })
      story.file('tsconfig.json', TSCONFIG)
      story.file('src/name.ts', `export const name = { text: 'one' }`)
      story.file('src/other.ts', `export const other = () => 'other'`)
      const server = story.module(
        `import { other } from '@/other.ts'
        export const probe = () => other()`,
        'server.ts',
      )
      await story.start(server)

      await story.edit(
        server,
        (source) => `import { name } from '@/name.ts'\n${source.replace('other()', 'other() + name.text')}`,
      )
      expect(await story.probe()).toStrictEqual({ value: 'otherone' })
      await story.edit(
        'src/other.ts',
        `import { name } from '@/name.ts'\nexport const other = () => name.text\nexport const otherName = () => name`,
      )
      expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
      await story.edit('src/name.ts', `export const name = { text: 'two' }`)
      expect(await story.probe()).toStrictEqual({ value: 'twotwo' })
      expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
    })

    test('is found where import() asks for it', async () => {
      const story = await createStory({ host, plugins: () => [plugin()] })
      story.file('tsconfig.json', TSCONFIG)
      story.file('src/name.ts', `export const name = 'one'`)
      story.file('src/late.ts', `export const name = 'late'`)
      const server = story.module(`export const probe = async () => (await import('@/name.ts')).name`, 'server.ts')
      await story.start(server)
      expect(await story.probe()).toStrictEqual({ value: 'one' })
      await story.edit(server, ['@/name.ts', '@/late.ts'])
      expect(await story.probe()).toStrictEqual({ value: 'late' })
      expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
    })

    test('is found again once it leads somewhere', async () => {
      const story = await createStory({ host, plugins: () => [plugin()] })
      story.file('tsconfig.json', TSCONFIG)
      story.file('src/other.ts', `export const other = () => 'other'`)
      const server = story.module(`export { other as probe } from '@/other.ts'`, 'server.ts')
      await story.start(server)

      const failed = await story.edit(
        'src/other.ts',
        `import { name } from '@/missing.ts'\nexport const other = () => name`,
      )
      expect(failed).toMatchObject({ rung: 'failed', failure: { code: 'import_failed' } })
      await story.create('src/missing.ts', `export const name = 'found'`)

      expect(await story.probe()).toStrictEqual({ value: 'found' })
      expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
    })

    test('leads to a file that was gone and has come back with another text', async () => {
      const story = await createStory({ host, plugins: () => [plugin()] })
      const toServer = (name: string): string => `import { routes } from '@/${name}.ts'
        const app = new Set(routes)
        export const probe = () => [...app].join()`
      const toRoutes = (...routes: readonly string[]): string =>
        ['export const routes = new Set()', ...routes.map((route) => `routes.add('${route}')`)].join('\n')
      story.file('tsconfig.json', TSCONFIG)
      story.file('src/one.ts', toRoutes('one'))
      const server = story.module(toServer('one'), 'server.ts')
      await story.start(server)

      await story.save({ 'src/one.ts': null, 'src/two.ts': toRoutes('one'), 'server.ts': toServer('two') })
      await story.save({ 'src/two.ts': null, 'src/one.ts': toRoutes('one'), 'server.ts': toServer('one') })
      await story.save({ 'src/one.ts': null, 'src/two.ts': toRoutes('one', 'two'), 'server.ts': toServer('two') })
      expect(await story.probe()).toStrictEqual({ value: 'one,two' })

      const failed = await story.remove('src/two.ts')
      expect(failed).toMatchObject({ rung: 'failed', failure: { code: 'deleted_but_imported' } })
      await story.create('src/two.ts', toRoutes('three'))
      expect(await story.probe()).toStrictEqual({ value: 'three' })
      expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
    })
  })

  test('is found where it is a virtual module that an edit adds', async () => {
    const story = await createStory({ host, plugins: () => [resolvingPlugin()] })
    const server = story.module(`export const probe = () => 'nothing'`, 'server.ts')
    await story.start(server)

    await story.edit(server, `import { words } from 'virtual:words'\nexport const probe = () => words`)

    expect(await story.probe()).toStrictEqual({ value: 'words' })
  })

  test('is found where it is a linked package that an edit adds, which is hot', async () => {
    const story = await createStory({ host })
    story.file('packages/shared/package.json', `{ "name": "@acme/shared", "type": "module", "exports": "./index.ts" }`)
    story.file('packages/shared/index.ts', `export enum Level { Low, High }\nexport const level = () => Level.High`)
    mkdirSync(join(story.root, 'node_modules/@acme'), { recursive: true })
    symlinkSync(join(story.root, 'packages/shared'), join(story.root, 'node_modules/@acme/shared'), 'dir')
    const server = story.module(`export const probe = () => 'nothing'`, 'server.ts')
    await story.start(server)

    await story.edit(server, `import { level } from '@acme/shared'\nexport const probe = () => level()`)
    expect(await story.probe()).toStrictEqual({ value: 1 })
    await story.edit('packages/shared/index.ts', ['=> Level.High', '=> Level.Low'])

    expect(await story.probe()).toStrictEqual({ value: 0 })
    expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
  })
})
