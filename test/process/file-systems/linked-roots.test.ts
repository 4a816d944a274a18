import { rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toWords, WATCHERS, Words } from './server.ts'

for (const how of ['where it is started', 'the root in its config'] as const)
  test.for(WATCHERS)(`a project is reached by way of a link, which is ${how}: $host, $watcher`, async (axis) => {
    const root = path.resolve(import.meta.dirname, `../../.tmp/link-${process.pid}-${(links += 1)}`)
    const server = await Words.start({
      ...axis,
      ...(how === 'where it is started' ? { cwd: root } : { options: `root: '${root}', ` }),
      prepare: (project) => {
        symlinkSync(project.root, root)
        onTestFinished(() => rmSync(root))
      },
    })
    const { project } = server
    expect(await server.answer()).toBe('first')
    for (const word of ['edited', 'edited again']) {
      const printed = await server.change(() => project.save('src/words.ts', toWords(word)))
      expect(printed).toEqual([expect.stringMatching(/^patched \S*src\/words\.ts: words\(\) · kept everything$/)])
      expect(await server.answer()).toBe(word)
    }
    const added = await server.change(() => {
      project.save('src/added.ts', `export const added = () => 'added'\n`)
      project.save('src/words.ts', `export { added as words } from './added.ts'\n`)
    })
    expect(added).toEqual([expect.stringMatching(/^patched \S*src\/words\.ts: /)])
    expect(await server.answer()).toBe('added')
  })

/** Made by this process, so that each has its own name. */
let links = 0
