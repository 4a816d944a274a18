import { EventEmitter, getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

/** What the stories share with the test. Made anew for each test. */
class Outside {
  readonly bus = new EventEmitter()
  readonly target = new EventTarget()
  readonly controllers: AbortController[] = []
  readonly open = new Set<object>()
  /** What a start-up waits for, and says that it does. */
  gate: { readonly reach: () => void; readonly opened: Promise<void> } | undefined

  openThing(): object {
    const { open } = this
    const thing = { [Symbol.dispose]: () => void open.delete(thing) }
    open.add(thing)
    return thing
  }

  async openThingLater(): Promise<object> {
    await Promise.resolve()
    const { open } = this
    const thing = {
      async [Symbol.asyncDispose]() {
        await Promise.resolve()
        open.delete(thing)
      },
    }
    open.add(thing)
    return thing
  }
}

let outside: Outside

interface Kind {
  readonly name: string
  /** An expression that makes one. */
  readonly make: string
  /** What belongs to a unit because it declares it, not because it made it. */
  readonly isDeclared?: true
  readonly count: () => number
}

const KINDS: readonly Kind[] = [
  {
    name: 'listener on process',
    make: `process.on('SIGUSR2', () => {})`,
    count: () => process.listenerCount('SIGUSR2'),
  },
  {
    name: 'listener for once, put first',
    make: `outside.bus.prependOnceListener('tick', () => {})`,
    count: () => outside.bus.listenerCount('tick'),
  },
  {
    name: 'listener that is a function of the module',
    make: `outside.bus.on('tick', handle)`,
    count: () => outside.bus.listenerCount('tick'),
  },
  {
    name: 'six listeners',
    make: `[1, 2, 3, 4, 5, 6].map(() => process.on('SIGHUP', () => {}))`,
    count: () => process.listenerCount('SIGHUP') / 6,
  },
  {
    name: 'listener on an EventTarget',
    make: `outside.target.addEventListener('tick', () => {}, { capture: true })`,
    count: () => getEventListeners(outside.target, 'tick').length,
  },
  {
    name: 'AbortController',
    make: `outside.controllers.push(new AbortController())`,
    count: () => outside.controllers.filter(({ signal }) => !signal.aborted).length,
  },
  {
    name: 'value with Symbol.dispose',
    make: `outside.openThing()`,
    isDeclared: true,
    count: () => outside.open.size,
  },
  {
    name: 'promised value with Symbol.asyncDispose',
    make: `await outside.openThingLater()`,
    isDeclared: true,
    count: () => outside.open.size,
  },
]

const AXES = HOSTS.flatMap((host) => KINDS.map((kind) => ({ ...kind, host })))
const warnings: string[] = []
const note = (warning: Error) => warnings.push(warning.name)

beforeEach(() => {
  outside = new Outside()
  Object.assign(globalThis, { outside })
  warnings.length = 0
  process.on('warning', note)
})

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'outside')
  process.off('warning', note)
  for (const signal of ['SIGHUP', 'SIGUSR2']) process.removeAllListeners(signal)
})

describe.each(AXES)('$name in $host', ({ host, make, isDeclared, count }) => {
  const head = `
    const version = 0
    const handle = () => {}
    const fail = (since: number) => { if (version >= since) throw new Error('failed') }`
  const statement = `${isDeclared ? 'const made = ' : ''}(version, ${make})`

  test('there is one after every run, and none without the statement', async () => {
    const story = await createStory({ host })
    const server = story.module(`${head}\n${statement}\nexport const probe = () => 1`)
    await story.start(server)
    expect(count()).toBe(1)

    for (let n = 1; n <= 20; n++) {
      expect(await story.edit(server, [`version = ${n - 1}`, `version = ${n}`])).toMatchObject({ rung: 're-run' })
      expect(count()).toBe(1)
    }
    expect(await story.edit(server, [statement, ''])).not.toMatchObject({ rung: 'failed' })
    expect(count()).toBe(0)
    expect(warnings).toEqual([])
  })

  test('one that main() makes after an await', async () => {
    const story = await createStory({ host })
    const server = story.module(`${head}
      async function main(n: number) { await null; return ${make} }
      main(version)
      export const probe = () => 1`)
    await story.start(server)
    await expect.poll(count).toBe(1)

    for (let n = 1; n <= 3; n++) {
      expect(await story.edit(server, [`version = ${n - 1}`, `version = ${n}`])).toMatchObject({ rung: 're-run' })
      expect(count()).toBe(1)
    }
    expect(await story.edit(server, ['main(version)', ''])).not.toMatchObject({ rung: 'failed' })
    expect(count()).toBe(0)
  })

  test.each([
    ['throws', ''],
    ['throws after an await', 'await null; '],
  ])('a run again that %s leaves the old one', async (_, wait) => {
    const story = await createStory({ host })
    const server = story.module(`${head}
      ${statement}
      async function main(n: number) { ${wait}fail(1) }
      await main(version)
      export const probe = () => 1`)
    await story.start(server)
    const listeners = outside.bus.rawListeners('tick')

    expect(await story.edit(server, ['version = 0', 'version = 1'])).toMatchObject({ rung: 'failed' })
    expect(count()).toBe(1)
    expect(outside.bus.rawListeners('tick')).toEqual(listeners)

    expect(await story.edit(server, ['fail(1)', 'fail(2)'])).toMatchObject({ rung: 're-run' })
    expect(count()).toBe(1)
  })

  test('one that a request makes is left alone, also while units run again', async () => {
    const story = await createStory({ host })
    const server = story.module(`${head}
      async function main(n: number) {
        outside.gate?.reach()
        await outside.gate?.opened
      }
      await main(version)
      export const request = async () => { ${make} }
      export const probe = () => 1`)
    await story.start(server)
    let open!: () => void
    const opened = new Promise<void>((resolve) => (open = resolve))
    const reached = new Promise<void>((reach) => (outside.gate = { reach, opened }))

    const editing = story.edit(server, ['version = 0', 'version = 1'])
    await reached
    await story.call('request')
    open()
    expect(await editing).toMatchObject({ rung: 're-run' })
    await story.edit(server, ['version = 1', 'version = 2'])

    expect(count()).toBe(1)
  })
})
