import { once } from 'node:events'
import { createServer as createHttpServer, get } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { io } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { CERTIFICATES } from '../support/sockets/certificates.ts'
import { createStory, HOSTS, type HostName, type Story, type StoryFile } from '../support/story/index.ts'

const PREFIX = `
  import { once } from 'node:events'
  import { createServer } from 'node:http'
  import { WebSocketServer } from 'ws'
  import { keep } from 'vite-plugin-hot-node/runtime'
  export const port = () => (server.address() as any).port
  export const stop = () => { server.closeAllConnections(); server.close() }
  function greet(socket: any) { socket.send('hello') }
  export const probe = () => ''
`

/** Ways to have a list of clients. Each is edited where it says `size = 1`. */
const LISTS: readonly { readonly name: string; readonly source: string; readonly note: string }[] = [
  {
    name: 'a WebSocketServer on a server that stays',
    source: `
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const size = 1
      const wss = new WebSocketServer({ server, maxPayload: size * 1024 })
      wss.on('connection', (socket) => { greet(socket) })`,
    note: 'the old wss',
  },
  {
    name: 'a WebSocketServer that is handed its sockets',
    source: `
      const server = createServer()
      const size = 1
      const wss = new WebSocketServer({ noServer: true, maxPayload: size * 1024 })
      server.on('upgrade', (req, socket, head) => {
        wss.handleUpgrade(req, socket, head, (client) => { wss.emit('connection', client, req) })
      })
      wss.on('connection', (socket) => { greet(socket) })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')`,
    note: 'the old wss',
  },
  {
    name: 'a WebSocketServer inside main()',
    source: `
      let server: any
      const size = 1
      async function main() {
        server = createServer()
        const sockets = new WebSocketServer({ server, maxPayload: size * 1024 })
        sockets.on('connection', (socket) => { greet(socket) })
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
      }
      await main()`,
    note: 'what main() made before',
  },
]

describe.each(HOSTS)('open connections that stay with old values in %s', (host) => {
  test.for(LISTS.map((list) => [list.name, list] as const))('%s: said', async ([, { source, note }]) => {
    const { story, server, port } = await start(host, source)
    const update = (from: number): ReturnType<Story['edit']> =>
      story.edit(server, [`size = ${from}`, `size = ${from + 1}`])
    expect(await update(1)).toMatchObject({ rung: 're-run', notes: [] })

    const [first] = [await connect(port), await connect(port)]
    expect(await story.edit(server, ["send('hello')", "send('hi')"])).toMatchObject({ rung: 'patch', notes: [] })
    expect(await update(2)).toMatchObject({
      notes: [`module-1.ts: 2 open connections stay with ${note}: keep() it to reach them`],
    })
    // Said once.
    expect(await update(3)).toMatchObject({ notes: [] })

    await connect(port)
    first.terminate()
    expect(await update(4)).toMatchObject({
      notes: [`module-1.ts: 1 open connection stays with ${note}: keep() it to reach that`],
    })
  })

  test('what keep() holds loses none', async () => {
    const { story, server, port } = await start(
      host,
      `
      const wss = keep('wss', () => new WebSocketServer({ noServer: true }))
      wss.on('connection', (socket) => { greet(socket) })
      const size = 1
      const hub = { wss, size }
      const server = createServer().on('upgrade', (req, socket, head) => {
        hub.wss.handleUpgrade(req, socket, head, (client) => { wss.emit('connection', client, req) })
      })
      server.listen(hub.size - 1, '127.0.0.1')
      await once(server, 'listening')`,
    )
    await connect(port)
    expect(await story.edit(server, ['size = 1', 'size = 1.0 + 0'])).toMatchObject({ notes: [] })
    expect(await story.edit(server, ['{ wss, size }', '{ size, wss, more: true }'])).toMatchObject({
      rung: 're-run',
      notes: [],
    })
  })

  test('connections under TLS', async () => {
    const { story, server, port } = await start(
      host,
      `
      import https from 'node:https'
      const server = https.createServer(${JSON.stringify(CERTIFICATES.one)}).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const size = 1
      const wss = new WebSocketServer({ server, maxPayload: size * 1024 })
      wss.on('connection', (socket) => { greet(socket) })`,
    )
    const client = new WebSocket(`wss://127.0.0.1:${port}`, { rejectUnauthorized: false })
    onTestFinished(() => client.terminate())
    await once(client, 'message')
    expect(await story.edit(server, ['size = 1', 'size = 2'])).toMatchObject({
      notes: ['module-1.ts: 1 open connection stays with the old wss: keep() it to reach that'],
    })
  })

  test('clients of Socket.IO', async () => {
    const { story, server, port } = await start(
      host,
      `
      import { Server } from 'socket.io'
      const server = createServer()
      const size = 1
      const sockets = new Server(server, { maxHttpBufferSize: size * 1e6 })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')`,
    )
    const client = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true })
    onTestFinished(() => void client.close())
    await new Promise<void>((resolve) => client.once('connect', resolve))
    expect(await story.edit(server, ['size = 1', 'size = 2'])).toMatchObject({
      notes: ['module-1.ts: 1 open connection stays with the old sockets: keep() it to reach that'],
    })
  })

  test('responses that stream, and none that are about to come', async () => {
    const { story, server, port } = await start(
      host,
      `
      const limit = 1
      const clients = Object.assign(new Set<any>(), { limit })
      const server = createServer((req, res) => {
        clients.add(res)
        if (req.url === '/events') res.write('data: hello\\n\\n')
        else if (req.url === '/wait') server.emit('waits')
        else res.end()
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      export const waits = () => once(server, 'waits')`,
    )
    const request = get({ port, path: '/events' })
    onTestFinished(() => void request.destroy())
    await once(request, 'response')
    const waits = story.call('waits')
    const waiting = get({ port, path: '/wait' }).on('error', () => undefined)
    onTestFinished(() => void waiting.destroy())
    await waits
    expect(await story.edit(server, ['limit = 1', 'limit = 2'])).toMatchObject({
      notes: ['module-1.ts: 1 open connection stays with the old clients: keep() it to reach that'],
    })
  })
})

