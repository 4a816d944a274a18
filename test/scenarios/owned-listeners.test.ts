import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStory, HOSTS, type Story } from '../support/story/index.ts'

/** An emitter that outlives the stories' servers. */
let bus: EventEmitter
const said: string[] = []

beforeEach(() => {
  bus = new EventEmitter()
  said.length = 0
  Object.assign(globalThis, { bus, said })
})

afterEach(() => {
  process.removeAllListeners('SIGUSR2')
  for (const name of ['bus', 'said']) Reflect.deleteProperty(globalThis, name)
})

const tick = (): string[] => {
  said.length = 0
  bus.emit('tick')
  return [...said]
}

/** A package that Node loads itself. */
function addPackage(story: Story, source: string): void {
  story.file('node_modules/lib/package.json', '{ "name": "lib", "type": "module", "exports": "./index.js" }')
  story.file('node_modules/lib/index.js', source)
}

describe.each(HOSTS)('listeners in %s', (host) => {
  test('a unit that first removes its listener keeps one, also when it fails', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const version = 0
      const handle = () => { said.push('handled') }
      function start(n: number) {
        bus.off('tick', handle)
        bus.on('tick', handle)
        if (n === 2) throw new Error('failed')
      }
      start(version)
      export const probe = () => 1`)
    await story.start(server)

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 're-run' })
    expect(tick()).toEqual(['handled'])
    expect(await story.edit(server, ['version = 1', 'version = 2'])).toMatchObject({ rung: 'failed' })
    expect(tick()).toEqual(['handled'])
    expect(await story.edit(server, ['version = 2', 'version = 3'])).toMatchObject({ rung: 're-run' })
    expect(tick()).toEqual(['handled'])
    expect(await story.edit(server, ['start(version)', ''])).not.toMatchObject({ rung: 'failed' })
    expect(tick()).toEqual([])
  })

  test('after a run again that fails, listeners are those of before, in order', async () => {
    for (const name of ['a', 'b']) bus.on('tick', () => said.push(name))
    const story = await createStory({ host })
    const server = story.module(`
      const version = 0
      bus.prependListener('tick', () => { said.push('first ' + version) })
      bus.on('tick', () => { said.push('last ' + version) })
      if (version > 0) {
        bus.removeAllListeners('tick')
        bus.on('tick', () => { said.push('alone') })
        throw new Error('failed')
      }
      export const probe = () => 1`)
    await story.start(server)
    const before = bus.rawListeners('tick')
    expect(tick()).toEqual(['first 0', 'a', 'b', 'last 0'])

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 'failed' })

    expect(tick()).toEqual(['first 0', 'a', 'b', 'last 0'])
    expect(bus.rawListeners('tick')).toEqual(before)
  })

  test('listeners that a unit took away come back when it is gone and leaves none', async () => {
    bus.on('tick', () => said.push('before'))
    const story = await createStory({ host })
    const take = `
      function take(n: number) {
        bus.removeAllListeners('tick')
        bus.on('tick', () => { said.push('taken ' + n) })
      }`
    const server = story.module(`const version = 0\n ${take}\n take(version)\n export const probe = () => 1`)
    await story.start(server)
    expect(tick()).toEqual(['taken 0'])

    await story.edit(server, ['version = 0', 'version = 1'])
    expect(tick()).toEqual(['taken 1'])
    await story.edit(server, ['take(version)', ''])
    expect(tick()).toEqual(['before'])
  })

  test('an emitter that goes with its listeners keeps them for what still uses it', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { EventEmitter } from 'node:events'
      const version = 0
      const own = new EventEmitter(version as never)
      own.on('tick', () => { said.push('tick ' + version) })
      export const current = () => own
      export const probe = () => 1`)
    await story.start(server)
    const old = (await story.call('current')) as EventEmitter

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 're-run' })

    expect(await story.call('current')).not.toBe(old)
    expect(old.listenerCount('tick')).toBe(1)
  })

  test('an emitter that a package makes once has one listener', async () => {
    const story = await createStory({ host })
    addPackage(
      story,
      `import { EventEmitter } from 'node:events'
       let made
       export const shared = () => (made ??= new EventEmitter())`,
    )
    const server = story.module(`
      import { shared } from 'lib'
      const version = 0
      const count = (n: number) => shared().on('tick', () => { said.push('tick ' + n) }).listenerCount('tick')
      const counted = count(version)
      export const probe = () => shared().listenerCount('tick')`)
    await story.start(server)

    for (let n = 1; n <= 4; n++) {
      expect(await story.edit(server, [`version = ${n - 1}`, `version = ${n}`])).toMatchObject({ rung: 're-run' })
      expect(await story.probe()).toEqual({ value: 1 })
    }
  })

  test('what a package hangs on process once for all stays; what it hangs there each time does not', async () => {
    const story = await createStory({ host })
    addPackage(
      story,
      `let isInstalled = false
       function once() {}
       export function open() {
         if (!isInstalled) process.on('SIGUSR2', once)
         isInstalled = true
         process.on('SIGUSR2', function each() {})
       }`,
    )
    const server = story.module(`
      import { open } from 'lib'
      const version = 0
      const start = (n: number) => open()
      start(version)
      export const probe = () => process.listeners('SIGUSR2').map(({ name }) => name).toSorted()`)
    await story.start(server)
    expect(await story.probe()).toEqual({ value: ['each', 'once'] })

    for (let n = 1; n <= 4; n++) {
      expect(await story.edit(server, [`version = ${n - 1}`, `version = ${n}`])).toMatchObject({ rung: 're-run' })
      expect(await story.probe()).toEqual({ value: ['each', 'once'] })
    }
    // Nobody knows which of the two another user of the package needs.
    await story.edit(server, ['start(version)', ''])
    expect(await story.probe()).toEqual({ value: ['each', 'once'] })
    await story.edit(server, ['export const probe', 'start(version)\n export const probe'])
    expect(await story.probe()).toEqual({ value: ['each', 'once'] })
  })

  test('methods of emitters are Node’s own when nothing runs', async () => {
    const before = Object.getOwnPropertyDescriptors(EventEmitter.prototype)
    const others = () => [
      Object.getOwnPropertyDescriptor(EventEmitter, 'init'),
      Object.getOwnPropertyDescriptor(EventTarget.prototype, 'addEventListener'),
      Object.getOwnPropertyDescriptor(globalThis, 'AbortController'),
    ]
    const othersBefore = others()
    const story = await createStory({ host })
    const server = story.module(`
      const seen = { on: process.on === process.addListener, length: process.on.length, name: process.once.name }
      const made = new AbortController() instanceof AbortController
      class Mine extends AbortController { mine = true }
      const mine = new Mine()
      export const probe = () => [seen, made, mine.mine, mine instanceof Mine, mine instanceof AbortController]`)
    await story.start(server)

    expect(await story.probe()).toEqual({ value: [{ on: true, length: 2, name: 'once' }, true, true, true, true] })
    expect(Object.getOwnPropertyDescriptors(EventEmitter.prototype)).toEqual(before)
    expect(others()).toEqual(othersBefore)
  })
})
