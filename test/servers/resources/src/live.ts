import { EventEmitter } from 'node:events'

/** Outlives what is created again: nothing here reads the edition. */
export const bus = new EventEmitter()

/** How many of a kind were created and have not ended. Outside of all modules, where no update makes it anew. */
export const live = ((globalThis as { live?: Record<string, number> }).live ??= {})

export function created(kind: string): void {
  const counts = (globalThis as { live?: Record<string, number> }).live ?? {}
  counts[kind] = (counts[kind] ?? 0) + 1
}

export function ended(kind: string): void {
  const counts = (globalThis as { live?: Record<string, number> }).live ?? {}
  counts[kind] = (counts[kind] ?? 0) - 1
}
