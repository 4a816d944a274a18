import { type Item, placesOf, type Program } from './model.ts'
import { ENTRY, type Files, render, toPath } from './render.ts'

/** Items in the order in which a start runs them: of a module after those of what it imports (ECMAScript, Evaluate). */
export function inEvaluationOrder<T extends Item>(program: Program, items: readonly T[]): T[] {
  const order = evaluationOrder(render(program))
  const places = placesOf(program)
  const moduleOf = ({ id }: Item): number => order.indexOf(toPath(places.get(id)!.module))
  const positionOf = ({ id }: Item): number => places.get(id)!.position
  return items.toSorted((one, other) => moduleOf(one) - moduleOf(other) || positionOf(one) - positionOf(other))
}

function evaluationOrder(files: Files): string[] {
  const order = new Set<string>()
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const [, file] of (files[path] ?? '').matchAll(/ from '\.\/(.*)'$/gm)) visit(`/app/${file}`)
    order.add(path)
  }
  visit(ENTRY)
  return [...order]
}
