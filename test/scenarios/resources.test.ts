import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/process/eventually.ts'
import { createStory, HOSTS } from '../support/story/index.ts'

type Timer = ReturnType<typeof setInterval>

const isRunning = (timer: Timer | undefined) => timer !== undefined && Reflect.get(timer, '_destroyed') === false

describe.each(HOSTS)('what start-up opened in %s', (host) => {
  /** The intervals the stories set since the test began, known by their length; emptied before each test. */
  const intervals: Timer[] = []
  const original = globalThis.setInterval
  const running = () => intervals.filter(isRunning).length

  beforeEach(() => {
    intervals.length = 0
    const recording = (callback: () => void, ms?: number) => {
      const timer = original(callback, ms)
      if (ms !== undefined && ms >= 1_000_000) intervals.push(timer)
      return timer
    }
    Object.assign(globalThis, { setInterval: recording })
  })

  afterEach(() => {
    Object.assign(globalThis, { setInterval: original })
    for (const timer of intervals) clearInterval(timer)
  })

  test('a patched timer callback keeps its timer', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const ticks: string[] = []
      function tick() { ticks.push('one') }
      setInterval(tick, 1_000_000)
      setInterval(() => { ticks.push('inline one') }, 1_000_000)
      export const probe = () => { ticks.length = 0; tick(); return [...ticks] }`)
    await story.start(server)
    expect(running()).toBe(2)

    expect(await story.edit(server, ["push('one')", "push('two')"])).toMatchObject({ rung: 'patch' })
    expect(await story.edit(server, ["'inline one'", "'inline two'"])).toMatchObject({ rung: 'patch' })

    expect(intervals).toHaveLength(2)
    expect(running()).toBe(2)
  })

  test('a timer that is set again replaces the one before', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const ticks: string[] = []
      const tick = () => { ticks.push('tick') }
      setInterval(tick, 1_000_000)
      setInterval(() => { ticks.push('other') }, 3_000_000)
      export const probe = () => ticks.length`)
    await story.start(server)

    const outcome = await story.edit(server, ['1_000_000', '2_000_000'])

    expect(outcome).toMatchObject({ rung: 're-run' })
    expect(running()).toBe(2)
  })

  test('a timer whose statement was removed is cleared', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const tick = () => {}
      setInterval(tick, 1_000_000)
      export const probe = () => tick.length`)
    await story.start(server)

    const outcome = await story.edit(server, ['setInterval(tick, 1_000_000)', ''])

    expect(outcome).toMatchObject({ rung: 're-run' })
    expect(running()).toBe(0)
  })

  test('a timer set inside a function that ran at start-up is replaced with it', async () => {
    const story = await createStory({ host })
    const jobs = story.module(`
      export function startJobs(log: string[]) {
        const timer = setInterval(() => { log.push('job') }, 1_000_000)
        timer.unref()
        return timer
      }`)
    const server = story.module(`
      import { startJobs } from ${jobs}
      const log: string[] = []
      const cache = new Map()
      async function main() { await null; startJobs(log) }
      await main()
      export const probe = () => log.length
      export const retained = () => ({ cache })`)
    await story.start(server)
    const { cache } = (await story.call('retained')) as { cache: unknown }

    expect(await story.edit(jobs, ["'job'", "'JOB'"])).toMatchObject({ rung: 're-run' })
    expect(await story.edit(server, ['await null; ', 'await null; await null; '])).toMatchObject({ rung: 're-run' })

    expect(running()).toBe(1)
    expect(await story.call('retained')).toStrictEqual({ cache })
    expect(((await story.call('retained')) as { cache: unknown }).cache).toBe(cache)
  })

  test.each([
    ['an expression', 'main(5)', 1],
    ['void', 'void main(5)', 1],
    ['if', "if (process.env.NODE_ENV !== 'production') { main(5) }", 1],
    ['if, without a block', "if (process.env.NODE_ENV !== 'production') void main(5)\n else main(6)", 1],
    ['try', 'try { main(5) } catch (error) { console.error(error) } finally { main(6) }', 2],
    ['for', 'for (const at of [5, 6, 7]) { main(at) }', 3],
    ['for, without a block', 'for (const at of [5, 6, 7]) main(at)', 3],
    ['for await', 'for await (const at of [5, 6]) { main(at) }', 2],
    ['a block', '{ main(5) }', 1],
    ['switch', "switch (process.platform) { case 'aix': break\n default: main(5) }", 1],
    ['blocks in blocks', 'label: { if (true) { do { main(5)\n main(6) } while (false) } }', 2],
    [
      'larger expressions',
      'let started: unknown\n { true && main(5); started = main(6); true ? main(7) : null; (0, main(8)) }',
      4,
    ],
  ])('what main() did after an await is its own: %s', async (_, statement, count) => {
    const story = await createStory({ host })
    const server = story.module(`
      const log: string[] = []
      async function main(at: number) {
        await new Promise((resolve) => setTimeout(resolve, at))
        setInterval(() => { log.push('tick') }, 1_000_000)
      }
      ${statement}
      export const probe = () => log.length`)
    await story.start(server)
    expect(await story.edit(server, ["'tick'", "'first'"])).toMatchObject({ rung: 're-run' })
    expect(running()).toBe(count)
    expect(intervals).toHaveLength(2 * count)

    // The update has waited for what it began.
    expect(await story.edit(server, ['1_000_000', '2_000_000'])).toMatchObject({ rung: 're-run' })

    expect(intervals).toHaveLength(3 * count)
    expect(running()).toBe(count)
  })

  test('what a promise in a variable does after an await is its own', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const log: string[] = []
      async function main() {
        await new Promise((resolve) => setTimeout(resolve, 5))
        setInterval(() => { log.push('tick') }, 1_000_000)
      }
      const started = main()
      export const up = () => started
      export const probe = () => log.length`)
    await story.start(server)
    expect(await story.edit(server, ["'tick'", "'first'"])).toMatchObject({ rung: 're-run' })
    await story.call('up')
    expect(running()).toBe(1)

    expect(await story.edit(server, ['1_000_000', '2_000_000'])).toMatchObject({ rung: 're-run' })
    await story.call('up')

    expect(intervals).toHaveLength(3)
    expect(running()).toBe(1)
  })

  test('what a promise in a function inside such a statement does later is not start-up', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const log: string[] = []
      let later: () => Promise<void> = async () => {}
      async function main() { await null; log.push('main') }
      if (true) { later = async () => { await main(); setInterval(() => {}, 1_000_000) } }
      export const request = () => later()
      export const probe = () => log.length`)
    await story.start(server)
    await story.call('request')

    expect(await story.edit(server, ["push('main')", "push('MAIN')"])).toMatchObject({ rung: 'patch' })

    expect(running()).toBe(1)
  })

  test.each([
    [
      'a function that sets itself again',
      `const chain = (name: string) => { seen.push(name); setTimeout(chain, 2, name) }`,
    ],
    ['a new function each time', `function chain(name: string) { seen.push(name); setTimeout(() => chain(name), 2) }`],
    [
      'after a file was read',
      `async function chain(name: string) { seen.push(name); await readFile(import.meta.filename); setTimeout(chain, 2, name) }`,
    ],
    [
      'a loop that sleeps',
      `async function chain(name: string) {
        for (;;) { seen.push(name); await new Promise((resolve) => setTimeout(resolve, 2)) }
      }`,
    ],
  ])('a timer that is set again from its own callback is owned every time: %s', async (_, chain) => {
    const story = await createStory({ host })
    const server = story.module(`
      import { readFile } from 'node:fs/promises'
      const seen: string[] = []
      ${chain}
      setTimeout(chain, 2, 'one')
      export const getSeen = () => seen
      export const probe = () => readFile.length`)
    await story.start(server)
    const seen = (await story.call('getSeen')) as string[]
    await eventually(() => expect(seen.filter((name) => name === 'one').length).toBeGreaterThan(3))

    expect(await story.edit(server, ["'one'", "'two'"])).toMatchObject({ rung: 're-run' })

    const now = (await story.call('getSeen')) as string[]
    const last = seen.lastIndexOf('one')
    await eventually(() => expect(now.filter((name) => name === 'two').length).toBeGreaterThan(10))
    // One may have been under way.
    expect(seen.slice(last + 1).filter((name) => name === 'one').length).toBeLessThan(2)
    await story.edit(server, ["setTimeout(chain, 2, 'two')", ''])
  })

  test('a re-run that fails clears the timers it set and keeps the old ones', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const tick = () => {}
      setInterval(tick, 1_000_000)
      export const probe = () => 1`)
    await story.start(server)
    const [before] = intervals

    const outcome = await story.edit(server, [
      'setInterval(tick, 1_000_000)',
      "setInterval(tick, 2_000_000)\n throw new Error('after the timer')",
    ])

    expect(outcome).toMatchObject({ rung: 'failed' })
    expect(running()).toBe(1)
    expect(isRunning(before)).toBe(true)
  })

  test('a timer that a request set is left alone', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const routes = new Map<string, () => void>()
      routes.set('/later', () => { setInterval(() => {}, 1_000_000) })
      export const request = () => routes.get('/later')!()
      export const probe = () => [...routes.keys()]`)
    await story.start(server)
    await story.call('request')

    expect(await story.edit(server, ["'/later', () =>", "'/later', async () =>"])).not.toMatchObject({ rung: 'failed' })
    await story.edit(server, ['export const request', "routes.set('/new', () => {})\n export const request"])

    expect(running()).toBe(1)
  })

  test('a listening server is handed over: same port, no refused connection, kept connections move on', async () => {
    const port = await freePort()
    process.env.PORT = String(port)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const story = await createStory({ host })
    const server = story.module(`
      import { once } from 'node:events'
      import { createServer } from 'node:http'
      const sessions = new Map<string, number>()
      const server = createServer((req, res) => { res.setHeader('x-sessions', sessions.size); res.end(describe()) })
      const describe = () => 'one'
      server.on('clientError', () => {})
      server.listen(Number(process.env.PORT), '127.0.0.1')
      await once(server, 'listening')
      export const login = () => sessions.set('a' + sessions.size, 1)
      export const stop = () => { server.closeAllConnections(); server.close() }
      export const probe = () => describe()`)
    await story.start(server)
    await story.call('login')
    const first = await ask(port, agent)
    expect(first).toMatchObject({ body: 'one', sessions: '1' })

    expect(await story.edit(server, ["'one'", "'two'"])).toMatchObject({ rung: 'patch' })
    expect(await ask(port, agent)).toMatchObject({ body: 'two', socket: first.socket })

    const outcome = await story.edit(server, [
      "res.setHeader('x-sessions', sessions.size);",
      "res.setHeader('x-sessions', sessions.size + ' of them');",
    ])
    expect(outcome).toMatchObject({ rung: 'patch' })

    const rerun = await story.edit(server, [
      "server.on('clientError', () => {})",
      "server.on('clientError', () => {})\n server.keepAliveTimeout = 60_000",
    ])
    expect(rerun).toMatchObject({ rung: 're-run' })
    expect(await ask(port, agent)).toMatchObject({ body: 'two', sessions: '1 of them' })
    expect(await ask(port, new Agent())).toMatchObject({ body: 'two', sessions: '1 of them' })
    agent.destroy()
    delete process.env.PORT
  })
})

describe.each(HOSTS)('a server that listens on another host in %s', (host) => {
  afterEach(() => {
    delete process.env.PORT
  })

  test('takes the port over, and keeps it when the update fails', async () => {
    const port = await freePort()
    process.env.PORT = String(port)
    const story = await createStory({ host })
    const server = story.module(`
      import { once } from 'node:events'
      import { createServer } from 'node:http'
      const sessions = new Map<string, number>()
      const answer = () => 'on 127.0.0.1'
      const server = createServer((req, res) => { res.setHeader('x-sessions', sessions.size); res.end(answer()) })
      server.listen(Number(process.env.PORT), '127.0.0.1')
      await once(server, 'listening')
      export const login = () => sessions.set('ann', 1)
      export const stop = () => { server.closeAllConnections(); server.close() }
      export const probe = () => server.address()`)
    await story.start(server)
    await story.call('login')
    const agent = new Agent()
    expect(await ask(port, agent)).toMatchObject({ body: 'on 127.0.0.1', sessions: '1' })

    for (const [from, to] of [
      ['127.0.0.1', 'localhost'],
      ['localhost', '0.0.0.0'],
      ['0.0.0.0', '127.0.0.1'],
    ] as const) {
      const outcome = await story.edit(server, (source) =>
        source.replaceAll(`'${from}'`, `'${to}'`).replace(`on ${from}`, `on ${to}`),
      )
      expect(outcome).toMatchObject({ rung: 're-run' })
      expect(await ask(port, agent, to === '0.0.0.0' ? '127.0.0.1' : to)).toMatchObject({
        body: `on ${to}`,
        sessions: '1',
      })
      expect(await story.probe()).toMatchObject({ value: { port } })
    }

    const failed = await story.edit(server, [
      "'127.0.0.1')\n      await once(server, 'listening')",
      "'0.0.0.0')\n      await once(server, 'listening')\n throw new Error('too late')",
    ])
    expect(failed).toMatchObject({ rung: 'failed' })
    expect(await ask(port, agent)).toMatchObject({ body: 'on 127.0.0.1', sessions: '1' })
    expect(await story.probe()).toMatchObject({ value: { address: '127.0.0.1', port } })
  })
})

describe.each(HOSTS)('servers that nobody means to hand over in %s', (host) => {
  test('a start-up that catches its own failure and listens no more has failed', async () => {
    const port = await freePort()
    process.env.PORT = String(port)
    const story = await createStory({ host })
    const server = story.module(`
      import { createServer } from 'node:http'
      const said: string[] = []
      const connect = async () => { await null }
      let close = () => {}
      async function main() {
        await connect()
        const server = createServer((req, res) => res.end('one'))
        await new Promise<void>((resolve) => server.listen(Number(process.env.PORT), '127.0.0.1', resolve))
        close = () => { server.closeAllConnections(); server.close() }
      }
      main().catch((error: Error) => { said.push(error.message) })
      export const stop = () => close()
      export const probe = () => said.length`)
    await story.start(server)
    await eventually(() => ask(port, new Agent()))

    const failed = await story.edit(server, ['await null', "throw new Error('no database')"])
    expect(failed).toMatchObject({ rung: 'failed', failure: { code: 'listens_no_more' } })
    expect(await ask(port, new Agent())).toMatchObject({ body: 'one' })

    const recovered = await story.edit(server, ["throw new Error('no database')", 'await null; await null'])
    expect(recovered).toMatchObject({ rung: 're-run' })
    expect(await ask(port, new Agent())).toMatchObject({ body: 'one' })
  })

  test('a server that cannot listen where it should fails the update, and the old one serves on', async () => {
    const port = await freePort()
    process.env.PORT = String(port)
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const story = await createStory({ host })
    const server = story.module(`
      import { createServer } from 'node:http'
      const server = createServer((req, res) => res.end('one'))
      server.listen(Number(process.env.PORT), '127.0.0.1')
      export const stop = () => { server.closeAllConnections(); server.close() }
      export const probe = () => 1`)
    await story.start(server)
    await eventually(() => ask(port, new Agent()))

    const other = String((taken.address() as AddressInfo).port)
    const failed = await story.edit(server, ['Number(process.env.PORT)', other])
    expect(failed).toMatchObject({ rung: 'failed', failure: { code: 'rerun_failed' } })
    expect(JSON.stringify(failed)).toContain('EADDRINUSE')
    expect(await ask(port, new Agent())).toMatchObject({ body: 'one' })

    taken.close()
    await story.edit(server, [other, 'Number(process.env.PORT)'])
    expect(await ask(port, new Agent())).toMatchObject({ body: 'one' })
  })

  test('a unit that does not settle is named, and does not hold up the update after it', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const seen: string[] = []
      const forever = (text: string) => { seen.push(text); return new Promise<void>(() => {}) }
      const start = (text: string) => text === 'one' ? Promise.resolve() : forever(text)
      start('one')
      export const getSeen = () => seen
      export const greet = () => 'hello'
      export const probe = () => greet()`)
    await story.start(server)

    const outcomes: unknown[] = []
    story.onOutcome((outcome) => outcomes.push(outcome))
    const both = story.edit(server, ["start('one')", "start('two')"]).catch(() => undefined)
    await eventually(async () => expect(await story.call('getSeen')).toEqual(['two']))
    story.announce({ [server.path]: ["'hello'", "'hi'"] })
    await both

    expect(outcomes).toMatchObject([
      { rung: 're-run', notes: [expect.stringContaining('has not settled')] },
      { rung: 'patch' },
    ])
    expect(await story.call('greet')).toBe('hi')
  }, 20_000)

  test('a promise in a variable that is rejected in a re-run fails the update, not the process', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const cache = new Map()
      async function load(text: string) { await null; if (text === 'bad') throw new Error('no such text'); return text }
      const ready = load('good')
      export const probe = async () => await ready
      export const retained = () => ({ cache })`)
    await story.start(server)

    const failed = await story.edit(server, ["load('good')", "load('bad')"])
    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('no such text') } })
    expect(await story.call('probe')).toBe('good')

    expect(await story.edit(server, ["load('bad')", "load('better')"])).toMatchObject({ rung: 're-run' })
    expect(await story.call('probe')).toBe('better')
  })

  test('two servers that requests open on any free port do not take it from one another', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { once } from 'node:events'
      import { createServer, type Server } from 'node:http'
      import type { AddressInfo } from 'node:net'
      const opened: Server[] = []
      export async function open() {
        const server = createServer((req, res) => { res.end('opened') }).listen(0, '127.0.0.1')
        await once(server, 'listening')
        opened.push(server)
      }
      export const ports = () => opened.map((server) => (server.address() as AddressInfo | null)?.port)
      export const stop = () => { for (const server of opened) server.close() }
      export const probe = () => 'one'`)
    await story.start(server)

    await story.call('open')
    await story.call('open')
    await story.edit(server, ["=> 'one'", "=> 'two'"])

    const ports = (await story.call('ports')) as (number | undefined)[]
    expect(ports).toEqual([expect.any(Number), expect.any(Number)])
    expect(new Set(ports).size).toBe(2)
  })

  test('two servers that start-up opens on any free port both live through a re-run', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { once } from 'node:events'
      import { createServer } from 'node:http'
      import type { AddressInfo } from 'node:net'
      const app = createServer((req, res) => { res.end('app') })
      const metrics = createServer((req, res) => { res.end('metrics') })
      app.listen(0, '127.0.0.1')
      metrics.listen(0, '127.0.0.1')
      await Promise.all([app, metrics].map((each) => each.listening || once(each, 'listening')))
      const ask = async (server: typeof app) => (await fetch('http://127.0.0.1:' + (server.address() as AddressInfo).port)).text()
      export const stop = () => { for (const each of [app, metrics]) { each.closeAllConnections(); each.close() } }
      export const probe = async () => [await ask(app), await ask(metrics), app.keepAliveTimeout]`)
    await story.start(server)
    expect(await story.probe()).toStrictEqual({ value: ['app', 'metrics', 5000] })

    expect(
      await story.edit(server, [
        "app.listen(0, '127.0.0.1')",
        "app.keepAliveTimeout = 1000\n app.listen(0, '127.0.0.1')",
      ]),
    ).toMatchObject({ rung: 're-run' })
    expect(await story.probe()).toStrictEqual({ value: ['app', 'metrics', 1000] })
  })
})

interface Reply {
  readonly body: string
  readonly sessions: string | undefined
  /** The client's port, which tells one connection from another. */
  readonly socket: number | undefined
}

async function ask(port: number, agent: Agent, host: string = '127.0.0.1'): Promise<Reply> {
  const [response] = (await once(get({ port, host, agent }), 'response')) as [IncomingMessage]
  const socket = response.socket.localPort
  const body = (await response.setEncoding('utf8').toArray()).join('')
  return { body, sessions: response.headers['x-sessions']?.toString(), socket }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
