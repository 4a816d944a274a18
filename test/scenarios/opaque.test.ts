import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, afterEach, describe, expect, test } from 'vitest'
import { createStory, HOSTS, type Story } from '../support/story/index.ts'

/** Makes a module one that is not taken apart. */
const BULK = `const bulk = ${JSON.stringify('x'.repeat(1024 * 1024))}\n`

/** A server of one port and one timer, with state of its own and of a hot module. */
const SERVER = `
  import { createServer } from 'node:http'
  import { greet, visits } from './greet.ts'
  const held: (() => void)[] = []
  export const server = createServer((req, res) => {
    visits.add(req.url)
    const answer = () => res.end(greet() + ' one ' + visits.size)
    if (req.url === '/slow') held.push(answer)
    else answer()
  })
  setInterval(() => {}, 1_000_000)
  server.listen(0, '127.0.0.1')
  export const release = () => held.splice(0).forEach((answer) => answer())
  export const stop = () => { server.closeAllConnections(); server.close() }
  export const probe = () => [greet(), 'one', visits.size]`

const GREET = `
  export const visits = new Set<string | undefined>()
  export const greet = () => 'hello'`

const KINDS = [
  { kind: 'over 1 MB', bulk: BULK, options: {} },
  { kind: 'excluded', bulk: '', options: { exclude: /server\.ts$/ } },
] as const