/** Clients that a pool is made of: what it holds can be looked at, or not. */
const POOLS: readonly { readonly name: string; readonly source: string }[] = [
  {
    name: 'a pool',
    source: `
      class Pool { clients = [new Socket()]; connect() { return connected(this.clients[0]) } close() { this.clients[0].destroy() } }
      const pool = Object.assign(new Pool(), { size })
      await pool.connect()`,
  },
  {
    name: 'a client with private fields',
    source: `
      class Client {
        #socket = createConnection(at)
        connect() { return connected(this.#socket) }
        close() { this.#socket.destroy() }
      }
      const pool = Object.assign(new Client(), { size })
      await pool.connect()`,
  },
]

describe.each(HOSTS)('connections that old values opened in %s', (host) => {
  let database: Server
  const accepted = new Set<Socket>()

  beforeEach(async () => {
    database = createServer((socket) => {
      accepted.add(socket.on('error', () => undefined).on('close', () => accepted.delete(socket)))
    }).listen(0, '127.0.0.1')
    await once(database, 'listening')
  })
  afterEach(() => {
    for (const socket of accepted) socket.destroy()
    database.close()
  })

  const startPool = async (source: string): Promise<{ story: Story; pool: StoryFile }> => {
    const story = await createStory({ host })
    const pool = story.module(`
      import { once } from 'node:events'
      import { createConnection, Socket } from 'node:net'
      import { keep } from 'vite-plugin-hot-node/runtime'
      const at = { port: ${(database.address() as AddressInfo).port}, host: '127.0.0.1' }
      const size = 1
      async function connected(socket: Socket) {
        if (!socket.connecting) socket.connect(at)
        await once(socket, 'connect')
      }
      ${source}
      export const probe = () => pool.size`)
    await story.start(pool)
    onTestFinished(() => story.end())
    return { story, pool }
  }

  test.for(POOLS.map((pool) => [pool.name, pool.source] as const))('%s: said', async ([, source]) => {
    const { story, pool } = await startPool(source)
    expect(await story.edit(pool, ['=> pool.size', '=> pool.size + 0'])).toMatchObject({ rung: 'patch', notes: [] })
    expect(await story.edit(pool, ['size = 1', 'size = 2'])).toMatchObject({
      notes: ['module-1.ts: 1 connection of the old pool is still open: keep() it, or give it [Symbol.asyncDispose]'],
    })
    expect(accepted.size).toBe(2)
  })

  test.for(POOLS.map((pool) => [pool.name, pool.source] as const))('%s that is disposed of', async ([, source]) => {
    const { story, pool } = await startPool(source.replace('close()', 'async [Symbol.asyncDispose]()'))
    expect(await story.edit(pool, ['size = 1', 'size = 2'])).toMatchObject({ rung: 're-run', notes: [] })
  })

  test('a pool that keep() holds', async () => {
    const { story, pool } = await startPool(`
      const pool = keep('pool', () => ({ size: 1, socket: new Socket() }))
      if (pool.size === size) await connected(pool.socket)
      else pool.size = size`)
    expect(await story.edit(pool, ['const size = 1', 'const size = 2'])).toMatchObject({ rung: 're-run', notes: [] })
  })

  test('one that has left the source', async () => {
    const { story, pool } = await startPool(POOLS[0]?.source ?? '')
    expect(
      await story.edit(pool, (source) => source.replace(/class Pool[^]*/, 'export const probe = () => size')),
    ).toMatchObject({
      notes: ['module-1.ts: 1 connection of the old pool is still open'],
    })
  })

  test("idle connections of an agent, and of fetch, are nobody's", async () => {
    const idle = createHttpServer((_req, res) => res.end('{}')).listen(0, '127.0.0.1')
    onTestFinished(() => {
      idle.closeAllConnections()
      idle.close()
    })
    await once(idle, 'listening')
    const { story, pool } = await startPool(`
      import { Agent, get } from 'node:http'
      const url = 'http://127.0.0.1:${(idle.address() as AddressInfo).port}'
      const agent = Object.assign(new Agent({ keepAlive: true }), { size })
      const [response] = await once(get(url, { agent }), 'response')
      response.resume()
      await once(response, 'close')
      const pool = await (await fetch(url)).json()
      pool.size = agent.size`)
    expect(await story.edit(pool, ['size = 1', 'size = 2'])).toMatchObject({ rung: 're-run', notes: [] })
  })
})

async function start(host: HostName, source: string): Promise<{ story: Story; server: StoryFile; port: number }> {
  const story = await createStory({ host })
  const server = story.module(PREFIX + source)
  await story.start(server)
  return { story, server, port: (await story.call('port')) as number }
}

async function connect(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'message')
  return socket
}
