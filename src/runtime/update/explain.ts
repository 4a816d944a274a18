import type { ModuleChange, ModuleRecord } from '../../protocol/index.ts'
import type { Unit } from '../module.ts'
import type { ModuleDiff } from '../plan/diff.ts'
import type { Reason, StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import type { ModuleDraft } from './draft.ts'
import type { Rerun } from './rerun.ts'

/**
 * What became of a module, by label.
 *
 * @param exports what it exports now: a declaration may be gone, and its name lead elsewhere
 */
export function describeChanges(
  diff: ModuleDiff,
  exports: ModuleRecord['exports'],
  removed: readonly Unit[],
): string[] {
  const toRemoved = (label: string, names: readonly string[]): string => {
    const name = names.find((one) => Object.hasOwn(exports, one))
    return name === undefined ? `removed ${label}` : `export of ${name}`
  }
  const labels = [
    ...diff.cells.map(({ cell, kind, unit }) => (kind === 'removed' ? toRemoved(cell.label, unit.names) : cell.label)),
    ...[...diff.added, ...diff.changed].filter((unit) => unit.kind !== 'effect').map((unit) => unit.label),
    ...removed.map(({ record }) => toRemoved(record.label, record.names)),
  ]
  if (labels.length > 0) return [...new Set(labels)]
  const { added, removed: dropped } = diff.imports
  return [
    ...diff.exports.map((name) => `export of ${name}`),
    ...diff.stars.map((specifier) => `export * from ${specifier}`),
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

/** Units that were made anew: all that ran, but for those that `keep()` gave what they had. */
export function renewed({ ran, unchanged }: Pick<Rerun, 'ran' | 'unchanged'>): readonly Unit[] {
  const others = ran.filter((unit) => !isHeld(unit, unchanged))
  return others.length > 0 ? others : ran
}

/** What `keep()` held, declared values of the modules concerned that were left alone, and how many modules were. */
export function summarizeKept(registry: Registry, ran: readonly Unit[]): string[] {
  const again = new Set(ran)
  const modules = new Set(ran.map((unit) => unit.module))
  const keys = registry.kept.heldFor(new Set(ran.flatMap((unit) => unit.latest ?? [])))
  const values = [...modules].flatMap((module) =>
    [...module.units.values()]
      .filter((unit) => unit.record.kind === 'value' && !unit.record.hash.startsWith('function') && !again.has(unit))
      .map((unit) => unit.record.label),
  )
  const others = [...registry.modules.values()].filter(
    (module) => !modules.has(module) && module.status === 'running',
  ).length
  return [
    ...keys.map((key) => `keep('${key}')`),
    ...values,
    ...(others > 0 ? [`${others} other ${others === 1 ? 'module' : 'modules'}`] : []),
  ]
}

/** What `keep()` held although what makes it is different now: a cold start would make another. */
export function notesOnHeld({ ran, unchanged }: Pick<Rerun, 'ran' | 'unchanged'>, stale: StaleUnits): string[] {
  const again = new Set(ran)
  return ran
    .filter((unit) => isHeld(unit, unchanged))
    .flatMap((unit) => {
      const [cause] = (stale.reasons.get(unit) ?? []).flatMap((reason) => {
        if (reason.kind === 'changed') return [`its text changed`]
        if (reason.kind === 'ran') return [`${reason.label} changed`]
        if (reason.kind === 'exported') return [toCauseOfExport(reason)]
        if (reason.kind !== 'read' || unchanged.has(reason.unit) || !again.has(reason.unit)) return []
        return [`${reason.unit.record.label} changed`]
      })
      const { module, record } = unit
      return cause === undefined
        ? []
        : [`${module.record.label}: keep() gave ${record.label} what it had, though ${cause}: a restart makes it anew`]
    })
}

/**
 * Fields that a class has come to have: without a `migrate`, nothing gives them to instances that exist. Says so once
 * for each.
 */
export function notesOnFields(drafts: readonly ModuleDraft[]): string[] {
  return drafts.flatMap(({ module, version, fieldsBefore }) =>
    version.record.units.flatMap(({ class: record, label }) => {
      const before = record && fieldsBefore.get(record.key)
      if (!before) return []
      const { announced, shape } = module.classCell(record.key)
      if (shape.hasMigrate) return []
      const names = record.fields.filter((name) => !before.includes(name) && !announced.has(name))
      for (const name of names) announced.add(name)
      return names.map((name) => `${label}: field ${name} is new; instances that live on do not have it`)
    }),
  )
}

function isHeld(unit: Unit, unchanged: ReadonlySet<Unit>): boolean {
  return unit.record.isKept === true && unchanged.has(unit)
}

/** What is gone from the source, and what came. */
export interface Replaced {
  readonly removed: readonly Unit[]
  readonly added: ReadonlySet<Unit>
}

/**
 * Why units ran again: the first cause that is not a consequence of another; and where it is not plain from that, why
 * the first declarations were made anew.
 */
export function explain(result: Pick<Rerun, 'ran' | 'unchanged'>, stale: StaleUnits, replaced: Replaced): string {
  const { ran } = result
  const causes = new Set<string>()
  const removals = new Set<string>()
  for (const unit of ran)
    for (const reason of stale.reasons.get(unit) ?? []) {
      const cause = toCause(unit, reason, replaced)
      if (cause) (reason.kind === 'removed' ? removals : causes).add(cause)
    }
  for (const unit of replaced.removed) removals.add(toCauseOfRemoval(unit.record.label, replaced))
  const [first, ...more] = new Set([...causes, ...removals])
  if (first === undefined) return 'what it read changed'
  const all = more.length > 0 ? `${first}, and ${more.length} more` : first
  const [consequence] = renewed(result).flatMap((unit) => toConsequence(unit, stale, replaced, ran) ?? [])
  if (!consequence) return all
  const { by, say } = consequence
  return `${all}; ${say(more.length === 0 && first.startsWith(`${by} `) ? 'it' : by)}`
}

function toCause(unit: Unit, reason: Reason, replaced: Replaced): string | undefined {
  switch (reason.kind) {
    case 'changed':
      return replaced.added.has(unit) && !isReplacement(unit, replaced)
        ? `${unit.record.label} is new`
        : `${unit.record.label} changed`
    case 'ran':
      return `${reason.label} ran at start-up and changed`
    case 'removed':
      return toCauseOfRemoval(reason.label, replaced)
    case 'exported':
      return toCauseOfExport(reason)
    case 'script':
      return `${reason.label} changed, which it runs`
    case 'reordered':
      return `${unit.record.label} comes elsewhere in the order of imports`
    case 'invalidated':
      return `${reason.by} invalidated itself`
    case 'restart':
      return 'everything runs again'
    case 'touched':
    case 'read':
    case 'disposed':
      return undefined
    default:
      return reason satisfies never
  }
}

/** Of an effect another text is another effect: both have one label where only a later part of it differs. */
function isReplacement(unit: Unit, { removed }: Replaced): boolean {
  return removed.some(({ record }) => record.label === unit.record.label)
}

function toCauseOfRemoval(label: string, { removed, added }: Replaced): string {
  const isGone =
    removed.some(({ record }) => record.label === label) && ![...added].some(({ record }) => record.label === label)
  return `${label} ${isGone ? 'was removed' : 'changed'}`
}

function toCauseOfExport({ name, by }: Reason & { readonly kind: 'exported' }): string {
  return `${name} of ${by} refers to something else`
}

/** One unit's being stale made another so. */
interface Consequence {
  readonly by: string
  readonly say: (it: string) => string
}

/** Why a declaration was made anew whose own text is as it was: `app.get('/') touches app`, `pool reads LIMIT`. */
function toConsequence(
  unit: Unit,
  stale: StaleUnits,
  { removed }: Replaced,
  ran: readonly Unit[],
): Consequence | undefined {
  const { kind, label } = unit.record
  const reasons = stale.reasons.get(unit) ?? []
  const isPlain = reasons.some(({ kind: why }) => why === 'changed' || why === 'ran' || why === 'exported')
  if ((kind !== 'value' && kind !== 'class') || isPlain) return undefined
  for (const reason of reasons)
    switch (reason.kind) {
      case 'touched':
        if (ran.includes(reason.by)) return { by: reason.by.record.label, say: (it) => `${it} touches ${label}` }
        break
      case 'removed': {
        const isGone = removed.some(({ record }) => record.label === reason.label)
        return { by: reason.label, say: (it) => `${it} ${isGone ? 'touched' : 'touches'} ${label}` }
      }
      case 'read':
        if (ran.includes(reason.unit)) return { by: reason.unit.record.label, say: (it) => `${label} reads ${it}` }
        break
      default:
        break
    }
  return undefined
}
