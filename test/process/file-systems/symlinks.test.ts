import { renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Project } from '../../support/process/index.ts'
import { toWords, WATCHERS, Words } from './server.ts'

const AXES = WATCHERS.flatMap((axis) => [true, false].map((preserves) => ({ ...axis, preserves })))

/** What is a link, and from where to where it can lead. */
const LINKS = {
  file: { at: 'src/words.ts', one: '../versions/one/words.ts', two: '../versions/two/words.ts' },
  folder: { at: 'src', one: 'versions/one', two: 'versions/two' },
}

for (const kind of ['file', 'folder'] as const)
  test.for(AXES)(
    `a ${kind} that is a link is followed: $host, $watcher, preserveSymlinks: $preserves`,
    async (axis) => {
      const { at, one, two } = LINKS[kind]
      const server = await Words.start({
        ...axis,
        options: `resolve: { preserveSymlinks: ${axis.preserves} }, `,
        prepare: (project) => {
          project.save('versions/one/words.ts', toWords('one'))
          project.save('versions/two/words.ts', toWords('two'))
          rmSync(project.path(at), { recursive: true })
          link(project, one, at)
        },
      })
      const { project } = server
      expect(await server.answer()).toBe('one')
      const patched = (folder: string): string =>
        `patched ${axis.preserves ? 'src' : folder}/words.ts: words() · kept everything`
      const linked = axis.preserves ? patched('src') : 'patched server.ts: import of ./src/words.ts · kept everything'

      // The second time finds what the first did to the watcher.
      for (const word of ['edited', 'edited again']) {
        const printed = await server.change(() => project.save('versions/one/words.ts', toWords(word)))
        expect(printed).toEqual([patched('versions/one')])
        expect(await server.answer()).toBe(word)
      }

      expect(await server.change(() => link(project, two, at))).toEqual([linked])
      expect(await server.answer()).toBe('two')
      const printed = await server.change(() => project.save('versions/two/words.ts', toWords('two edited')))
      expect(printed).toEqual([patched('versions/two')])
      expect(await server.answer()).toBe('two edited')

      expect(await server.change(() => link(project, one, at))).toEqual([linked])
      expect(await server.answer()).toBe('edited again')
      const again = await server.change(() => project.save('versions/one/words.ts', toWords('one edited')))
      expect(again).toEqual([patched('versions/one')])
      expect(await server.answer()).toBe('one edited')

      // It leads to nothing, and then to something.
      const nowhere = await server.change(() => link(project, one.replace('one', 'three'), at))
      expect(nowhere).toEqual([expect.stringMatching(/^update failed: /)])
      expect(await server.answer()).toBe('one edited')
      const there = await server.change(() => project.save('versions/three/words.ts', toWords('three')))
      expect(there).toEqual([expect.stringMatching(/^patched .* · kept everything · up to date again$/)])
      expect(await server.answer()).toBe('three')
    },
  )

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

/** As `ln -sfn` and Kubernetes do it: another link is made and takes the name. */
function link(project: Project, target: string, at: string): void {
  symlinkSync(target, project.path(`${at}.link`))
  renameSync(project.path(`${at}.link`), project.path(at))
}
