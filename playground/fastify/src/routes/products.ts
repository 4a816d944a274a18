import type { FastifyInstance } from 'fastify'
import { pricing } from '../services/pricing.ts'
import { type Product, products } from '../store.ts'

export async function productRoutes(app: FastifyInstance): Promise<void> {
  app.get('/', listProducts)
  app.get('/:sku', showProduct)
}

async function listProducts(): Promise<object> {
  return { products: products.map((product) => present(product)) }
}

async function showProduct(request: { params: unknown }): Promise<object> {
  const { sku } = request.params as { sku: string }
  const product = products.find((candidate) => candidate.sku === sku)
  return product ? present(product) : { error: 'we do not sell that' }
}

function present({ sku, name, price, stock }: Product): object {
  return { sku, name, price: pricing.format(price), isAvailable: stock > 0 }
}
