/** State of a module that imports nothing: nothing that is edited leads to it. */
const hits = new Map<string, number>()

export function hit(path: string): number {
  const next = (hits.get(path) ?? 0) + 1
  hits.set(path, next)
  return next
}
