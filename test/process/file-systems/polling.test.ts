import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventually, HOSTS } from '../../support/process/index.ts'
import { toWords, Words } from './server.ts'

const MANY = 50

test.for(HOSTS)('a watcher that polls loses nothing and says nothing twice: %s', async (host) => {
  const many = Array.from({ length: MANY }, (_, index) => index)
  const server = await Words.start({ host, watcher: 'polling' })
  const { project } = server
  await server.answer()

  // A new file, and a new folder.
  const added = await server.change(() => {
    for (const index of many) project.save(`src/many/word${index}.ts`, `export const word = 'a'\n`)
    project.save('src/words.ts', toImporter(many))
  })
  expect(added).toEqual([expect.stringMatching(/^patched src\/words\.ts: .*words\(\).* · kept everything/)])
  expect(await server.answer()).toBe('a'.repeat(MANY))

  const burst = await server.change(() => {
    for (const index of many) project.save(`src/many/word${index}.ts`, `export const word = 'b'\n`)
  })
  expect(burst[0]).toMatch(/^(?:patched|re-ran) src\/many\/word\d+\.ts: word; .* more modules/)
  // On a busy machine the watcher is late for some: another update has them.
  await eventually(async () => expect(await server.answer()).toBe('b'.repeat(MANY)))

  const broken = await server.change(() => project.save('src/words.ts', toWords('broken').slice(0, -3)))
  expect(broken).toEqual([expect.stringMatching(/^update failed: /)])
  expect(await server.answer()).toBe('b'.repeat(MANY))
  const mended = await server.change(() => project.save('src/words.ts', toWords('mended')))
  expect(mended).toEqual(['patched src/words.ts: words() · kept everything · up to date again'])
  expect(await server.answer()).toBe('mended')

  const deleted = await server.change(() => rmSync(project.path('src/words.ts')))
  expect(deleted).toEqual([expect.stringMatching(/^update failed: src\/words\.ts was deleted/)])
  expect(await server.answer()).toBe('mended')
  const restored = await server.change(() => project.save('src/words.ts', toWords('restored')))
  expect(restored).toEqual(['patched src/words.ts: words() · kept everything · up to date again'])
  expect(await server.answer()).toBe('restored')
})

function toImporter(many: readonly number[]): string {
  const imports = many.map((index) => `import { word as word${index} } from './many/word${index}.ts'\n`)
  return `${imports.join('')}\nexport function words(): string {\n  return ${many.map((index) => `word${index}`).join(' + ')}\n}\n`
}
