import type { Item } from './store.ts'

const CURRENCY = 'EUR'

export const toPrice = (cents: number): string => `${(cents / 100).toFixed(2)} ${CURRENCY}`

export function slugify(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-')
}

export function toSummary(item: Item): { readonly slug: string; readonly price: string } {
  return { slug: slugify(item.name), price: toPrice(item.cents) }
}
