import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

/** `fail()` makes an error that nobody catches, and what waits for it waits in vain. */
const WAITS = (fail: string): string => `
  import { EventEmitter } from 'node:events'
  const version = 'one'
  const client = new EventEmitter()
  function fail(): void { ${fail} }
  async function main() {
    if (version === 'one') return
    if (version === 'two') await new Promise(() => fail())
    await new Promise<void>((resolve) => { (process as any).once('uncaught:go', resolve); (process as any).emit('uncaught:waits') })
  }
  await main()
  export const probe = () => version`

describe.each(HOSTS)('an error that nobody catches, in %s', (host) => {
  async function start(fail = ''): Promise<{ story: Story; entry: StoryFile }> {
    const story = await createStory({ host })
    const entry = story.module(WAITS(fail))
    await story.start(entry)
    return { story, entry }
  }

  test.each([
    ['an error event without a listener', `setImmediate(() => client.emit('error', new Error('no luck')))`],
    ['a throw of a timer', `setTimeout(() => { throw new Error('no luck') })`],
    ['a promise that nobody waits for', `void Promise.reject(new Error('no luck'))`],
    ['a throw of a tick', `process.nextTick(() => { throw new Error('no luck') })`],
    // In less time than a start-up may take: the next update does not wait for what waits in vain.
  ])('in code that runs again fails the update: %s', { timeout: 9000 }, async (_, fail) => {
    const { story, entry } = await start(fail)
    withoutListeners('unhandledRejection')

    const failed = await story.edit(entry, [`version = 'one'`, `version = 'two'`])

    expect(failed).toMatchObject({
      rung: 'failed',
      failure: { message: expect.stringContaining('no luck') as unknown },
    })
    expect(await story.call('probe')).toBe('one')
    expect(process.hasUncaughtExceptionCaptureCallback()).toBe(false)
    const repaired = story.edit(entry, [`version = 'two'`, `version = 'three'`])
    await once(process, 'uncaught:waits' as 'message')
    process.emit('uncaught:go' as 'message', undefined, undefined)
    expect(await repaired).toMatchObject({ rung: 're-run' })
  })

  test('in other code is what it is without an update', async () => {
    const { story, entry } = await start()
    withoutListeners('uncaughtException')
    const update = story.edit(entry, [`version = 'one'`, `version = 'three'`])
    await once(process, 'uncaught:waits' as 'message')

    for (const message of ['first', 'second']) {
      setTimeout(() => {
        throw new Error(message)
      })
      const [error] = (await once(process, 'uncaughtException')) as [Error]
      expect(error.message).toBe(message)
      await new Promise((resolve) => setImmediate(resolve))
    }

    process.emit('uncaught:go' as 'message', undefined, undefined)
    expect(await update).toMatchObject({ rung: 're-run' })
    expect(process.hasUncaughtExceptionCaptureCallback()).toBe(false)
  })
})

/** Until the test is over: those of the test runner would take what comes for a failure. */
function withoutListeners(event: 'uncaughtException' | 'unhandledRejection'): void {
  const others = process.rawListeners(event)
  process.removeAllListeners(event)
  onTestFinished(() => others.forEach((listener) => process.on(event, listener as () => void)))
}
