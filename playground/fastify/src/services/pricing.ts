import type { Product } from '../store.ts'

/** What a product costs, in cents. */
export class Pricing {
  readonly #currency = 'EUR'

  total(product: Product, quantity: number): number {
    return product.price * quantity
  }

  format(cents: number): string {
    return `${(cents / 100).toFixed(2)} ${this.#currency}`
  }
}

/** The same, with something off for buying many. */
export class BulkPricing extends Pricing {
  readonly #from: number
  readonly #rate: number

  constructor(from: number, rate: number) {
    super()
    this.#from = from
    this.#rate = rate
  }

  override total(product: Product, quantity: number): number {
    const full = super.total(product, quantity)
    return quantity >= this.#from ? Math.round(full * (1 - this.#rate)) : full
  }
}

export const pricing = new BulkPricing(10, 0.1)
