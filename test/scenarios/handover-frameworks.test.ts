import { once } from 'node:events'
import { io, type Socket as Client } from 'socket.io-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { ask, inFlight, keptAlive } from '../support/sockets/clients.ts'
import { createStory, HOSTS, type HostName, type Story, type StoryFile } from '../support/story/index.ts'

/** Each makes `server`: it answers GET with its version, and a POST when its body has come. */
const FRAMEWORKS: readonly { readonly name: string; readonly source: string }[] = [
  {
    name: 'node:http',
    source: `
      import { createServer } from 'node:http'
      function make(version: string) {
        return createServer((req, res) => { if (req.method === 'POST') slowly(version, req, res); else res.end(version) })
      }
      const server = make(version).listen(0, '127.0.0.1')
      await once(server, 'listening')`,
  },
  {
    name: 'Express',
    source: `
      import express from 'express'
      function make(version: string) {
        const app = express()
        app.get('/', (req, res) => { res.send(version) })
        app.post('/', (req, res) => { slowly(version, req, res) })
        return app
      }
      const server = make(version).listen(0, '127.0.0.1')
      await once(server, 'listening')`,
  },
  {
    name: 'Fastify',
    source: `
      import fastify from 'fastify'
      async function make(version: string) {
        const app = fastify()
        app.addContentTypeParser('*', (request, payload, done) => { done(null, payload) })
        app.get('/', async () => version)
        app.post('/', (request, reply) => { reply.hijack(); slowly(version, request.raw, reply.raw) })
        await app.listen({ port: 0, host: '127.0.0.1' })
        return app
      }
      const app = await make(version)
      const server = app.server`,
  },
  {
    name: 'Koa',
    source: `
      import Koa from 'koa'
      function make(version: string) {
        const app = new Koa()
        app.use((context) => {
          if (context.method !== 'POST') { context.body = version; return }
          context.respond = false
          slowly(version, context.req, context.res)
        })
        return app
      }
      const server = make(version).listen(0, '127.0.0.1')
      await once(server, 'listening')`,
  },
  {
    name: "Hono's node server",
    source: `
      import { serve, type HttpBindings } from '@hono/node-server'
      import { Hono } from 'hono'
      function make(version: string) {
        const app = new Hono<{ Bindings: HttpBindings }>()
        app.get('/', (c) => c.text(version))
        app.post('/', (c) => {
          const body = new ReadableStream({
            async start(controller) {
              controller.enqueue(new TextEncoder().encode(version + ' began, '))
              await c.req.text()
              controller.enqueue(new TextEncoder().encode(version + ' ended'))
              controller.close()
            },
          })
          return new Response(body)
        })
        return app
      }
      const server = serve({ fetch: make(version).fetch, port: 0, hostname: '127.0.0.1' })
      await once(server, 'listening')`,
  },
]

const PREFIX = `
  import { once } from 'node:events'
  import type { IncomingMessage, ServerResponse } from 'node:http'
  const version = 'one'
  function slowly(version: string, req: IncomingMessage, res: ServerResponse) {
    res.write(version + ' began, ')
    req.resume().on('end', () => res.end(version + ' ended'))
  }`

const SUFFIX = `
  export const port = () => (server.address() as any).port
  export const stop = () => { (server as any).closeAllConnections(); server.close() }
  export const probe = () => version`

async function start(host: HostName, source: string): Promise<{ story: Story; server: StoryFile; port: number }> {
  const story = await createStory({ host })
  const server = story.module(PREFIX + source + SUFFIX)
  await story.start(server)
  return { story, server, port: (await story.call('port')) as number }
}

async function renew(story: Story, server: StoryFile, from: string, to: string): Promise<void> {
  expect(await story.edit(server, [`version = '${from}'`, `version = '${to}'`])).toMatchObject({ rung: 're-run' })
}

describe.each(HOSTS)('frameworks in %s', (host) => {
  test.for(FRAMEWORKS.map(({ name, source }) => [name, source] as const))(
    '%s is handed over, with its connections',
    async ([, source]) => {
      const { story, server, port } = await start(host, source)
      const kept = keptAlive({ port })
      const { socket, body } = await kept()
      expect(body).toBe('one')
      const late = await inFlight({ port })

      await renew(story, server, 'one', 'two')
      expect(await kept()).toMatchObject({ body: 'two', socket })
      await renew(story, server, 'two', 'three')
      expect(await kept()).toMatchObject({ body: 'three', socket })

      expect(await ask({ port })).toMatchObject({ body: 'three' })
      expect(await late.end()).toBe('one began, one ended')
      expect(await story.call('port')).toBe(port)
    },
  )

  test('a WebSocketServer that listens itself is handed over, and its sockets stay open', async () => {
    const { story, server, port } = await start(
      host,
      `
      import { WebSocketServer } from 'ws'
      function make(version: string) {
        const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
        sockets.on('connection', (socket) => { socket.on('message', (data) => { socket.send(version + ' ' + data) }) })
        return sockets
      }
      const sockets = make(version)
      await once(sockets, 'listening')
      const server = Object.assign(sockets, { closeAllConnections() { for (const each of sockets.clients) each.terminate() } })`,
    )
    const old = new WebSocket(`ws://127.0.0.1:${port}`)
    onTestFinished(() => old.terminate())
    await once(old, 'open')

    await renew(story, server, 'one', 'two')

    const fresh = new WebSocket(`ws://127.0.0.1:${port}`)
    onTestFinished(() => fresh.terminate())
    await once(fresh, 'open')
    expect([await echo(old), await echo(fresh)]).toEqual(['one hello', 'two hello'])
  })

  test('Socket.IO: WebSockets stay connected, and clients that poll come back', async () => {
    const { story, server, port } = await start(
      host,
      `
      import { createServer } from 'node:http'
      import { Server } from 'socket.io'
      function make(version: string) {
        const server = createServer()
        const sockets = new Server(server)
        sockets.on('connection', (socket) => { socket.on('ask', (reply) => { reply(version) }) })
        return server
      }
      const server = make(version).listen(0, '127.0.0.1')
      await once(server, 'listening')`,
    )
    const open = await client(port, ['websocket'])
    const polling = await client(port, ['polling'])
    const losses: string[] = []
    open.on('disconnect', (reason) => losses.push(reason))
    expect([await open.emitWithAck('ask'), await polling.emitWithAck('ask')]).toEqual(['one', 'one'])

    await renew(story, server, 'one', 'two')

    const fresh = await client(port, ['websocket'])
    expect([await open.emitWithAck('ask'), await fresh.emitWithAck('ask')]).toEqual(['one', 'two'])
    if (polling.connected) {
      const back = once(polling as never, 'connect')
      polling.emit('ask', () => undefined)
      await back
    }
    expect(await polling.emitWithAck('ask')).toBe('two')
    expect(losses).toEqual([])
  })
})

async function echo(socket: WebSocket): Promise<string> {
  const answer = once(socket, 'message')
  socket.send('hello')
  return String((await answer)[0])
}

async function client(port: number, transports: string[]): Promise<Client> {
  const socket = io(`http://127.0.0.1:${port}`, { transports, forceNew: true, reconnectionDelay: 10 })
  onTestFinished(() => void socket.close())
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}
