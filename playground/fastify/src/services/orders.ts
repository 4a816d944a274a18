import { type Order, orders, products } from '../store.ts'
import { pricing } from './pricing.ts'

export class OutOfStock extends Error {
  readonly statusCode = 409
}

class OrderDesk {
  #nextId = 1

  place(sku: string, quantity: number): Order {
    const product = products.find((candidate) => candidate.sku === sku)
    if (!product || product.stock < quantity) throw new OutOfStock(`we do not have ${quantity} × ${sku}`)
    product.stock -= quantity
    const order = { id: this.#nextId++, sku, quantity, total: pricing.total(product, quantity) }
    orders.push(order)
    return order
  }

  revenue(): number {
    return orders.reduce((sum, order) => sum + order.total, 0)
  }
}

export const orderDesk = new OrderDesk()
