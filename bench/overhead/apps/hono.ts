import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { announce } from './announce.ts'
import { itemPage } from './page.ts'
import { NotFound } from './store.ts'

const app = new Hono()

app.use(async (context, next) => {
  await next()
  context.header('x-served-by', 'bench')
})

app.get('/items/:id', async (context) => context.json(await itemPage(Number(context.req.param('id')))))

app.get('/cpu', (context) => context.json(process.cpuUsage()))

app.onError((error, context) => context.json({ error: error.message }, error instanceof NotFound ? 404 : 500))

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => announce(server as Server))
