import type { HotModule, Unit } from '../module.ts'
import type { Registry } from '../registry.ts'
import { touchedBy } from './dependents.ts'
import { longestIncreasing } from './longest-increasing.ts'
import type { StaleUnits, Touch } from './stale.ts'

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
        touchersOf(target, registry).some(
          (other) => other.module !== unit.module && ranBefore(unit, other) !== comesBefore(unit, other, registry),
        ),
      ),
    ),
  )
}

/**
 * What units turn out to touch, now that they have run, though it was not known that they would: functions have run for
 * the first time. Nothing, unless others touched the same before who come after them on a start, or the other way round.
 */
export function lateTouches(registry: Registry, stale: StaleUnits, ran: ReadonlySet<Unit>): Touch[] {
  const late = [...ran].flatMap((unit) =>
    [...touchedBy(unit)].filter((target) => !stale.knows({ unit, target })).map((target) => ({ unit, target })),
  )
  const isOutOfOrder = late.some(
    ({ unit, target }) =>
      // Who touches what was made anew has run after that, in order.
      !ran.has(target) &&
      target.record.isKept !== true &&
      touchersOf(target, registry).some(
        (other) => other !== unit && ranBefore(unit, other) !== comesBefore(unit, other, registry),
      ),
  )
  return isOutOfOrder ? late : []
}

/** All that are not on a longest common run of the two orders. */
function movedModules(registry: Registry, before: readonly HotModule[]): HotModule[] {
  const known = new Set(before)
  const inUse = new Set([...registry.modules.values()].filter(({ status }) => status === 'running'))
  const common = before.filter((module) => inUse.has(module))
  const kept = new Set(longestIncreasing(common.map((module) => registry.placeOf(module))))
  const added = [...inUse].filter((module) => !known.has(module))
  return [...common.filter((_, index) => !kept.has(index)), ...added]
}

function touchingUnits(module: HotModule): Unit[] {
  return [...module.units.values()].filter(({ latest, record }) => latest && record.kind !== 'function')
}

/** Units that change what a unit declares. */
function touchersOf(target: Unit, registry: Registry): Unit[] {
  return [target.module, ...registry.observersOf(target.module)]
    .filter((module) => module.status === 'running')
    .flatMap(touchingUnits)
    .filter((other) => other !== target && touchedBy(other).has(target))
}

function ranBefore({ latest }: Unit, other: Unit): boolean {
  return (latest?.number ?? 0) < (other.latest?.number ?? 0)
}

function comesBefore(unit: Unit, other: Unit, registry: Registry): boolean {
  if (unit.module !== other.module) return registry.placeOf(unit.module) < registry.placeOf(other.module)
  const inOrder = [...unit.module.units.values()]
  return inOrder.indexOf(unit) < inOrder.indexOf(other)
}
