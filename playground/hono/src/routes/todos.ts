import { Hono } from 'hono'
import { todos } from '../services/todos.ts'

export const todoRoutes = new Hono()

todoRoutes.get('/', (c) => {
  return c.json({ summary: todos.summary(), todos: todos.all() })
})

todoRoutes.get('/:id', (c) => {
  const todo = todos.find(Number(c.req.param('id')))
  return todo ? c.json(todo) : c.json({ error: 'no such to-do' }, 404)
})

todoRoutes.post('/', async (c) => {
  const { title } = await c.req.json<{ title?: unknown }>()
  if (typeof title !== 'string') return c.json({ error: 'a to-do needs a title' }, 400)
  return c.json(todos.open(title), 201)
})

todoRoutes.post('/:id/done', (c) => {
  const todo = todos.complete(Number(c.req.param('id')))
  return todo ? c.json(todo) : c.json({ error: 'no such to-do' }, 404)
})
