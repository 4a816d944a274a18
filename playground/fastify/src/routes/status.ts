import type { FastifyInstance } from 'fastify'
import { countRounds } from '../restock.ts'
import { orders } from '../store.ts'

export async function statusRoutes(app: FastifyInstance): Promise<void> {
  app.get('/', status)
}

async function status(): Promise<object> {
  return {
    pid: process.pid,
    ticks: countRounds(),
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    orders: orders.length,
  }
}
