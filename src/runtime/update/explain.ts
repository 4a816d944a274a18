import type { ModuleChange } from '../../protocol/index.ts'
import type { Unit } from '../module.ts'
import type { ModuleDiff } from '../plan/diff.ts'
import type { Reason, StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'

/** What became of a module, by label. */
export function describeChanges(diff: ModuleDiff, removed: readonly Unit[]): string[] {
  const labels = [
    ...diff.cells.map(({ cell, kind }) => (kind === 'removed' ? `removed ${cell.label}` : cell.label)),
    ...[...diff.added, ...diff.changed].filter((unit) => unit.kind !== 'effect').map((unit) => unit.label),
    ...removed.map((unit) => `removed ${unit.record.label}`),
  ]
  if (labels.length > 0) return [...new Set(labels)]
  const { added, removed: dropped } = diff.imports
  return [
    ...added.map((specifier) => `import of ${specifier}`),
    ...dropped.map((specifier) => `removed import of ${specifier}`),
  ]
}

/** Units by module: declarations by name, effects by number when there are many. */
export function labelsByModule(units: readonly Unit[]): ModuleChange[] {
  const byModule = new Map<string, Unit[]>()
  for (const unit of units) {
    const { label } = unit.module.record
    byModule.set(label, [...(byModule.get(label) ?? []), unit])
  }
  return [...byModule].map(([module, list]) => ({ module, what: list.map((unit) => unit.record.label) }))
}

/** Declared values of the modules concerned that were left alone, and how many modules were. */
export function summarizeKept(registry: Registry, ran: readonly Unit[]): string[] {
  const again = new Set(ran)
  const modules = new Set(ran.map((unit) => unit.module))
  const values = [...modules].flatMap((module) =>
    [...module.units.values()]
      .filter((unit) => unit.record.kind === 'value' && !unit.record.hash.startsWith('function') && !again.has(unit))
      .map((unit) => unit.record.label),
  )
  const others = [...registry.modules.values()].filter(
    (module) => !modules.has(module) && module.status === 'running',
  ).length
  return [...values, ...(others > 0 ? [`${others} other ${others === 1 ? 'module' : 'modules'}`] : [])]
}

/** Why units ran again: the first cause that is not a consequence of another. */
export function explain(ran: readonly Unit[], stale: StaleUnits, removed: readonly Unit[]): string {
  const causes: string[] = []
  for (const unit of ran)
    for (const reason of stale.reasons.get(unit) ?? []) {
      const cause = toCause(unit, reason)
      if (cause && !causes.includes(cause)) causes.push(cause)
    }
  for (const unit of removed) {
    const cause = `${unit.record.label} was removed`
    if (!causes.includes(cause)) causes.push(cause)
  }
  const [first, ...more] = causes
  if (first === undefined) return 'what it read changed'
  return more.length > 0 ? `${first}, and ${more.length} more` : first
}

function toCause(unit: Unit, reason: Reason): string | undefined {
  switch (reason.kind) {
    case 'changed':
      return `${unit.record.label} changed`
    case 'ran':
      return `${reason.label} ran at start-up and changed`
    case 'removed':
      return `${reason.label} changed or was removed`
    case 'restart':
      return 'everything runs again'
    case 'touched':
    case 'read':
      return undefined
    default:
      return reason satisfies never
  }
}
