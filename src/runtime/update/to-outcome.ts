import type { ModuleChange, Outcome } from '../../protocol/index.ts'
import type { Unit } from '../module.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import type { ModuleDraft } from './draft.ts'
import { describeChanges, explain, labelsByModule, renewed, summarizeKept } from './explain.ts'
import type { Reloaded } from './loader.ts'
import type { Rerun } from './rerun.ts'

interface Context {
  readonly registry: Registry
  readonly stale: StaleUnits
  readonly number: number
  readonly notes: readonly string[]
}

/** What an update has done. */
interface Done {
  readonly drafts: readonly ModuleDraft[]
  readonly result: Rerun
  readonly removed: readonly Unit[]
  /** Why everything ran again, if it did. */
  readonly restarts: readonly string[]
  readonly moves: readonly Reloaded[]
}

/** Says what an update came to that has been applied. How long it took is to be filled in. */
export function toOutcome(
  { registry, stale, number, notes }: Context,
  { drafts, result, removed, restarts, moves }: Done,
): Outcome {
  const changed = new Set<Unit>()
  for (const { module, diff } of drafts)
    for (const record of [...diff.added, ...diff.changed]) {
      const unit = module.units.get(record.key)
      if (unit) changed.add(unit)
    }
  const removedEffects = removed.filter((unit) => unit.record.kind === 'effect')
  const added = new Set(
    drafts.flatMap(({ module, diff }) => diff.added.flatMap((record) => module.units.get(record.key) ?? [])),
  )
  const isPatch =
    removedEffects.length === 0 &&
    result.ran.every(
      (unit) =>
        unit.record.kind !== 'effect' &&
        changed.has(unit) &&
        (unit.record.isPure || unit.record.kind === 'class' || added.has(unit)),
    )
  const patched: ModuleChange[] = drafts
    .map(({ module, diff }) => {
      const gone = removed.filter((unit) => unit.module === module && (isPatch || unit.record.kind === 'effect'))
      return { module: module.record.label, what: describeChanges(diff, module.record.exports, gone) }
    })
    .concat(moves.map(({ module, specifier }) => ({ module: module.record.label, what: [`import of ${specifier}`] })))
    .filter(({ what }) => what.length > 0)
  const start = registry.isStarted ? {} : { isStarted: false as const }
  const common = { number, patched, ms: 0, notes, ...start }
  if (restarts.length > 0)
    return { rung: 'hot-restart', ...common, reran: labelsByModule(result.ran), why: restarts.join('; ') }
  if (isPatch) return { rung: 'patch', ...common }
  return {
    rung: 're-run',
    ...common,
    reran: labelsByModule(renewed(result)),
    kept: summarizeKept(registry, result.ran),
    why: explain(result, stale, { removed: removedEffects, added }),
  }
}

/** Modules that threw when they were evaluated: whoever asks for one of them is to have it evaluated anew. */
export function toUnloaded({ failures, modules }: Registry): Pick<Outcome, 'unloaded'> {
  if (failures.modules.size === 0) return {}
  const ids = [...failures.modules].map(({ record }) => record.id)
  const running = [...modules.values()].filter(({ status }) => status !== 'failed').map(({ record }) => record.id)
  return { unloaded: { ids, running } }
}
