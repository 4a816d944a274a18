import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HOSTS } from '../../support/process/index.ts'
import { Words } from './server.ts'

/** A folder of two modules, behind `src/words.ts`. */
const PARTS = {
  'src/words.ts': `import { one } from './parts/one.ts'\n\nexport function words(): string {\n  return one()\n}\n`,
  'src/parts/one.ts': `import { two } from './two.ts'\n\nexport function one(): string {\n  return two()\n}\n`,
  'src/parts/two.ts': `export function two(): string {\n  return 'two'\n}\n`,
}

function start(host: (typeof HOSTS)[number]): Promise<Words> {
  return Words.start({
    host,
    prepare: (project) => {
      for (const [file, text] of Object.entries(PARTS)) project.save(file, text)
    },
  })
}

test.for(HOSTS)('a file that is deleted and comes back: %s', async (host) => {
  const server = await start(host)
  const { project } = server
  await server.answer()

  for (const [before, word, line] of [
    ['two', 'two', 'up to date again'],
    ['two', 'other', 'patched src/parts/two.ts: two() · kept everything · up to date again'],
    ['other', 'other', 'up to date again'],
  ] as const) {
    const deleted = await server.change(() => rmSync(project.path('src/parts/two.ts')))
    expect(deleted).toEqual([expect.stringMatching(/^update failed: src\/parts\/two\.ts was deleted/)])
    expect(await server.answer()).toBe(before)
    const text = PARTS['src/parts/two.ts'].replace("two'", `${word}'`)
    expect(await server.change(() => project.save('src/parts/two.ts', text))).toEqual([line])
    expect(await server.answer()).toBe(word)
  }
})

test.for(HOSTS)('a file is deleted together with the import of it: %s', async (host) => {
  const server = await start(host)
  const { project } = server
  await server.answer()

  const gone = await server.change(() => {
    rmSync(project.path('src/parts/two.ts'))
    project.save('src/parts/one.ts', `export function one(): string {\n  return 'alone'\n}\n`)
  })
  expect(gone).toEqual(['patched src/parts/one.ts: one() · kept everything'])
  expect(await server.answer()).toBe('alone')
  const back = await server.change(() => {
    project.save('src/parts/two.ts', PARTS['src/parts/two.ts'].replace(`'two'`, `'again'`))
    project.save('src/parts/one.ts', PARTS['src/parts/one.ts'])
  })
  expect(back).toEqual(['patched src/parts/one.ts: one() · kept everything'])
  expect(await server.answer()).toBe('again')
})

test.for(HOSTS)('a folder is deleted and comes back: %s', async (host) => {
  const server = await start(host)
  const { project } = server
  await server.answer()
  cpSync(project.path('src/parts'), project.path('kept'), { recursive: true })

  // The second time finds what the first did to the watcher.
  for (const _ of [1, 2]) {
    const deleted = await server.change(() => rmSync(project.path('src/parts'), { recursive: true }))
    expect(deleted).toEqual(['update failed: src/parts/one.ts was deleted, but src/words.ts still imports it.'])
    expect(await server.answer()).toBe('two')
    const restored = await server.change(() => {
      mkdirSync(project.path('src/parts'))
      for (const file of ['one.ts', 'two.ts']) cpSync(project.path(`kept/${file}`), project.path(`src/parts/${file}`))
    })
    expect(restored).toEqual(['up to date again'])
    expect(await server.answer()).toBe('two')
  }
  const edited = await server.change(() => project.edit('src/parts/two.ts', `'two'`, `'edited'`))
  expect(edited).toEqual(['patched src/parts/two.ts: two() · kept everything'])
  expect(await server.answer()).toBe('edited')
})

test.for(HOSTS)('a folder is renamed together with the import of it, and back: %s', async (host) => {
  const server = await start(host)
  const { project } = server
  await server.answer()

  for (const [from, to] of [
    ['parts', 'pieces'],
    ['pieces', 'parts'],
  ] as const) {
    const renamed = await server.change(() => {
      renameSync(project.path(`src/${from}`), project.path(`src/${to}`))
      project.edit('src/words.ts', `./${from}/`, `./${to}/`)
    })
    expect(renamed).toEqual(['patched src/words.ts: words() · kept everything'])
    expect(await server.answer()).toBe(to === 'parts' ? 'pieces' : 'two')
    const edited = await server.change(() =>
      project.edit(`src/${to}/two.ts`, to === 'parts' ? `'pieces'` : `'two'`, `'${to}'`),
    )
    expect(edited).toEqual([`patched src/${to}/two.ts: two() · kept everything`])
    expect(await server.answer()).toBe(to)
  }
})
