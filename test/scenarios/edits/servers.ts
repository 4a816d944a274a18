import { patch, rerun, type Row } from '../../support/story/row.ts'

/** Servers as their users write them: Hono, Express, Fastify and node:http, asked through themselves. */
export const servers: readonly Row[] = [
  {
    name: 'Hono with sub-apps',
    files: {
      'users.ts': `
        import { Hono } from 'hono'
        import { store } from './store.ts'
        export const users = new Hono()
        users.get('/', (c) => c.json(store.all()))
        users.get('/:id', (c) => c.text('user ' + c.req.param('id')))`,
      'store.ts': `class Store { names = ['Ann']; all() { return this.names } }\n export const store = new Store()`,
    },
    server: `
      import { Hono } from 'hono'
      import { users } from './users.ts'
      import { store } from './store.ts'
      const app = new Hono()
      app.use(async (c, next) => { await next(); c.header('x-powered-by', 'hot') })
      app.get('/', (c) => c.text('home'))
      app.route('/users', users)
      app.notFound((c) => c.text('nothing here', 404))
      const ask = async (path: string) => { const response = await app.request(path); return [response.status, response.headers.get('x-powered-by'), await response.text()] }
      export const probe = () => Promise.all(['/', '/users', '/users/7', '/about'].map(ask))
      export const retained = () => ({ app, users, store })`,
    edits: [
      patch(["c.text('home')", "c.text('welcome')"]),
      patch({ 'users.ts': ["'user ' + c.req.param('id')", "'user #' + c.req.param('id')"] }),
      patch({ 'store.ts': ['return this.names', "return [...this.names, 'Bob']"] }),
      rerun(
        [
          "app.get('/', (c) => c.text('welcome'))",
          "app.get('/', (c) => c.text('welcome'))\n app.get('/about', (c) => c.text('about'))",
        ],
        { recreated: ['app'] },
      ),
      rerun(
        {
          'users.ts': [
            "users.get('/', (c) => c.json(store.all()))",
            "users.get('/', (c) => c.json({ users: store.all() }))\n users.get('/first', (c) => c.text('first'))",
          ],
        },
        { recreated: ['users', 'app'] },
      ),
      patch(["'hot'", "'hotter'"]),
      rerun([" app.get('/about', (c) => c.text('about'))", ''], { recreated: ['app'] }),
    ],
  },
  {
    name: 'Express with a router and an error handler',
    files: {
      'todos.ts': `
        import { Router } from 'express'
        export const todos = Router()
        todos.get('/', (req, res) => { res.json(['write']) })
        todos.get('/fail', () => { throw new Error('no such to-do') })`,
    },
    server: `
      import { once } from 'node:events'
      import type { AddressInfo } from 'node:net'
      import express, { type ErrorRequestHandler } from 'express'
      import { todos } from './todos.ts'
      const app = express()
      const onError: ErrorRequestHandler = (error, req, res, next) => { res.status(500).send('failed: ' + error.message) }
      app.use('/todos', todos)
      app.get('/', (req, res) => { res.send('home') })
      app.use(onError)
      const sessions = new Map()
      const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1')
      await once(server, 'listening')
      const ask = async (path: string) => { const response = await fetch('http://127.0.0.1:' + (server.address() as AddressInfo).port + path); return [response.status, await response.text()] }
      export const probe = async () => [await ask('/'), await ask('/todos'), await ask('/todos/fail')]
      export const stop = () => { server.closeAllConnections(); server.close() }
      export const retained = () => ({ sessions })`,
    edits: [
      patch(["'home'", "'welcome'"]),
      patch({ 'todos.ts': ["['write']", "['write', 'test']"] }),
      patch(["'failed: '", "'FAILED: '"]),
      rerun(
        {
          'todos.ts': [
            "todos.get('/', (req",
            "todos.get('/first', (req, res) => { res.send('first') })\n todos.get('/', (req",
          ],
        },
        { sameAnswer: true },
      ),
      rerun([
        "app.use('/todos', todos)",
        "app.get('/todos/fail', (req, res) => { res.send('fine') })\n app.use('/todos', todos)",
      ]),
    ],
  },
  {
    name: 'Fastify with plugins, decorators and hooks',
    files: {
      'routes.ts': `
        import type { FastifyInstance } from 'fastify'
        export async function routes(app: FastifyInstance, options: { greeting: string }) {
          app.get('/', async () => ({ hello: options.greeting }))
          app.get('/db', async () => show((app as any).db))
        }
        export const show = (db: string) => 'db ' + db`,
    },
    server: `
      import fastify from 'fastify'
      import { routes } from './routes.ts'
      const cache = new Map()
      const app = fastify()
      app.decorate('db', 'memory')
      app.addHook('onRequest', async (request, reply) => { reply.header('x-app', 'one') })
      await app.register(routes, { greeting: 'world' })
      await app.ready()
      const ask = async (url: string) => { const response = await app.inject(url); return [response.statusCode, response.headers['x-app'], response.body] }
      export const probe = async () => [await ask('/'), await ask('/db'), await ask('/new')]
      export const stop = () => app.close()
      export const retained = () => ({ cache, app })`,
    edits: [
      patch({ 'routes.ts': ["'db ' + db", "'db: ' + db"] }),
      patch(["'x-app', 'one'", "'x-app', 'two'"]),
      rerun(
        { 'routes.ts': ["app.get('/', async", "app.get('/new', async () => 'new')\n app.get('/', async"] },
        { recreated: ['app'] },
      ),
      rerun(["greeting: 'world'", "greeting: 'there'"], { recreated: ['app'] }),
      rerun(["app.decorate('db', 'memory')", "app.decorate('db', 'disk')"], { recreated: ['app'] }),
    ],
  },
  {
    name: 'node:http with a handler, in main()',
    files: {
      'handler.ts': `import type { IncomingMessage, ServerResponse } from 'node:http'\n export function handler(req: IncomingMessage, res: ServerResponse) { res.end('path ' + req.url) }`,
    },
    server: `
      import { once } from 'node:events'
      import { createServer, type Server } from 'node:http'
      import type { AddressInfo } from 'node:net'
      import { handler } from './handler.ts'
      let server: Server
      const visits = new Map<string, number>()
      async function main() {
        server = createServer((req, res) => { res.setHeader('x-server', 'one'); handler(req, res) })
        server.listen(Number(process.env.PORT ?? 0), '127.0.0.1')
        await once(server, 'listening')
      }
      await main()
      export const probe = async () => { const response = await fetch('http://127.0.0.1:' + (server.address() as AddressInfo).port + '/x'); return [response.headers.get('x-server'), await response.text()] }
      export const stop = () => { server.closeAllConnections(); server.close() }
      export const retained = () => ({ visits })`,
    edits: [
      patch({ 'handler.ts': ["'path ' + req.url", "'PATH ' + req.url"] }),
      rerun(["'x-server', 'one'", "'x-server', 'two'"]),
      patch({ 'handler.ts': ["'PATH ' + req.url", "'path ' + req.url"] }),
    ],
  },
]
