import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

/** Names of things that were opened and not disposed of. */
const open: string[] = []

beforeEach(() => {
  open.length = 0
  const openThing = (name: string) => {
    open.push(name)
    return { name, [Symbol.dispose]: () => void open.splice(open.indexOf(name), 1) }
  }
  Object.assign(globalThis, { openThing })
})

afterEach(() => {
  for (const name of ['openThing', 'made']) Reflect.deleteProperty(globalThis, name)
})

describe.each(HOSTS)('disposable values in %s', (host) => {
  test('what another variable holds is left alone', async () => {
    const story = await createStory({ host })
    const shared = story.module(`
      const pools = new Map([['pool', openThing('pool')]])
      export const db = openThing('db')
      export const getDb = () => db
      export const getPool = (name: string) => pools.get(name)`)
    const server = story.module(`
      import { db, getDb, getPool } from ${shared}
      const version = 0
      const same = [version, db][1]
      const got = [version, getDb()][1]
      const pool = [version, getPool('pool')][1]
      const own = [version, openThing('own')][1]
      export const probe = () => typeof getPool`)
    await story.start(server)

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 're-run' })
    expect(open).toEqual(['pool', 'db', 'own'])
    const edit = (source: string) => source.replaceAll(/const (same|got|pool|own) = .*/g, '')
    expect(await story.edit(server, edit)).not.toMatchObject({ rung: 'failed' })
    expect(open).toEqual(['pool', 'db'])
  })

  test('a value that is made once stays when the run again fails', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const version = 0
      const made = () => (globalThis as any).made ??= openThing('cached')
      const cached = version < 3 ? made() : openThing('other')
      const own = [version, openThing('own')][1]
      const check = (n: number) => { if (n === 2) throw new Error('failed') }
      check(version)
      export const probe = () => [cached, own].map((each: any) => each.name)`)
    await story.start(server)
    for (const [n, rung] of [
      [1, 're-run'],
      [2, 'failed'],
    ] as const) {
      expect(await story.edit(server, [`version = ${n - 1}`, `version = ${n}`])).toMatchObject({ rung })
      expect(open).toEqual(['cached', 'own'])
    }
    expect(await story.edit(server, ['version = 2', 'version = 3'])).toMatchObject({ rung: 're-run' })
    expect(open.toSorted()).toEqual(['other', 'own'])
  })

  test('what another kind of resource stands for is that one’s business', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { createServer } from 'node:net'
      const version = 0
      const with_ = <T>(value: T, n: number): T => value
      const server = with_(createServer(), version)
      const timer = with_(setInterval(() => {}, 1_000_000), version)
      const controller = with_(new AbortController(), version)
      export const current = () => server
      export const probe = () => 1`)
    await story.start(server)
    const old = (await story.call('current')) as { [Symbol.asyncDispose]: () => void }
    let isDisposed = false
    old[Symbol.asyncDispose] = () => (isDisposed = true)

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 're-run' })

    expect(isDisposed).toBe(false)
  })

  test('what two variables hold is disposed of once', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const version = 0
      const thing = [version, openThing('thing')][1]
      const alias = thing
      export const probe = () => alias`)
    await story.start(server)

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 're-run' })
    expect(open).toEqual(['thing'])
  })

  test('a dispose that throws is told of, and the update stands', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const version = 0
      const thing = { version, [Symbol.dispose]() { throw new Error('stuck') } }
      const used = [thing]
      export const probe = () => version`)
    await story.start(server)

    const outcome = await story.edit(server, ['version = 0', 'version = 1'])

    expect(outcome).toMatchObject({ notes: [expect.stringMatching(/its old thing could not be disposed of: stuck/)] })
    expect(await story.probe()).toEqual({ value: 1 })
  })
})

describe.each(HOSTS)('abort controllers in %s', (host) => {
  test('listeners of their signals are called, with a reason, and no rejection ends the process', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { setTimeout } from 'node:timers/promises'
      const version = 0
      const reasons: Error[] = []
      function start(n: number) {
        const controller = new AbortController()
        controller.signal.addEventListener('abort', () => { reasons.push(controller.signal.reason) })
        AbortSignal.any([controller.signal]).addEventListener('abort', () => { reasons.push(new Error('derived')) })
        const pending = new Promise((resolve, reject) => {
          controller.signal.addEventListener('abort', () => { reject(controller.signal.reason) })
        })
        void (async () => { await pending })()
      }
      start(version)
      export const aborted = () => reasons.map(({ name, message }) => name + ': ' + message)
      export const probe = () => 1`)
    await story.start(server)
    // The test runner's own would take it for a failed test.
    const handlers = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    const heard: number[] = []
    const listen = () => heard.push(process.listenerCount('unhandledRejection'))
    process.on('unhandledRejection', listen)
    onTestFinished(() => {
      process.off('unhandledRejection', listen)
      for (const handler of handlers) process.on('unhandledRejection', handler)
    })

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 're-run' })
    // Node tells of rejections once the turn is over in which the update was applied.
    await new Promise((resolve) => setImmediate(resolve))
    // Node tells of rejections when no promise has anything left to do.
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual([2])

    const reason = 'AbortError: start(version) of module-1.ts ran again'
    expect(((await story.call('aborted')) as string[]).toSorted()).toEqual([reason, 'Error: derived'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(process.listeners('unhandledRejection')).toEqual([listen])
  })

  test('one that a package makes is left alone', async () => {
    const story = await createStory({ host })
    story.file('node_modules/lib/package.json', '{ "name": "lib", "type": "module", "exports": "./index.js" }')
    story.file(
      'node_modules/lib/index.js',
      `let controller
       export const signal = () => (controller ??= new AbortController()).signal`,
    )
    const server = story.module(`
      import { signal } from 'lib'
      const version = 0
      const used = [signal(), version]
      const again = [used]
      export const probe = () => signal().aborted`)
    await story.start(server)

    await story.edit(server, ['version = 0', 'version = 1'])

    expect(await story.probe()).toEqual({ value: false })
  })
})
