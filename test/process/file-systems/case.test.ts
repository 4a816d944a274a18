import { existsSync, renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HOSTS } from '../../support/process/index.ts'
import { Words } from './server.ts'

const IMPORTER = `import { store } from './store.ts'\n\nexport function words(): string {\n  return store()\n}\n`
const STORE = `export function store(): string {\n  return 'store'\n}\n`

/** Where `Store.ts` and `store.ts` are two files. */
const IS_CASE_SENSITIVE = !existsSync(import.meta.filename.toUpperCase())

test.skipIf(!IS_CASE_SENSITIVE).for(HOSTS)('a file whose name changes its case only, and back: %s', async (host) => {
  const server = await Words.start({
    host,
    prepare: (project) => {
      project.save('src/words.ts', IMPORTER)
      project.save('src/store.ts', STORE)
    },
  })
  const { project } = server
  expect(await server.answer()).toBe('store')

  for (const [from, to] of [
    ['store', 'Store'],
    ['Store', 'store'],
  ] as const) {
    const renamed = await server.change(() => {
      renameSync(project.path(`src/${from}.ts`), project.path(`src/${to}.ts`))
      project.edit('src/words.ts', `./${from}.ts`, `./${to}.ts`)
    })
    expect(renamed).toEqual(['patched src/words.ts: words() · kept everything'])
    expect(await server.answer()).toBe(from)
    const edited = await server.change(() => project.edit(`src/${to}.ts`, `'${from}'`, `'${to}'`))
    expect(edited).toEqual([`patched src/${to}.ts: store() · kept everything`])
    expect(await server.answer()).toBe(to)
  }

  const both = await server.change(() => {
    project.save('src/Store.ts', STORE.replace(`'store'`, `'beside'`))
    project.edit('src/words.ts', `./store.ts'`, `./store.ts'\nimport { store as other } from './Store.ts'`)
    project.edit('src/words.ts', `store()`, `store() + other()`)
  })
  expect(both).toEqual(['patched src/words.ts: words() · kept everything'])
  expect(await server.answer()).toBe('storebeside')
  await server.change(() => project.edit('src/Store.ts', `'beside'`, `'beside-edited'`))
  expect(await server.answer()).toBe('storebeside-edited')
  await server.change(() => project.edit('src/store.ts', `'store'`, `'edited'`))
  expect(await server.answer()).toBe('editedbeside-edited')
})
