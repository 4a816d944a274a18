export interface Product {
  readonly sku: string
  readonly name: string
  /** In cents. */
  readonly price: number
  stock: number
}

export interface Order {
  readonly id: number
  readonly sku: string
  readonly quantity: number
  /** In cents. */
  readonly total: number
}

export const products: Product[] = [
  { sku: 'mug', name: 'Mug', price: 900, stock: 20 },
  { sku: 'tee', name: 'T-shirt', price: 1900, stock: 8 },
  { sku: 'cap', name: 'Cap', price: 1500, stock: 0 },
]

export const orders: Order[] = []
