import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { expect } from 'vitest'
import type { Project } from '../../support/process/index.ts'
import { toWords, WATCHERS, Words } from './server.ts'

/** With the names of links, or of what they lead to. */
export const AXES = WATCHERS.flatMap((axis) => [true, false].map((preserves) => ({ ...axis, preserves })))

/** What is a link, and from where to where it can lead. */
interface Link {
  readonly at: string
  readonly one: string
  readonly two: string
}

/**
 * Fails unless a link is followed: edits of what it leads to, and the link itself, to nothing as well.
 *
 * @returns what the server answers in the end, when it leads to `three`
 */
export async function followLink({ at, one, two }: Link, axis: (typeof AXES)[number]): Promise<string> {
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
  return server.answer()
}

/** As `ln -sfn` and Kubernetes do it: another link is made and takes the name. */
function link(project: Project, target: string, at: string): void {
  symlinkSync(target, project.path(`${at}.link`))
  renameSync(project.path(`${at}.link`), project.path(at))
}
