import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { reminders } from './src/reminders.ts'
import { statusRoutes } from './src/routes/status.ts'
import { todoRoutes } from './src/routes/todos.ts'

const port = Number(process.env.PORT ?? 3000)

const app = new Hono()

app.get('/', (c) => c.text('Hello, to-dos live at /todos'))
app.route('/todos', todoRoutes)
app.route('/status', statusRoutes)
app.notFound((c) => c.json({ error: `nothing at ${c.req.path}` }, 404))

reminders.start()

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) => {
  console.log(`listening on http://127.0.0.1:${info.port}`)
})
