import type { Unit } from '../module.ts'
import { ranCells, readersOf, readersOfSpecifier, touchedBy, usersOfCells } from '../plan/dependents.ts'
import type { Registry } from '../registry.ts'
import { exportTargets } from '../resolution.ts'
import type { ModuleDraft } from './draft.ts'
import type { Reloaded } from './loader.ts'

/**
 * What units touched that used, while starting, what an update is about to change: a function, or what a name leads to.
 * Once it is changed, they may touch less; but what they did is to be taken back.
 */
export function touchedByUsers(
  registry: Registry,
  drafts: readonly ModuleDraft[],
  moves: readonly Reloaded[],
): ReadonlyMap<Unit, ReadonlySet<Unit>> {
  const users = [
    ...drafts.flatMap(({ module, diff }) => [
      ...ownersOfChanges(diff)
        .map((key) => module.units.get(key))
        .filter((unit) => unit !== undefined && ranCells(unit).length > 0)
        .flatMap((unit) => [...usersOfCells(unit as Unit, registry)]),
      ...namesThatMove({ module, diff }).flatMap((name) => [...readersOf(module, name, registry)]),
    ]),
    ...moves
      .flatMap(({ module, specifier }) => readersOfSpecifier(module, specifier))
      .flatMap((unit) => [...usersOfCells(unit, registry)]),
  ]
  return new Map([...new Set(users)].map((unit) => [unit, touchedBy(unit)]))
}

/** Keys of units of which a cell, or more, is different. */
function ownersOfChanges({ cells, removed, changed }: ModuleDraft['diff']): string[] {
  return [...new Set([...cells.map(({ unit }) => unit.key), ...[...removed, ...changed].map(({ key }) => key)])]
}

/** Names that a module exports which may lead elsewhere, or not be there any more. */
function namesThatMove({ module, diff }: Pick<ModuleDraft, 'module' | 'diff'>): readonly string[] {
  return diff.stars.length > 0 ? [...exportTargets(module).keys()] : diff.exports
}
