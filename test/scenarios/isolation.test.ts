import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Outcome } from '../../src/protocol/outcome.ts'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

/** What stands for a database: a start-up waits for it until the test says so. */
const GATE = `
  const process = globalThis.process as any
  export async function gate(): Promise<void> {
    const opened = new Promise<void>((resolve) => process.once('isolation:go', resolve))
    process.emit('isolation:waits')
    await opened
  }
`

describe.each(HOSTS)('while units that run again wait, in %s', (host) => {
  /** @param source the entry, which waits at `await gate()` once `slow` is true */
  async function start(source: string): Promise<{ story: Story; entry: StoryFile }> {
    const story = await createStory({ host })
    const gate = story.module(GATE, 'gate.ts')
    const entry = story.module(`import { gate } from ${gate}\n${source}`, 'entry.ts')
    await story.start(entry)
    return { story, entry }
  }

  /** Edits, calls back when the start-up waits, and lets it go on. */
  async function during(
    { story, entry }: { story: Story; entry: StoryFile },
    edits: readonly (readonly [from: string, to: string])[],
    meanwhile: () => Promise<void>,
  ): Promise<Outcome> {
    const waits = once(process, 'isolation:waits' as 'message')
    const outcome = story.edit(entry, (text) => edits.reduce((all, [from, to]) => replaceOnce(all, from, to), text))
    await Promise.race([waits, outcome])
    await meanwhile()
    process.emit('isolation:go' as 'message', undefined, undefined)
    return outcome
  }

  const VARIABLES = `
    const version = 'one'
    let state = 'fresh'
    const pool = { version, isConnected: false }
    const inner = () => version
    export class Item { label() { return version } static kind = version }
    export const old = () => 'old'
    export const item = new Item()
    async function main() { if (version !== 'one') await gate(); pool.isConnected = true }
    await main()
    export const write = (value: string) => (state = value)
    export const probe = () => [version, pool.version, pool.isConnected, inner(), item.label(), Item.kind, state].join()
  `

  test('others see variables, functions, classes and statics from before, and after that those of the update', async () => {
    const server = await start(VARIABLES)
    const { story } = server
    const before = 'one,one,true,one,one,one,fresh'
    expect(await story.call('probe')).toBe(before)

    const outcome = await during(
      server,
      [
        [`version = 'one'`, `version = 'two'`],
        [`return version }`, `return version + '!' }`],
      ],
      async () => expect(await story.call('probe')).toBe(before),
    )

    expect(outcome).toMatchObject({ rung: 're-run' })
    expect(await story.call('probe')).toBe('two,two,true,two,two!,two,fresh')
  })

  test('what they do to variables that are kept stays, and is there for the update', async () => {
    const server = await start(VARIABLES)
    const { story } = server

    await during(
      server,
      [[`version = 'one'`, `version = 'two'`]],
      async () => void (await story.call('write', 'written')),
    )

    expect(await story.call('probe')).toBe('two,two,true,two,two,two,written')
  })

  test('an update that fails leaves them as they were, with what was done meanwhile', async () => {
    const server = await start(`${VARIABLES}\n let visits = version.length\n export const visit = () => ++visits`)
    const { story } = server

    const outcome = await during(
      server,
      [
        [`version = 'one'`, `version = 'three'`],
        ['await gate()', `{ await gate(); throw new Error('no luck') }`],
      ],
      async () => expect(await story.call('visit')).toBe(4),
    )

    expect(outcome).toMatchObject({ rung: 'failed' })
    expect(await story.call('probe')).toBe('one,one,true,one,one,one,fresh')
    expect(await story.call('visit')).toBe(5)
  })

  test('names that importers use are there until the update is done', async () => {
    const story = await createStory({ host })
    const gate = story.module(GATE, 'gate.ts')
    const library = story.module(`export const before = () => 'before'`, 'library.ts')
    const entry = story.module(
      `import { gate } from ${gate}
       import { before as name } from ${library}
       export const probe = () => name()
       const version = 'one'
       if (version !== 'one') await gate()`,
      'entry.ts',
    )
    await story.start(entry)

    const waits = once(process, 'isolation:waits' as 'message')
    const outcome = story.save({
      [library.path]: `export const after = () => 'after'`,
      [entry.path]: story.read(entry.path).replace('before as name', 'after as name').replace(`= 'one'`, `= 'two'`),
    })
    await Promise.race([waits, outcome])
    expect(await story.call('probe')).toBe('before')
    process.emit('isolation:go' as 'message', undefined, undefined)

    expect(await outcome).toMatchObject({ rung: 're-run' })
    expect(await story.call('probe')).toBe('after')
  })

  test('timers, ticks and promises of before go on as before, and those of the update as after', async () => {
    const server = await start(`
      import { AsyncResource } from 'node:async_hooks'
      const version = 'one'
      const seen: string[] = []
      const log = globalThis.isolationLog ??= [] as string[]
      const note = (who: string) => log.push(who + ' ' + version)
      export const waiting = async (until: Promise<void>) => { await until; note('promise'); process.nextTick(note, 'tick'); await 0; note('again') }
      async function main() {
        if (version === 'one') return void process.once('isolation:poke' as any, AsyncResource.bind(() => note('old resource')))
        await gate()
        setTimeout(note, 0, 'new timeout')
        setImmediate(note, 'new immediate')
        process.nextTick(note, 'new tick')
        queueMicrotask(() => note('new microtask'))
        new AsyncResource('x').runInAsyncScope(note, undefined, 'new resource')
        await new Promise((resolve) => setTimeout(resolve, 5))
        note('new promise')
      }
      await main()
      export const probe = () => version
    `)
    const { story } = server
    const log = (globalThis as unknown as { isolationLog: string[] }).isolationLog
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'isolationLog'))
    let release = (): void => undefined
    const waiting = story.exports.waiting as (until: Promise<void>) => Promise<void>
    const pending = waiting(new Promise((resolve) => (release = resolve)))

    await during(server, [[`version = 'one'`, `version = 'two'`]], async () => {
      release()
      await pending
      process.emit('isolation:poke' as 'message', undefined, undefined)
      await new Promise((resolve) => setImmediate(resolve))
    })

    expect(log.toSorted()).toEqual([
      'again one',
      'new immediate two',
      'new microtask two',
      'new promise two',
      'new resource two',
      'new tick two',
      'new timeout two',
      'old resource one',
      'promise one',
      'tick one',
    ])
  })

  test('what the update is told by a connection that others use, too, is not lost', async () => {
    const database = createServer((socket) => socket.on('data', (data) => socket.write(data))).listen(0, '127.0.0.1')
    await once(database, 'listening')
    const client = connect((database.address() as AddressInfo).port, '127.0.0.1')
    onTestFinished(() => void (client.destroy(), database.close()))
    await once(client, 'connect')
    const callbacks: ((answer: string) => void)[] = []
    // Like drivers of databases: whoever asks is called back in the context of the connection.
    client.on('data', (data) => callbacks.shift()?.(String(data)))
    Object.assign(globalThis, {
      isolationAsk: (question: string, callback: (answer: string) => void) =>
        void (callbacks.push(callback), client.write(question)),
    })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'isolationAsk'))
    const server = await start(`
      const version = 'one'
      let rates = ''
      async function main() {
        if (version !== 'one') await gate()
        await new Promise<void>((resolve) => (globalThis as any).isolationAsk(version, (answer: string) => { rates = answer; resolve() }))
      }
      await main()
      export const probe = () => rates`)

    await during(server, [[`version = 'one'`, `version = 'two'`]], async () => undefined)

    expect(await server.story.call('probe')).toBe('two')
  })

  test('events of a server that is about to listen are of the update', async () => {
    const server = await start(`
      import { createServer } from 'node:http'
      import { once } from 'node:events'
      const version = 'one'
      let heard = ''
      const server = createServer((_, response) => response.end(version))
      server.on('listening', () => { heard = 'listening ' + version })
      async function main() {
        if (version !== 'one') await gate()
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
      }
      await main()
      export const stop = () => server.close()
      export const probe = () => heard`)
    onTestFinished(() => void (server.story.exports.stop as () => void)())

    await during(server, [[`version = 'one'`, `version = 'two'`]], async () => undefined)

    expect(await server.story.call('probe')).toBe('listening two')
  })

  test('code of a module that it imports for the first time is of the update', async () => {
    const server = await start(`
      const version = 'one'
      let found = ''
      export const present = () => version
      async function main() {
        if (version === 'one') return
        await gate()
        const late = await import('./late.ts')
        found = late.found + late.later()
      }
      await main()
      export const probe = () => found`)
    server.story.module(
      `import { present } from './entry.ts'
       export const found = await Promise.resolve().then(present)
       export const later = () => present()`,
      'late.ts',
    )

    await during(server, [[`version = 'one'`, `version = 'two'`]], async () => undefined)

    expect(await server.story.call('probe')).toBe('twotwo')
  })

  test('what they call is not a part of the start-up: editing it is a patch', async () => {
    const server = await start(`
      const version = 'one'
      function render() { return 'rendered ' + 1 }
      const handlers: (() => string)[] = []
      async function main() {
        handlers.push(() => render())
        if (version !== 'one') await gate()
      }
      await main()
      export const probe = () => handlers[0]?.()`)
    const { story, entry } = server

    await during(server, [[`version = 'one'`, `version = 'two'`]], async () => void (await story.call('probe')))

    expect(await story.edit(entry, [`'rendered ' + 1`, `'rendered ' + 2`])).toMatchObject({ rung: 'patch' })
    expect(await story.call('probe')).toBe('rendered 2')
  })
})

function replaceOnce(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`There is no ${from} in ${text}`)
  return text.replace(from, () => to)
}
