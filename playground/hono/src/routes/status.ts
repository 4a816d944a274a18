import { Hono } from 'hono'
import { reminders } from '../reminders.ts'
import { todos } from '../services/todos.ts'

export const statusRoutes = new Hono()

statusRoutes.get('/', (c) =>
  c.json({
    pid: process.pid,
    ticks: reminders.rounds,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    todos: todos.size,
  }),
)
