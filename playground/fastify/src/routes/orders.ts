import type { FastifyInstance } from 'fastify'
import { orderDesk } from '../services/orders.ts'
import { orders } from '../store.ts'

interface PlaceOrder {
  Body: { readonly sku: string; readonly quantity: number }
}

const placeOrderSchema = {
  body: {
    type: 'object',
    required: ['sku', 'quantity'],
    properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
  },
}

export async function orderRoutes(app: FastifyInstance): Promise<void> {
  app.get('/', listOrders)
  app.post<PlaceOrder>('/', { schema: placeOrderSchema }, async (request, reply) => {
    reply.code(201)
    return orderDesk.place(request.body.sku, request.body.quantity)
  })
}

async function listOrders(): Promise<object> {
  return { revenue: orderDesk.revenue(), orders }
}
