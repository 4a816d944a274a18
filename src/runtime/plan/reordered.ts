import type { HotModule, Unit } from '../module.ts'
import type { Registry } from '../registry.ts'
import { touchedBy } from './dependents.ts'
import { longestIncreasing } from './longest-increasing.ts'

/**
 * Units of several modules that changed one thing, as routes of an app are added, in another order than a cold start
 * would have them in: an import came before another, or went, or its module is new and has just run.
 *
 * @param before modules in the order of evaluation before the update
 */
export function reorderedUnits(registry: Registry, before: readonly HotModule[]): Unit[] {
  return movedModules(registry, before).flatMap((module) =>
    touchingUnits(module).filter((unit) =>
      [...touchedBy(unit)].some((target) =>
        rivals(unit, target, registry).some((rival) => ranBefore(unit, rival) !== comesBefore(unit, rival, registry)),
      ),
    ),
  )
}

/** All that are not on a longest common run of the two orders. */
function movedModules(registry: Registry, before: readonly HotModule[]): HotModule[] {
  const known = new Set(before)
  const inUse = [...registry.modules.values()].filter(({ status }) => status === 'running')
  const common = before.filter((module) => inUse.includes(module))
  const kept = new Set(longestIncreasing(common.map((module) => registry.placeOf(module))))
  return [...common.filter((_, index) => !kept.has(index)), ...inUse.filter((module) => !known.has(module))]
}

function touchingUnits(module: HotModule): Unit[] {
  return [...module.units.values()].filter(({ latest, record }) => latest && record.kind !== 'function')
}

/** Units of other modules that change the same. */
function rivals(unit: Unit, target: Unit, registry: Registry): Unit[] {
  return [target.module, ...registry.observersOf(target.module)]
    .filter((module) => module !== unit.module && module.status === 'running')
    .flatMap(touchingUnits)
    .filter((other) => other !== target && touchedBy(other).has(target))
}

function ranBefore({ latest }: Unit, other: Unit): boolean {
  return (latest?.number ?? 0) < (other.latest?.number ?? 0)
}

function comesBefore({ module }: Unit, other: Unit, registry: Registry): boolean {
  return registry.placeOf(module) < registry.placeOf(other.module)
}
