import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { createStory, HOSTS, type HostName, type Story, type StoryFile } from '../support/story/index.ts'

const WORKER = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', () => parentPort.postMessage('one'))`

/** Ways to start a worker thread when the server starts; each makes `worker`. */
const STARTS: readonly { readonly name: string; readonly source: string; readonly reran: string }[] = [
  {
    name: 'in a variable',
    source: `export const worker = new Worker(new URL('./worker.js', import.meta.url))`,
    reran: 'worker',
  },
  {
    name: 'in main()',
    source: `
      export let worker: Worker
      async function main() {
        await Promise.resolve()
        worker = new Worker(join(import.meta.dirname, 'worker.js'))
      }
      main()`,
    reran: 'main()',
  },
]

async function start(host: HostName, source: string): Promise<{ story: Story; server: StoryFile }> {
  const story = await createStory({ host })
  story.file('worker.js', WORKER)
  const server = story.module(`
    import { once } from 'node:events'
    import { join } from 'node:path'
    import { Worker } from 'node:worker_threads'
    ${source}
    export const probe = () => ''`)
  await story.start(server)
  return { story, server }
}

async function ask(worker: Worker): Promise<unknown> {
  const answer = once(worker, 'message')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of a worker thread, which has none
  worker.postMessage('')
  return (await answer)[0]
}

describe.each(HOSTS)('files that workers run in %s', (host) => {
  test.for(STARTS.map((one) => [one.name, one] as const))('a worker that start-up made, %s', async ([, one]) => {
    const { story, server } = await start(host, `${one.source}\n export const stop = () => worker.terminate()`)
    const worker = (): Worker => story.exports.worker as Worker
    const first = worker()
    expect(await ask(first)).toBe('one')

    const update = await story.edit('worker.js', ["'one'", "'two'"])

    expect(update).toMatchObject({
      rung: 're-run',
      why: expect.stringContaining('worker.js changed, which it runs') as never,
      notes: [],
    })
    expect(update).toMatchObject({
      reran: [{ module: server.path, what: expect.arrayContaining([one.reran]) as never }],
    })
    expect(await ask(worker())).toBe('two')
    expect(first.threadId).toBe(-1)

    const second = worker()
    expect(await story.edit('worker.js', (source) => source)).toMatchObject({ rung: 'nothing' })
    expect(await story.edit('worker.js', ["'two'", "'three' +"])).toMatchObject({
      rung: 'failed',
      failure: { code: 'transform_failed', location: { line: 3 } },
    })
    expect([worker(), await ask(second)]).toEqual([second, 'two'])
    expect(await story.edit('worker.js', ["'three' +", "'three'"])).toMatchObject({ rung: 're-run' })
    expect(await ask(worker())).toBe('three')
  })

  test('a worker that a request made goes on with the old code', async () => {
    const { story } = await start(
      host,
      `
      let worker: Worker | undefined
      export const begin = () => (worker = new Worker(new URL('./worker.js', import.meta.url)))
      export const stop = () => worker?.terminate()`,
    )
    const worker = (await story.call('begin')) as Worker
    expect(await ask(worker)).toBe('one')
    expect(await story.edit('worker.js', ["'one'", "'two'"])).toMatchObject({
      rung: 'nothing',
      notes: ['worker.js is not hot: a worker or process that runs it goes on with the old code'],
    })
    expect(await ask(worker)).toBe('one')
  })

  test('a child process that start-up made', async () => {
    const story = await createStory({ host })
    story.file('child.js', `process.on('message', () => process.send('one'))`)
    const server = story.module(`
      import { fork } from 'node:child_process'
      import { once } from 'node:events'
      import { join } from 'node:path'
      export const child = fork(join(import.meta.dirname, 'child.js'))
      export const answer = async () => {
        child.send('')
        return (await once(child, 'message'))[0]
      }
      export const stop = () => child.kill()
      export const probe = () => ''`)
    await story.start(server)
    expect(await story.call('answer')).toBe('one')
    expect(await story.edit('child.js', ["'one'", "'two'"])).toMatchObject({
      rung: 're-run',
      reran: [{ module: server.path, what: ['child'] }],
    })
    expect(await story.call('answer')).toBe('two')
  })

  test('a file that is named and that nothing runs', async () => {
    const { story } = await start(host, `export const name = 'worker.js'`)
    expect(await story.edit('worker.js', ["'one'", "'two'"])).toEqual({
      rung: 'nothing',
      number: expect.any(Number) as never,
      isStarted: true,
    })
  })
})
