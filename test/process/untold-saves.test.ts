import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HOSTS, startServer } from '../support/process/index.ts'

/** So long after a file was written anew the plugin no longer looks at it, and the watcher still drops the next time. */
const SOON = 75

/** The watcher is to find that the file is gone. */
const GONE = 3

/** The watcher holds a deletion back for 100 ms: it has been told, and what follows it has not. */
const HELD_BACK = 120

/** Later than what is told of the file being written. */
const LATE = 300

/** The watcher drops nothing any more. */
const LATER = 500

test.for(HOSTS)('a file that is deleted and written anew twice within 100 ms is followed: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      project.save('words.ts', toWords('nothing'))
      project.save('other.ts', toWords('nothing'))
      const imports = `import { words } from './words.ts'\nimport * as other from './other.ts'\n`
      project.save('server.ts', `${imports}${project.read('server.ts')}\nconsole.log(words(), other.words())\n`)
    },
  })
  const { project, log } = server
  const writeAnew = async (word: string): Promise<void> => {
    rmSync(project.path('words.ts'))
    await pause(GONE)
    project.save('words.ts', toWords(word))
  }

  for (const [first, second] of [
    ['one', 'two'],
    ['three', 'four'],
  ] as const) {
    await writeAnew(first)
    await log.waitForLine(new RegExp(`^${first} `))
    await pause(SOON - GONE)
    await writeAnew(second)
    project.save('other.ts', toWords(second))
    await log.waitForLine(new RegExp(`^${second} ${second}$`))
    await pause(LATER)
  }
  expect(String(log)).not.toMatch(/hot restart/)

  await writeAnew('five')
  await pause(SOON)
  rmSync(project.path('words.ts'))
  await log.waitForLine(/update failed: .*words\.ts was deleted/)
  project.save('words.ts', toWords('six'))
  await log.waitForLine(/^six /)

  // As soon as the watcher has told of the writing.
  await pause(LATER)
  await writeAnew('seven')
  await log.waitForLine(/^seven /)
  rmSync(project.path('words.ts'))
  await log.waitForLine(/update failed: .*words\.ts was deleted/)
  project.save('words.ts', toWords('eight'))
  await log.waitForLine(/^eight /)
})

test.for(HOSTS)('a file is there again when Vite tells of its deletion last: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      project.save('words.ts', toWords('nothing'))
      project.save(
        'server.ts',
        `import { words } from './words.ts'\n${project.read('server.ts')}\nconsole.log(words())\n`,
      )
      const config = project.read('vite.config.ts')
      const tellLate = `{
        name: 'tell-late',
        watchChange: (_id, { event }) => event === 'delete' ? new Promise((resolve) => setTimeout(resolve, ${LATE})) : undefined,
      }`
      project.save('vite.config.ts', config.replace('hotNode()', `hotNode(), ${tellLate}`))
    },
  })
  const { project, log } = server

  for (const word of ['one', 'two', 'three']) {
    const mark = log.mark()
    rmSync(project.path('words.ts'))
    await pause(HELD_BACK)
    project.save('words.ts', toWords(word))
    await log.waitForLine(new RegExp(`^${word}$`))
    await pause(LATER)
    expect(log.since(mark)).not.toContain('was deleted')
  }
})

/** Has a Vite plugin whose watcher says nothing of what is created in `made`, though it has found it. */
const KEEPS_STILL = `{
  name: 'keeps-still',
  configureServer({ watcher }) {
    const emit = watcher.emit.bind(watcher)
    const kept = new Set()
    watcher.emit = (event, ...details) => {
      const name = String(details[0])
      const isFirst = /^add(Dir)?$/.test(event) && /made\\/./.test(name) && !kept.has(name)
      if (isFirst) kept.add(name)
      return isFirst || emit(event, ...details)
    }
  },
}`

test.for(HOSTS)('a file comes with its folder, and the watcher says nothing of it: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      const config = project.read('vite.config.ts')
      project.save('vite.config.ts', config.replace('hotNode()', `${KEEPS_STILL}, hotNode()`))
      project.save('words.ts', toWords('nothing'))
      project.save(
        'server.ts',
        `import { words } from './words.ts'\n${project.read('server.ts')}\nconsole.log(words())\n`,
      )
    },
  })
  const { project, log } = server

  project.save('words.ts', `export { words } from './made/in/words.ts'\n`)
  await log.waitForLine(/update failed/)
  project.save('made/in/words.ts', toWords('found'))
  await log.waitForLine(/^found$/)
  project.save('made/in/words.ts', toWords('followed'))
  await log.waitForLine(/^followed$/)
  expect(String(log)).not.toMatch(/hot restart/)
})

function toWords(word: string): string {
  return `export const words = () => '${word}'\n`
}
