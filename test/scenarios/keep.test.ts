import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

describe.each(HOSTS)('keep() in %s', (host) => {
  test('gives the same object after a re-run, and a new one in a new process', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const hits = keep('hits', () => new Map<string, number>())
      const routes: string[] = []
      routes.push('/one')
      hits.set('/start', 1)
      export const hit = () => hits.set('/hit', 1)
      export const retained = () => ({ hits })
      export const probe = () => [routes, [...hits.keys()]]`)
    await story.start(server)
    const before = (await story.call('retained')) as object

    const outcome = await story.edit(server, ["hits.set('/start', 1)", "hits.set('/start', 2)"])

    expect(outcome).toMatchObject({ rung: 're-run', kept: expect.arrayContaining(["keep('hits')"]) })
    expect(outcome).not.toMatchObject({ reran: [{ what: expect.arrayContaining(['hits']) }] })
    expect(await story.call('retained')).toStrictEqual(before)
    expect(Object.values((await story.call('retained')) as object)[0]).toBe(Object.values(before)[0])
    expect(await story.probe()).toStrictEqual(((await story.cold()) as { answer: unknown }).answer)
  })

  test('who only read what is kept does not run again', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const log: string[] = []
      const list = keep('list', () => [] as string[])
      list.push('one')
      list.push('two')
      log.push('three')
      const copy = { list }
      export const retained = () => ({ copy, list, log })
      export const probe = () => [list, log]`)
    await story.start(server)
    const before = (await story.call('retained')) as Record<string, object>

    expect(await story.edit(server, ["list.push('one')", "list.push('ONE')"])).toMatchObject({ rung: 're-run' })

    const after = (await story.call('retained')) as Record<string, object>
    for (const name of ['copy', 'list', 'log']) expect(after[name]).toBe(before[name])
    // What an effect did to a kept object stays: keeping it is what was asked for.
    expect(await story.probe()).toStrictEqual({ value: [['one', 'two', 'ONE'], ['three']] })
  })

  test('what is done to the value where it is made is not done behind the backs of those who read it', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const limits = Object.assign(keep('limits', () => ({ size: 0 })), { size: 1 })
      const pool = { size: limits.size }
      export const retained = () => ({ limits })
      export const probe = () => pool.size`)
    await story.start(server)

    expect(await story.edit(server, ['{ size: 1 }', '{ size: 2 }'])).toMatchObject({ rung: 're-run' })

    expect(await story.probe()).toStrictEqual({ value: 2 })
  })

  test('a changed create() is said to show at the next start only', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const connect = () => ({ to: 'one' })
      const db = keep('db', connect)
      export const probe = () => db.to`)
    await story.start(server)

    const outcome = await story.edit(server, ["'one'", "'two'"])

    expect(outcome).toMatchObject({
      rung: 're-run',
      notes: ['module-1.ts: keep() gave db what it had, though connect() changed: a restart makes it anew'],
    })
    expect(await story.probe()).toStrictEqual({ value: 'one' })
  })

  test('the value is disposed of when its key has left the source, and made anew when it comes back', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const ended: string[] = []
      const db = await keep('db', async () => ({ name: 'db' }), { dispose: (db) => { ended.push('one ' + db.name) } })
      export const read = () => db
      export const probe = () => ended`)
    await story.start(server)
    const whole = story.read(server.path)
    const first = await story.call('read')

    // The newest way to dispose of it counts.
    expect(await story.edit(server, ["'one '", "'two '"])).toMatchObject({ rung: 'patch' })
    const outcome = await story.edit(server, (source) => source.replace(/const db = .*/, 'const db = undefined'))
    expect(outcome).toMatchObject({ notes: ["keep('db') has left the source: disposed of"] })
    expect(await story.probe()).toStrictEqual({ value: ['two db'] })

    await story.edit(server, () => whole)
    expect(await story.call('read')).toStrictEqual(first)
    expect(await story.call('read')).not.toBe(first)
  })

  test('a key that another unit asks for stays', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const ended: string[] = []
      const dispose = () => { ended.push('ended') }
      const one = keep('shared', () => ({}), { dispose })
      const two = keep('shared', () => ({}), { dispose })
      export const probe = () => [two !== undefined, ended]`)
    await story.start(server)

    await story.edit(server, (source) => source.replace(/const one = .*/, ''))
    expect(await story.probe()).toStrictEqual({ value: [true, []] })
    await story.edit(server, (source) => source.replace(/const two = .*/, 'const two = 2'))
    expect(await story.probe()).toStrictEqual({ value: [true, ['ended']] })
  })

  test('a failed update disposes of what it kept anew, and of nothing else', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const ended: string[] = []
      const old = keep('old', () => ({}), { dispose: () => { ended.push('old') } })
      const list: string[] = []
      list.push('one')
      export const retained = () => ({ old })
      export const probe = () => [list, ended]`)
    await story.start(server)
    const whole = story.read(server.path)
    const before = (await story.call('retained')) as { old: object }

    const outcome = await story.edit(server, [
      "list.push('one')",
      "list.push('two')\\n const fresh = keep('fresh', () => ({}), { dispose: () => { ended.push('fresh') } })\\n throw new Error('no')".replaceAll(
        '\\n',
        '\n',
      ),
    ])

    expect(outcome).toMatchObject({ rung: 'failed' })
    expect(await story.probe()).toStrictEqual({ value: [['one'], ['fresh']] })
    await story.edit(server, () => whole.replace("'one'", "'three'"))
    expect(await story.probe()).toStrictEqual({ value: [['three'], ['fresh']] })
    expect(((await story.call('retained')) as { old: object }).old).toBe(before.old)
  })

  test('what create() throws is thrown, and nothing is kept; nor is a promise that rejects', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      let tries = 0
      const attempt = (): number => { if (++tries === 1) throw new Error('not yet'); return tries }
      const attemptLater = async (): Promise<number> => attempt()
      export const reset = () => { tries = 0 }
      export const now = () => { try { return keep('now', attempt) } catch (error) { return String(error) } }
      export const later = () => keep('later', attemptLater).catch(String)
      export const probe = () => 1`)
    await story.start(server)

    expect([await story.call('now'), await story.call('now'), await story.call('now')]).toEqual([
      'Error: not yet',
      2,
      2,
    ])
    await story.call('reset')
    expect([await story.call('later'), await story.call('later'), await story.call('later')]).toEqual([
      'Error: not yet',
      2,
      2,
    ])
  })

  test('what is asked for while a request is served is kept for ever', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { keep } from 'vite-plugin-hot-node/runtime'
      const list: string[] = []
      list.push('one')
      export const session = () => keep('session', () => ({}))
      export const probe = () => list`)
    await story.start(server)
    const session = await story.call('session')

    await story.edit(server, ["'one'", "'two'"])

    expect(await story.call('session')).toBe(session)
  })

  test('timers, and listeners on an emitter, made in create() live on', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { EventEmitter } from 'node:events'
      import { keep } from 'vite-plugin-hot-node/runtime'
      const heard: string[] = []
      const bus = keep('bus', () => {
        const bus = new EventEmitter()
        bus.on('ping', () => heard.push('own'))
        return Object.assign(bus, { timer: setInterval(() => {}, 1_000_000) })
      })
      const LIMIT = 1
      bus.setMaxListeners(LIMIT * 10)
      bus.on('ping', () => { heard.push('ping') })
      export const stop = () => clearInterval(bus.timer)
      export const retained = () => ({ bus })
      export const ping = () => { heard.length = 0; bus.emit('ping'); return heard.toSorted() }
      export const probe = () => [ping(), bus.getMaxListeners(), Reflect.get(bus.timer, '_destroyed')]`)
    await story.start(server)
    const { bus } = (await story.call('retained')) as { bus: EventEmitter }

    const outcome = await story.edit(server, ['LIMIT = 1', 'LIMIT = 2'])

    expect(outcome).toMatchObject({
      rung: 're-run',
      reran: [{ what: ['LIMIT', 'bus.setMaxListeners()'] }],
      kept: ["keep('bus')", 'heard'],
      why: 'LIMIT changed',
    })
    expect(await story.probe()).toStrictEqual({ value: [['own', 'ping'], 20, false] })
    expect(((await story.call('retained')) as { bus: EventEmitter }).bus).toBe(bus)
  })

  test('a kept emitter has no listener of a run that is over', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { EventEmitter } from 'node:events'
      import { keep } from 'vite-plugin-hot-node/runtime'
      const bus = keep('bus', () => new EventEmitter())
      const heard: string[] = []
      const tag = 'one'
      bus.on('ping', () => { heard.push(tag) })
      bus.on('ping', () => {}).setMaxListeners(5)
      export const say = () => { bus.emit('ping'); return heard.at(-1) }
      export const probe = () => bus.listenerCount('ping')
      export const retained = () => ({ bus })`)
    await story.start(server)
    expect(await story.call('say')).toBe('one')

    for (const [from, to] of [
      ['setMaxListeners(5)', 'setMaxListeners(6)'],
      ['setMaxListeners(6)', 'setMaxListeners(7)'],
    ] as const)
      expect(await story.edit(server, [from, to])).toMatchObject({ rung: 're-run' })

    expect(await story.probe()).toStrictEqual({ value: 2 })
    expect(await story.edit(server, ["bus.on('ping', () => { heard.push(tag) })\n", '\n'])).toMatchObject({
      rung: 're-run',
    })
    expect(await story.probe()).toStrictEqual({ value: 1 })
  })
})
