import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { connect as connectSocket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { CERTIFICATES } from '../support/sockets/certificates.ts'
import { answerOf, ask, Line } from '../support/sockets/clients.ts'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

/** What comes before and after the part of a server that a test is about: `make(version)` creates it. */
function serverOf(imports: string, make: string): string {
  return `
    import { once } from 'node:events'
    ${imports}
    const version = 'one'
    const server = make(version)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    export const port = () => (server.address() as any).port
    export const stop = () => { (server as any).closeAllConnections?.(); server.close() }
    export const probe = () => version
    ${make}`
}

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n'
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe.each(HOSTS)('hand-over in %s', (host) => {
  async function start(imports: string, make: string, files: Record<string, string> = {}) {
    const story = await createStory({ host })
    for (const [path, text] of Object.entries(files)) story.file(path, text)
    const server = story.module(serverOf(imports, make))
    await story.start(server)
    return { story, server, port: (await story.call('port')) as number }
  }

  async function renew(story: Story, server: StoryFile, from = 'one', to = 'two'): Promise<void> {
    expect(await story.edit(server, [`version = '${from}'`, `version = '${to}'`])).toMatchObject({ rung: 're-run' })
  }

  test.each([
    [
      'a WebSocketServer given the server',
      `function make(version: string) {
        const server = createServer((req, res) => { res.end(version) })
        const sockets = new WebSocketServer({ server })
        sockets.on('connection', (socket) => { socket.on('message', (data) => { socket.send(version + ' ' + data) }) })
        return server
      }`,
    ],
    [
      'a WebSocketServer without server, and a listener for upgrades',
      `function make(version: string) {
        const server = createServer((req, res) => { res.end(version) })
        const sockets = new WebSocketServer({ noServer: true })
        server.on('upgrade', (req, socket, head) => {
          sockets.handleUpgrade(req, socket, head, (client) => {
            client.on('message', (data) => { client.send(version + ' ' + data) })
          })
        })
        return server
      }`,
    ],
  ])('%s: sockets stay open on the old code, new ones reach the new', async (_, make) => {
    const { story, server, port } = await start(
      `import { createServer } from 'node:http'\n import { WebSocketServer } from 'ws'`,
      make,
    )
    const old = await openWebSocket(port)
    expect(await old('hello')).toBe('one hello')

    await renew(story, server)
    expect(await old('again')).toBe('one again')
    const fresh = await openWebSocket(port)
    expect(await fresh('hello')).toBe('two hello')

    await renew(story, server, 'two', 'three')
    expect([await old('still'), await fresh('still')]).toEqual(['one still', 'two still'])
    expect(await ask({ port })).toMatchObject({ body: 'three' })
  })

  test('server-sent events go on from the old code, new subscribers hear the new', async () => {
    const { story, server, port } = await start(
      `import { createServer } from 'node:http'`,
      `const hear: (() => void)[] = []
      export const tell = () => { for (const each of hear) each() }
      function make(version: string) {
        return createServer((req, res) => {
          res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: welcome ' + version + '\\n\\n')
          hear.push(() => { res.write('data: ' + version + '\\n\\n') })
        })
      }`,
    )
    const old = await subscribe(port)
    expect(await old()).toBe('data: welcome one\n\n')

    await renew(story, server)

    const fresh = await subscribe(port)
    expect(await fresh()).toBe('data: welcome two\n\n')
    const heard = Promise.all([old(), fresh()])
    await story.call('tell')
    expect(await heard).toEqual(['data: one\n\n', 'data: two\n\n'])
  })

  test('an upgrade asked for on an old connection reaches the new code, and upgraded sockets stay', async () => {
    const { story, server, port } = await start(
      `import { createServer } from 'node:http'`,
      `function make(version: string) {
        const server = createServer((req, res) => { res.end(version) })
        server.on('upgrade', (req, socket) => {
          socket.write('HTTP/1.1 101 Switching\\r\\n\\r\\n' + version + '.')
          socket.on('data', (data) => { socket.write(version + ' ' + data) })
        })
        return server
      }`,
    )
    const upgraded = await Line.to({ port })
    expect(await upgraded.say(UPGRADE, /one\./)).toContain('101')
    const kept = await Line.to({ port })
    await kept.say(GET, /one/)

    await renew(story, server)

    expect(await upgraded.say('hello', /hello/)).toBe('one hello')
    expect(await kept.say(UPGRADE, /two\./)).toContain('101')
    expect(await kept.say('hello', /hello/)).toBe('two hello')
  })

  test('upgrades that the new code no longer takes are requests again, also on old connections', async () => {
    const { story, server, port } = await start(
      `import { createServer } from 'node:http'`,
      `function make(version: string) {
        const server = createServer((req, res) => { res.end('plain ' + version) })
        server.on('upgrade', (req, socket) => { socket.write('HTTP/1.1 101 Switching\\r\\n\\r\\n') })
        return server
      }`,
    )
    const kept = await Line.to({ port })
    await kept.say(GET, /plain one/)

    await story.edit(server, (text) => text.replace(/server\.on\('upgrade'.*/, '').replace("'one'", "'two'"))

    expect(await kept.say(UPGRADE, /plain/)).toContain('plain two')
  })

  test('CONNECT on an old connection reaches the new code, and tunnels stay', async () => {
    const { story, server, port } = await start(
      `import { createServer } from 'node:http'`,
      `function make(version: string) {
        const server = createServer((req, res) => { res.end(version) })
        server.on('connect', (req, socket) => {
          socket.write('HTTP/1.1 200 OK\\r\\n\\r\\n' + version + '.')
          socket.on('data', (data) => { socket.write(version + ' ' + data) })
        })
        return server
      }`,
    )
    const CONNECT = 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'
    const tunnel = await Line.to({ port })
    await tunnel.say(CONNECT, /one\./)
    const kept = await Line.to({ port })
    await kept.say(GET, /one/)

    await renew(story, server)

    expect(await tunnel.say('hello', /hello/)).toBe('one hello')
    expect(await kept.say(CONNECT, /two\./)).toContain('200')
  })

  describe.each([
    [
      'request',
      `server.on('request', (req: any, res: any) => { res.write(version + ' '); req.resume().on('end', () => res.end(version)) })`,
    ],
    [
      'stream',
      `server.on('stream', (stream: any) => { stream.respond({ ':status': 200 }); stream.write(version + ' '); stream.resume().on('end', () => stream.end(version)) })`,
    ],
  ])('HTTP/2 by its event %s', (_, listener) => {
    test.each([
      ['without TLS', 'http', `http2.createServer()`],
      ['with TLS', 'https', `http2.createSecureServer({ ...CERTIFICATES.one, allowHTTP1: true })`],
    ])('%s: sessions stay open, and their next stream reaches the new code', async (__, scheme, create) => {
      const { story, server, port } = await start(
        `import http2 from 'node:http2'\n import { CERTIFICATES } from './certificates.ts'`,
        `function make(version: string) { const server = ${create}; ${listener}; return server }`,
        { 'certificates.ts': `export const CERTIFICATES = ${JSON.stringify(CERTIFICATES)}` },
      )
      const session = http2.connect(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false })
      onTestFinished(() => session.destroy())
      expect(await streamOn(session).end()).toBe('one one')
      const underWay = streamOn(session)
      await underWay.begun

      await renew(story, server)
      expect(await streamOn(session).end()).toBe('two two')
      await renew(story, server, 'two', 'three')
      expect(await streamOn(session).end()).toBe('three three')

      expect(await underWay.end()).toBe('one one')
      expect(session.closed || session.destroyed).toBe(false)
      const fresh = http2.connect(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false })
      onTestFinished(() => fresh.destroy())
      expect(await streamOn(fresh).end()).toBe('three three')
    })
  })

  test('HTTP/1 beside HTTP/2 on one port: kept connections of both reach the new code', async () => {
    const { story, server, port } = await start(
      `import http2 from 'node:http2'\n import { CERTIFICATES } from './certificates.ts'`,
      `function make(version: string) {
        return http2.createSecureServer({ ...CERTIFICATES.one, allowHTTP1: true }, (req, res) => { res.end(req.httpVersion + ' ' + version) })
      }`,
      { 'certificates.ts': `export const CERTIFICATES = ${JSON.stringify(CERTIFICATES)}` },
    )
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    onTestFinished(() => agent.destroy())
    const first = () => answerOf(https.get({ host: '127.0.0.1', port, agent }))
    const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    onTestFinished(() => session.destroy())
    const { socket, body } = await first()
    expect([body, await streamOn(session).end()]).toEqual(['1.1 one', '2.0 one'])

    await renew(story, server)

    expect(await first()).toMatchObject({ body: '1.1 two', socket })
    expect(await streamOn(session).end()).toBe('2.0 two')
  })

  test('a changed certificate is shown to new connections, and old ones go on', async () => {
    const { story, server, port } = await start(
      `import https from 'node:https'\n import { CERTIFICATES } from './certificates.ts'`,
      `function make(version: 'one' | 'two') { return https.createServer(CERTIFICATES[version], (req, res) => { res.end(version) }) }`,
      { 'certificates.ts': `export const CERTIFICATES = ${JSON.stringify(CERTIFICATES)}` },
    )
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    onTestFinished(() => agent.destroy())
    const kept = () => answerOf(https.get({ host: '127.0.0.1', port, agent }))
    const before = await kept()
    expect(nameOf(before.socket as TLSSocket)).toBe('one.test')

    await renew(story, server)

    const after = await kept()
    expect(after).toMatchObject({ body: 'two', socket: before.socket })
    const fresh = await answerOf(https.get({ host: '127.0.0.1', port, agent: false, rejectUnauthorized: false }))
    expect([fresh.body, nameOf(fresh.socket as TLSSocket)]).toEqual(['two', 'two.test'])
  })

  test('a TLS handshake that is under way ends, and its requests reach the new code', async () => {
    const { story, server, port } = await start(
      `import https from 'node:https'\n import { CERTIFICATES } from './certificates.ts'`,
      `function make(version: string) {
        const server = https.createServer(CERTIFICATES.one, (req, res) => { res.end(version) })
        server.on('connection', () => { accepted() })
        return server
      }
      let accepted = () => {}
      export const connection = () => new Promise<void>((resolve) => { accepted = resolve })`,
      { 'certificates.ts': `export const CERTIFICATES = ${JSON.stringify(CERTIFICATES)}` },
    )
    const accepted = story.call('connection')
    const socket = connectSocket({ port, host: '127.0.0.1' })
    await Promise.all([once(socket, 'connect'), accepted])

    await renew(story, server)

    const secure = connectTls({ socket, rejectUnauthorized: false })
    await once(secure, 'secureConnect')
    expect(await new Line(secure).say(GET, /two/)).toContain('200')
  })

  test('a server of plain sockets: those that are open stay with the old code, new ones reach the new', async () => {
    const { story, server, port } = await start(
      `import { createServer } from 'node:net'`,
      `function make(version: string) { return createServer((socket) => { socket.on('data', (data) => { socket.write(version + ' ' + data) }); socket.on('error', () => {}) }) }`,
    )
    const old = await Line.to({ port })
    expect(await old.say('hello', /hello/)).toBe('one hello')

    await renew(story, server)

    expect(await (await Line.to({ port })).say('hello', /hello/)).toBe('two hello')
    expect(await old.say('again', /again/)).toBe('one again')
  })

  test('a server that changes its protocol answers on open connections of the other one, too', async () => {
    const { story, server, port } = await start(
      `import http from 'node:http'\n import http2 from 'node:http2'`,
      `function make(version: string) { return http2.createServer((req, res) => { res.end(version) }) }`,
    )
    const session = http2.connect(`http://127.0.0.1:${port}`)
    onTestFinished(() => session.destroy())
    expect(await streamOn(session).end()).toBe('one')

    await story.edit(server, (text) =>
      text.replace('http2.createServer', 'http.createServer').replace("'one'", "'two'"),
    )

    expect(await streamOn(session).end()).toBe('two')
    expect(await ask({ port })).toMatchObject({ body: 'two' })
  })
})

/** Says something to a WebSocket, and hears what comes back. */
async function openWebSocket(port: number): Promise<(text: string) => Promise<string>> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return async (text) => {
    const answer = once(socket, 'message')
    socket.send(text)
    return String((await answer)[0])
  }
}

/** The next event, each time. */
async function subscribe(port: number): Promise<() => Promise<string>> {
  const [response] = (await once(get({ host: '127.0.0.1', port, agent: false }), 'response')) as [IncomingMessage]
  onTestFinished(() => void response.destroy())
  const events = response.setEncoding('utf8')[Symbol.asyncIterator]()
  return async () => String((await events.next()).value)
}

/** A request on a session, whose answer begins at once and ends when the request does. */
function streamOn(session: http2.ClientHttp2Session) {
  const stream = session.request({ ':method': 'POST' }, { endStream: false }).setEncoding('utf8')
  const chunks: string[] = []
  const begun = once(stream, 'data')
  stream.on('data', (chunk: string) => chunks.push(chunk))
  return {
    begun,
    async end(): Promise<string> {
      const ended = once(stream, 'end')
      stream.end()
      await ended
      return chunks.join('')
    },
  }
}

function nameOf(socket: TLSSocket): unknown {
  return socket.getPeerCertificate().subject.CN
}
