import { products } from './store.ts'

const ROUND_MS = 100
const ENOUGH = 5

let rounds = 0

export function countRounds(): number {
  return rounds
}

export function startRestocking(): void {
  setInterval(restock, ROUND_MS)
}

function restock(): void {
  rounds += 1
  for (const product of products) product.stock = Math.max(product.stock, ENOUGH)
}
