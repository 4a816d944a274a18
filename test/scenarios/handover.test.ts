import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ask, inFlight, isRefused, keptAlive, Line, type Place } from '../support/sockets/clients.ts'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

/** A server whose handlers are closures, so that each run has its own. A POST is answered when its body has come. */
const HTTP = `
  import { once } from 'node:events'
  import { createServer } from 'node:http'
  const version = 'one'
  function make(version: string) {
    return createServer((req, res) => {
      if (req.method !== 'POST') return void res.end(version)
      res.write(version + ' began, ')
      req.resume().on('end', () => res.end(version + ' ended'))
    })
  }
  const server = make(version)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  export const current = () => server
  export const stop = () => { server.closeAllConnections(); server.close() }
  export const probe = () => version`

describe.each(HOSTS)('a server that runs again in %s', (host) => {
  async function start(source: string = HTTP): Promise<{ story: Story; server: StoryFile; place: Place }> {
    const story = await createStory({ host })
    const server = story.module(source)
    await story.start(server)
    return { story, server, place: { port: portOf(story) } }
  }

  function portOf(story: Story): number {
    return ((story.exports.current as () => { address(): AddressInfo })().address() as AddressInfo).port
  }

  const toVersion = (from: string, to: string) => [`version = '${from}'`, `version = '${to}'`] as const

  test('keeps the port it was given, says so, and counts the connections of the one before', async () => {
    const { story, server, place } = await start()
    const kept = keptAlive(place)
    await kept()

    expect(await story.edit(server, toVersion('one', 'two'))).toMatchObject({ rung: 're-run' })

    const current = (story.exports.current as () => import('node:http').Server)()
    expect({ port: portOf(story) }).toEqual(place)
    expect(current.listening).toBe(true)
    expect(await connectionsOf(current)).toBe(1)
    await kept()
    expect(await connectionsOf(current)).toBe(1)
  })

  test('a kept-alive connection reaches the new code with its next request, each time', async () => {
    const { story, server, place } = await start()
    const kept = keptAlive(place)
    const { socket } = await kept()

    for (const [from, to] of [
      ['one', 'two'],
      ['two', 'three'],
      ['three', 'four'],
    ] as const) {
      expect(await story.edit(server, toVersion(from, to))).toMatchObject({ rung: 're-run' })
      expect(await kept()).toMatchObject({ body: to, socket })
      expect(await ask(place)).toMatchObject({ body: to })
    }
  })

  test('after a re-run that failed, old and new connections stay with the old code', async () => {
    const { story, server, place } = await start()
    const kept = keptAlive(place)
    const { socket } = await kept()

    const failed = await story.edit(
      server,
      (text) => `${text.replace(...toVersion('one', 'bad'))}\n throw new Error('no luck')`,
    )
    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('no luck') } })

    expect(await kept()).toMatchObject({ body: 'one', socket })
    expect(await ask(place)).toMatchObject({ body: 'one' })
    expect((story.exports.current as () => import('node:http').Server)().listening).toBe(true)
    const repaired = await story.edit(server, (text) =>
      text.replace(`\n throw new Error('no luck')`, '').replace(...toVersion('bad', 'two')),
    )
    expect(repaired).toMatchObject({ rung: 're-run' })
    expect(await kept()).toMatchObject({ body: 'two', socket })
  })

  test('the old code answers until a run has succeeded, also when its server listens already', async () => {
    const { story, server, place } = await start(
      HTTP.replace('export const current', `await pause()\n async function pause() {}\n export const current`),
    )
    const gate = once(process, 'handover:gate' as 'message')
    const update = story.edit(server, (text) =>
      text
        .replace(...toVersion('one', 'two'))
        .replace(
          'async function pause() {}',
          `async function pause() { process.emit('handover:gate' as any); await new Promise((resolve) => process.once('handover:go' as any, resolve)); throw new Error('no luck') }`,
        ),
    )
    await gate
    const kept = keptAlive(place)
    expect(await kept()).toMatchObject({ body: 'one' })
    const { socket } = await kept()
    process.emit('handover:go' as 'message', undefined, undefined)

    expect(await update).toMatchObject({ rung: 'failed' })
    expect(await kept()).toMatchObject({ body: 'one', socket })
  })

  test('a request under way ends on the code it began with, also when that was superseded twice', async () => {
    const { story, server, place } = await start()
    const oldest = await inFlight(place)
    await story.edit(server, toVersion('one', 'two'))
    const middle = await inFlight(place)
    await story.edit(server, toVersion('two', 'three'))

    expect(await middle.end()).toBe('two began, two ended')
    expect(await oldest.end()).toBe('one began, one ended')
    expect(await ask(place)).toMatchObject({ body: 'three' })
  })

  test('connections made while it runs again are served: none is refused or reset', async () => {
    const { story, server, place } = await start(
      HTTP.replace(`server.listen(0`, `await new Promise((resolve) => setTimeout(resolve, 5))\n server.listen(0`),
    )
    const kept = keptAlive(place)
    const bodies: string[] = []
    const over = new AbortController()
    const load = async (lane: () => Promise<{ body: string }>) => {
      while (!over.signal.aborted) bodies.push((await lane()).body)
    }
    const lanes = Promise.all([load(kept), load(() => ask(place)), load(() => ask(place))])

    const versions = Array.from({ length: 10 }, (_, index) => `version ${index}`)
    let before = 'one'
    for (const version of versions) {
      expect(await story.edit(server, toVersion(before, version))).toMatchObject({ rung: 're-run' })
      before = version
    }
    over.abort()
    await lanes

    expect(bodies.length).toBeGreaterThan(10)
    expect(bodies.filter((body) => !['one', ...versions].includes(body))).toEqual([])
  })

  test('its own settings hold on connections that the one before accepted', async () => {
    const { story, server, place } = await start(
      HTTP.replace(
        'server.listen(0',
        `server.keepAliveTimeout = 5_000\n server.requestTimeout = 10_000\n server.maxRequestsPerSocket = 0\n server.listen(0`,
      ),
    )
    const kept = keptAlive(place)
    expect((await kept()).headers['keep-alive']).toBe('timeout=5')

    await story.edit(server, (text) => text.replace('keepAliveTimeout = 5_000', 'keepAliveTimeout = 9_000'))

    expect((await kept()).headers['keep-alive']).toBe('timeout=9')
    expect((await ask(place, { headers: { connection: 'keep-alive' } })).headers['keep-alive']).toBe('timeout=9')
  })

  test('maxConnections of the new one counts connections of the old', async () => {
    const { story, server, place } = await start()
    const kept = keptAlive(place)
    await kept()

    await story.edit(server, ['server.listen(0', 'server.maxConnections = 1\n server.listen(0'])

    await expect(ask(place)).rejects.toThrow(/hang up|ECONNRESET/)
    expect((await kept()).body).toBe('one')
  })

  test('requests with an expectation, and those dropped, go to the new code', async () => {
    const { story, server, place } = await start(
      HTTP.replace(
        'server.listen(0',
        `server.on('checkContinue', answerer(version))\n function answerer(version: string) { return (req: any, res: any) => { res.writeContinue(); res.end('continue ' + version) } }\n server.listen(0`,
      ),
    )
    const line = await Line.to({ host: '127.0.0.1', ...(place as { port: number }) })
    const expectant = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n'
    expect(await line.say(expectant, /one/)).toContain('continue one')

    await story.edit(server, toVersion('one', 'two'))

    expect(await line.say(expectant, /two/)).toContain('continue two')
  })

  test('a broken request on an old connection is the new one to answer', async () => {
    const { story, server, place } = await start(
      HTTP.replace(
        'server.listen(0',
        `server.on('clientError', reporter(version))\n function reporter(version: string) { return (error: Error, socket: any) => { socket.end('HTTP/1.1 400 ' + version + '\\r\\n\\r\\n') } }\n server.listen(0`,
      ),
    )
    const line = await Line.to({ host: '127.0.0.1', ...(place as { port: number }) })
    await line.say('GET / HTTP/1.1\r\nHost: a\r\n\r\n', /one/)

    await story.edit(server, toVersion('one', 'two'))

    expect(await line.say('nonsense\r\n\r\n', /400/)).toContain('400 two')
  })

  test('the port is closed once its unit is gone, and what is under way is answered', async () => {
    const { story, server, place } = await start()
    const late = await inFlight(place)

    const outcome = await story.edit(server, (text) =>
      text.replace(/server\.listen\(.*\n.*\n/, '').replace('server.closeAllConnections(); server.close()', ''),
    )

    expect(outcome).toMatchObject({ rung: 're-run' })
    expect(await isRefused({ host: '127.0.0.1', ...(place as { port: number }) })).toBe(true)
    expect(await late.end()).toBe('one began, one ended')
  })
})

async function connectionsOf(server: import('node:net').Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}
