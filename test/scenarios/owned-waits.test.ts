import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

/** What loops say each time round, and who waits for a word of one. */
const said: string[] = []
let heard: (() => void) | undefined

beforeEach(() => {
  said.length = 0
  const say = (word: string) => {
    said.push(word)
    heard?.()
  }
  Object.assign(globalThis, { say })
})

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'say')
})

/** Until a word has been said so many times from now. */
async function hear(word: string, times: number): Promise<void> {
  const start = said.length
  while (said.slice(start).filter((one) => one === word).length < times)
    await new Promise<void>((resolve) => (heard = resolve))
}

const LOOPS = [
  {
    name: 'for await of setInterval',
    imports: `import { setInterval } from 'node:timers/promises'`,
    loop: `for await (const value of setInterval(5, word)) { await work(); say(value) }`,
  },
  {
    name: 'await setTimeout',
    imports: `import { setTimeout as sleep } from 'node:timers/promises'`,
    loop: `while (true) { say(await sleep(5, word)); await work() }`,
  },
  {
    name: 'await setTimeout with a signal',
    imports: `import { setTimeout as sleep } from 'node:timers/promises'\n const { signal } = new AbortController()`,
    loop: `while (true) { say(await sleep(5, word, { signal })) }`,
  },
  {
    name: 'await setImmediate',
    imports: `import timers from 'node:timers'`,
    loop: `while (true) { say(await timers.promises.setImmediate(word)) }`,
  },
  {
    name: 'scheduler.wait',
    imports: `import { scheduler } from 'node:timers/promises'`,
    loop: `while (true) { await scheduler.wait(5); say(word) }`,
  },
  {
    name: 'promises of setTimeout',
    imports: ``,
    loop: `while (true) { await new Promise((resolve) => { setTimeout(resolve, 5) }); say(word) }`,
  },
  {
    name: 'promisify(setTimeout)',
    imports: `import { promisify } from 'node:util'\n const sleep = promisify(setTimeout)`,
    loop: `while (true) { say(await sleep(5, word)) }`,
  },
]

describe.each(HOSTS.flatMap((host) => LOOPS.map((loop) => ({ ...loop, host }))))(
  'a loop with $name in $host',
  ({ host, imports, loop }) => {
    test('ends with the run that began it', async () => {
      const story = await createStory({ host })
      const server = story.module(`
        ${imports}
        const word = 'one'
        const work = () => new Promise<void>((resolve) => { queueMicrotask(resolve) })
        async function run(word: string) { try { ${loop} } finally { say('left') } }
        function start(word: string) { void run(word) }
        start(word)
        export const probe = () => 1`)
      await story.start(server)
      await hear('one', 3)

      expect(await story.edit(server, ["word = 'one'", "word = 'two'"])).toMatchObject({ rung: 're-run' })
      said.length = 0
      await hear('two', 5)
      expect(said).not.toContain('one')

      expect(await story.edit(server, ["'two'\n", "'three'; throw 1\n"])).toMatchObject({ rung: 'failed' })
      await hear('two', 3)

      expect(await story.edit(server, ["'three'; throw 1\n", "'two'\n"])).not.toMatchObject({ rung: 'failed' })
      expect(await story.edit(server, ['start(word)\n', '\n'])).not.toMatchObject({ rung: 'failed' })
      said.length = 0
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(said).toEqual([])
    })
  },
)

describe.each(HOSTS)('waits in %s', (host) => {
  test('an interval is an async iterator as Node makes it', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { setInterval, setTimeout } from 'node:timers/promises'
      const seen: unknown[] = []
      let ticks = 0
      for await (const value of setInterval(1, 'tick')) { seen.push(value); if (++ticks === 2) break }
      const iterator = setInterval(1, 'tick')
      seen.push(iterator[Symbol.asyncIterator]() === iterator, await iterator.next(), await iterator.return!())
      const ended = AbortSignal.abort(new Error('mine'))
      try { await setTimeout(1, 0, { signal: ended }) } catch (error) { seen.push((error as Error).name, (error as any).cause.message) }
      try { await setTimeout(1, 0, { signal: 1 as never }) } catch (error) { seen.push((error as any).code) }
      export const probe = () => seen`)
    await story.start(server)

    const once = { value: 'tick', done: false }
    expect(await story.probe()).toEqual({
      value: [
        'tick',
        'tick',
        true,
        once,
        { done: true, value: undefined },
        'AbortError',
        'mine',
        'ERR_INVALID_ARG_TYPE',
      ],
    })
  })

  test('a wait that a request began goes on, also while units run again', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { setTimeout } from 'node:timers/promises'
      const version = 0
      const start = (n: number) => setTimeout(20, n)
      await start(version)
      export const request = () => setTimeout(20, 'answered')
      export const probe = () => 1`)
    await story.start(server)

    const editing = story.edit(server, ['version = 0', 'version = 1'])
    expect(await story.call('request')).toBe('answered')
    expect(await editing).toMatchObject({ rung: 're-run' })
  })
})
