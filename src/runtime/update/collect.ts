import type { SavedScript } from '../../protocol/index.ts'
import type { HotModule, Unit } from '../module.ts'
import { readersOf, readersOfSpecifier, touchedBy } from '../plan/dependents.ts'
import type { CellChange } from '../plan/diff.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { exportTargets } from '../resolution.ts'
import type { ModuleDraft } from './draft.ts'

/**
 * What a new version changes of its module's start-up.
 *
 * @param ran changes of code that had run at start-up
 */
export function addChanged(
  { module, diff, classesToRemake }: ModuleDraft,
  ran: ReadonlySet<CellChange>,
  stale: StaleUnits,
): void {
  if (!module.isInUse) return
  const unitOf = (key: string): Unit | undefined => module.units.get(key)
  for (const record of [...diff.added, ...diff.changed]) {
    const unit = unitOf(record.key)
    if (unit && (record.kind !== 'function' || diff.changed.includes(record))) stale.add(unit, { kind: 'changed' })
  }
  for (const { key, label } of classesToRemake) {
    const unit = unitOf(key)
    if (unit) stale.add(unit, { kind: 'ran', label })
  }
  for (const change of diff.cells) {
    const unit = unitOf(change.unit.key)
    if (!unit) continue
    const cell = module.cells.get(change.cell.key)
    const isArityRead = change.isArityChanged && cell?.isLengthRead
    const { label } = change.cell
    if (isArityRead || replacesInherited(unit, change)) stale.addUsersOf(unit, label)
    else if (ran.has(change)) stale.addUsersOf(unit, label, cell)
  }
}

/**
 * What changed units and those that are gone did to others is to be done anew, or no longer.
 *
 * @param touchedBefore what they touched, by unit, before the update
 */
export function addTouched(
  touchedBefore: ReadonlyMap<Unit, ReadonlySet<Unit>>,
  { boundaries }: Registry,
  stale: StaleUnits,
): void {
  for (const [unit, targets] of touchedBefore)
    for (const target of targets) {
      // The module of a unit that is gone cleans up what that did to others.
      const isOwnAffair = unit.module !== target.module && boundaries.isClosed(unit.module)
      if (target.module.units.has(target.record.key) && target !== unit && !isOwnAffair)
        stale.add(target, { kind: 'removed', label: unit.record.label })
    }
}

/** Modules went out of use: so does what they did to others. */
export function addTouchedByUnused(unused: ReadonlySet<HotModule>, stale: StaleUnits): void {
  for (const module of unused)
    for (const unit of module.units.values())
      for (const target of touchedBy(unit))
        if (!unused.has(target.module)) stale.add(target, { kind: 'removed', label: unit.record.label })
}

/** What a specifier leads to is another than it was. */
export function addReadersOfImport(module: HotModule, specifier: string, stale: StaleUnits): void {
  for (const unit of readersOfSpecifier(module, specifier)) stale.addUsersOf(unit, unit.record.label)
}

/**
 * Names that a module exports lead elsewhere: whoever read them there while starting is stale.
 *
 * @param before where they led
 */
export function addReadersOfExports(
  module: HotModule,
  before: ReadonlyMap<string, string>,
  registry: Registry,
  stale: StaleUnits,
): void {
  if (!module.isInUse) return
  for (const [name, target] of exportTargets(module))
    if (before.get(name) !== target)
      for (const unit of readersOf(module, name, registry))
        stale.add(unit, { kind: 'exported', name, by: module.record.label })
}

/**
 * Files that no module is: units whose workers or child processes run one start those again.
 *
 * @returns what a person should know of it
 */
export function addUsersOfScripts(scripts: readonly SavedScript[], { modules }: Registry, stale: StaleUnits): string[] {
  return scripts.flatMap(({ id, label, isWorker }) => {
    const users = [...modules.values()]
      .filter(({ isInUse }) => isInUse)
      .flatMap((module) => [...module.units.values()])
      .filter(({ latest }) => latest?.resources.some((resource) => !resource.isEnded() && resource.runs?.(id)))
    for (const unit of users) stale.add(unit, { kind: 'script', label })
    const isMissed = users.length === 0 && isWorker && !modules.has(id)
    return isMissed ? [`${label} is not hot: a worker or process that runs it goes on with the old code`] : []
  })
}

/** A method that came or went changes what inherited calls did at start-up, if instances were made then. */
function replacesInherited(unit: Unit, { kind, cell }: CellChange): boolean {
  if (kind === 'changed' || !cell.member || cell.member.isStatic || unit.record.kind !== 'class') return false
  const classCell = unit.module.classes.get(unit.record.class?.key ?? unit.record.key)
  const parent = classCell?.facade && (Object.getPrototypeOf(classCell.facade.prototype as object) as object | null)
  return Boolean(classCell?.constructorCell.ran && parent && cell.member.name in parent)
}