describe.each(HOSTS)('an entry that runs as a whole in %s', (host) => {
  type Timer = ReturnType<typeof setInterval>
  /** The long intervals set since the test began. */
  const intervals: Timer[] = []
  const original = globalThis.setInterval
  const running = (): number => intervals.filter((timer) => Reflect.get(timer, '_destroyed') === false).length

  beforeEach(() => {
    intervals.length = 0
    const recording = (callback: () => void, ms?: number): Timer => {
      const timer = original(callback, ms)
      if (ms === 1_000_000) intervals.push(timer)
      return timer
    }
    Object.assign(globalThis, { setInterval: recording })
  })

  afterEach(() => {
    Object.assign(globalThis, { setInterval: original })
    for (const timer of intervals) clearInterval(timer)
  })

  describe.each(KINDS)('because it is $kind', ({ bulk, options }) => {
    test('runs again with everything else, and keeps its port', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const story = await createStory({ host, options })
      story.file('greet.ts', GREET)
      const server = story.module(bulk + SERVER, 'server.ts')
      await story.start(server)
      const port = portOf(story)
      expect(await ask(port, '/a', agent)).toBe('hello one 1')
      const slow = ask(port, '/slow')
      await expect.poll(() => story.probe()).toStrictEqual({ value: ['hello', 'one', 2] })
      const release = story.exports.release as () => void

      for (const [from, to] of [['one', 'two'] as const, ['two', 'three'] as const]) {
        const outcome = await story.edit(server, (source) => source.replaceAll(from, to))

        expect(outcome).toMatchObject({ rung: 'hot-restart', why: expect.stringContaining('server.ts changed') })
        expect(await story.probe()).toStrictEqual({ value: ['hello', to, 0] })
        expect(portOf(story)).toBe(port)
        expect(await ask(port, '/b', agent)).toBe(`hello ${to} 1`)
        expect(running()).toBe(1)
      }
      release()
      expect(await slow).toMatch(/^hello one/)
      agent.destroy()
    })

    test('goes on as it was when the new one throws, until a good save', async () => {
      const story = await createStory({ host, options })
      story.file('greet.ts', GREET)
      const server = story.module(bulk + SERVER, 'server.ts')
      await story.start(server)
      const port = portOf(story)
      expect(await ask(port, '/a')).toBe('hello one 1')

      const outcome = await story.edit(server, (source) =>
        source
          .replaceAll('one', 'two')
          .replace('export const release', "if (held) throw new Error('too late')\n export const release"),
      )

      expect(outcome).toMatchObject({
        rung: 'failed',
        failure: {
          code: 'rerun_failed',
          message: expect.stringContaining('too late'),
        },
      })
      expect(await ask(port, '/b')).toBe('hello one 2')
      expect(await story.probe()).toStrictEqual({ value: ['hello', 'one', 2] })
      expect(running()).toBe(1)

      const recovered = await story.edit(server, (source) => source.replace(/if \(held\).*\n/, ''))

      expect(recovered).toMatchObject({ rung: 'hot-restart' })
      expect(await ask(port, '/c')).toBe('hello two 1')
      expect(running()).toBe(1)
    })

    test('runs again when a value it used at start-up changes, and not for what it calls later', async () => {
      const story = await createStory({ host, options })
      const limit = story.module('export const LIMIT = 10', 'limit.ts')
      const greet = story.module(`export const visits = new Set()\n export const greet = () => 'hello'`, 'greet.ts')
      const server = story.module(
        `${bulk}import { LIMIT } from ${limit}
        import { greet, visits } from ${greet}
        const pool = { size: LIMIT }
        export const visit = () => visits.add(visits.size)
        export const probe = () => [greet(), pool.size, visits.size]`,
        'server.ts',
      )
      await story.start(server)
      await story.call('visit')

      expect(await story.edit(greet, ["'hello'", "'good day'"])).toMatchObject({ rung: 'patch' })
      expect(await story.probe()).toStrictEqual({ value: ['good day', 10, 1] })

      expect(await story.edit(limit, ['10', '20'])).toMatchObject({
        rung: 'hot-restart',
        why: expect.stringContaining('server.ts used what changed'),
      })
      expect(await story.probe()).toStrictEqual({ value: ['good day', 20, 0] })
    })

    test('may listen after an await that nobody waits for', async () => {
      const story = await createStory({ host, options })
      const server = story.module(
        `${bulk}import { createServer } from 'node:http'
        export const server = createServer((req, res) => { res.end('one') })
        async function main() { await new Promise((resolve) => setTimeout(resolve, 20)); server.listen(0, '127.0.0.1') }
        void main()
        export const stop = () => { server.closeAllConnections(); server.close() }
        export const probe = () => 'one'`,
        'server.ts',
      )
      await story.start(server)
      await expect.poll(() => portOf(story)).toEqual(expect.any(Number))
      const port = portOf(story)

      await story.edit(server, (source) => source.replaceAll('one', 'two'))

      expect(portOf(story)).toBe(port)
      expect(await ask(port, '/')).toBe('two')
    })
  })

  test('imports others that run as a whole: all see the same new one', async () => {
    const story = await createStory({ host, options: { exclude: /(server|left|right|state)\.ts$/ } })
    const state = story.module(`export const state = { text: 'one' }`, 'state.ts')
    const left = story.module(`import { state } from ${state}\n export const left = () => state`, 'left.ts')
    const right = story.module(`import { state } from ${state}\n export const right = () => state`, 'right.ts')
    const hot = story.module(`import { left } from ${left}\n export const text = () => left().text`, 'hot.ts')
    const server = story.module(
      `import { left } from ${left}
      import { right } from ${right}
      import { text } from ${hot}
      const atStart = right().text
      export const probe = () => [left() === right(), text(), left().text, atStart]`,
      'server.ts',
    )
    await story.start(server)
    expect(await story.probe()).toStrictEqual({ value: [true, 'one', 'one', 'one'] })

    expect(await story.edit(state, ["'one'", "'two'"])).toMatchObject({ rung: 'hot-restart' })
    expect(await story.probe()).toStrictEqual({ value: [true, 'two', 'two', 'two'] })

    const more = await story.save({
      'state.ts': `export const state = { text: 'three' }\n export const more = '!'`,
      'right.ts': `import { more, state } from './state.ts'\n export const right = () => { state.text += more; return state }`,
    })
    expect(more).toMatchObject({ rung: 'hot-restart' })
    expect(await story.probe()).toStrictEqual({ value: [true, 'three!!', 'three!!', 'three!'] })
  })

  test('that grows over 1 MB and shrinks again is the same entry', async () => {
    const story = await createStory({ host })
    story.file('greet.ts', GREET)
    const server = story.module(SERVER, 'server.ts')
    await story.start(server)
    const port = portOf(story)

    for (const change of [
      (source: string) => BULK + source.replaceAll('one', 'two'),
      (source: string) => source.slice(BULK.length).replaceAll('two', 'three'),
    ]) {
      expect(await story.edit(server, change)).toMatchObject({ rung: 'hot-restart' })
      expect(portOf(story)).toBe(port)
      expect(running()).toBe(1)
    }
    expect(await ask(port, '/')).toBe('hello three 1')
    expect(await story.edit(server, (source) => source.replaceAll('three', 'four'))).toMatchObject({ rung: 'patch' })
    expect(await ask(port, '/')).toBe('hello four 1')
  })

  test('may load its server by import()', async () => {
    const story = await createStory({ host, options: { exclude: /server\.ts$/ } })
    story.file('greet.ts', GREET)
    const app = story.module(SERVER, 'app.ts')
    const server = story.module(
      `const app = await import(${app})
      export const probe = () => ['one', ...app.probe(), app.server === app.server]
      export const server = app.server
      export const stop = app.stop`,
      'server.ts',
    )
    await story.start(server)
    const port = portOf(story)

    expect(await story.edit(server, ["'one'", "'two'"])).toMatchObject({ rung: 'hot-restart' })

    expect(await story.probe()).toStrictEqual({ value: ['two', 'hello', 'one', 0, true] })
    expect(portOf(story)).toBe(port)
    expect(await ask(port, '/')).toBe('hello one 1')
    expect(running()).toBe(1)
  })

  test('that is a virtual module cannot be loaded anew, and says so', async () => {
    const story = await createStory({
      host,
      options: { exclude: /\.ts$/ },
      plugins: () => [
        {
          name: 'virtual',
          resolveId: (id) => (id === 'virtual:big' ? '\0virtual:big.js' : undefined),
          load(id) {
            if (id !== '\0virtual:big.js') return
            this.addWatchFile(`${story.root}/big.txt`)
            return `${BULK}export const big = ${JSON.stringify(story.read('big.txt'))}`
          },
        },
      ],
    })
    story.file('big.txt', 'one')
    const server = story.module(`import { big } from 'virtual:big'\n export const probe = () => big`, 'server.ts')
    await story.start(server)

    const outcome = await story.save({ 'big.txt': 'two' })

    expect(outcome).toMatchObject({ rung: 'failed', failure: { code: 'not_replaceable' } })
    expect(await story.probe()).toStrictEqual({ value: 'one' })
  })
})

function portOf(story: Story): number | undefined {
  const server = story.exports.server as { address(): AddressInfo | null }
  return server.address()?.port
}

async function ask(port: number | undefined, path: string, agent = new Agent()): Promise<string> {
  const [response] = (await once(get({ port, path, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage]
  return (await response.setEncoding('utf8').toArray()).join('')
}
