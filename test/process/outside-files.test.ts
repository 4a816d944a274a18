import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { HOSTS, startServer } from '../support/process/index.ts'
import { ANY_OUTCOME } from './expectations.ts'

/** How git and some editors write a file anew; the watcher may look between the two. */
const PAUSES = ['0', '20']

/** By then the plugin does not look at a file again that was saved. */
const LATER = 500

const AXES = HOSTS.flatMap((host) => PAUSES.map((ms) => ({ host, ms })))

test.for(AXES)('a file outside the root is followed, deleted and written anew $ms ms later: $host', async (axis) => {
  const folder = `outside-${process.pid}`
  const file = `../${folder}/words.ts`
  const server = await startServer('http', {
    host: axis.host,
    prepare: (project) => {
      onTestFinished(() => rmSync(project.path(`../${folder}`), { recursive: true }))
      project.save(file, toWords('nothing'))
      project.save('server.ts', `import { words } from '${file}'\n${project.read('server.ts')}\nconsole.log(words())\n`)
    },
  })
  const { project } = server

  for (const word of ['one', 'two', 'three', 'four']) {
    await pause(LATER)
    rmSync(project.path(file))
    if (axis.ms !== '0') await pause(Number(axis.ms))
    project.save(file, toWords(word))
    await server.log.waitForLine(new RegExp(`^words: ${word}$`))
    await server.log.waitForLine(ANY_OUTCOME)
  }
  expect(String(server.log)).not.toMatch(/update failed|hot restart/)
})

function toWords(word: string): string {
  return `export const words = () => 'words: ${word}'\n`
}
