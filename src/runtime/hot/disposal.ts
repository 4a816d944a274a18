import { isPromise } from 'node:util/types'
import { reasonOf } from '../errors.ts'
import { withinReason } from '../update/disposal.ts'
import type { Journal } from '../update/journal.ts'
import type { HotModule, Unit } from '../module.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { Run } from '../resources/run.ts'
import type { Handler } from './handlers.ts'

/**
 * A module with `dispose` handlers runs again as a whole, as it does in Vite: what they clean up may be anything of it.
 * One of which only functions, classes and plain values changed does not run again.
 *
 * @param gone units that are gone from the source
 * @returns those modules
 */
export function addDisposed(registry: Registry, stale: StaleUnits, gone: readonly Unit[]): ReadonlySet<HotModule> {
  const added = new Set<HotModule>()
  const add = (module: HotModule): void => {
    if (added.has(module) || module.status === 'unused') return
    added.add(module)
    for (const unit of module.units.values())
      if (unit.record.kind === 'value' || unit.record.kind === 'effect') stale.add(unit, { kind: 'disposed' })
  }
  for (const module of registry.modules.values()) if (module.handlers.isDisposed) add(module)
  let before: number
  do {
    before = added.size
    for (const unit of [...gone, ...stale.reasons.keys()])
      if (unit.module.handlers.disposals.size > 0 && runsSomething(unit)) add(unit.module)
  } while (added.size > before)
  return added
}

function runsSomething({ record }: Unit): boolean {
  return record.kind === 'effect' || (record.kind === 'value' && !record.isPure)
}

/**
 * Calls `dispose` handlers, of importers before those of what they import. What they do cannot be taken back.
 *
 * @returns what to wait for, if a handler returned a promise
 */
export function callDisposeHandlers(
  registry: Registry,
  modules: Iterable<HotModule>,
  journal: Journal,
  notes: string[],
): Promise<void> | undefined {
  const calls = [...modules]
    .toSorted((one, other) => registry.placeOf(other) - registry.placeOf(one))
    .flatMap((module) => {
      begin(module, journal)
      return [...module.handlers.disposals].map((handler) => () => callOne(module, handler, journal, notes))
    })
  let last: Promise<void> | undefined
  for (const call of calls) last = last ? last.then(call) : call()
  return last
}

/** All its units are about to run again. */
function begin({ handlers, units, registry }: HotModule, journal: Journal): void {
  const { isDisposed } = handlers
  handlers.isDisposed = false
  // The next update runs the module again, so that it has again what was cleaned up.
  journal.push(() => (handlers.isDisposed = isDisposed || handlers.disposals.size > 0))
  // A server that a handler closes is to be known as one of theirs.
  const { superseded } = registry.ownership
  for (const { latest } of units.values()) if (latest && !superseded.includes(latest)) superseded.push(latest)
}

function callOne(
  { handlers, record, registry, whole }: HotModule,
  { callback, run }: Handler,
  journal: Journal,
  notes: string[],
): Promise<void> | undefined {
  const note = (text: string): void => void notes.push(`${record.label}: a dispose handler ${text}`)
  // A run of its own that is part of the update: a server that it closes keeps its address for the one that follows.
  const own = new Run(run?.unit ?? whole, true)
  journal.push(() => own.end('undo'))
  try {
    const value = registry.ownership.whileTracking(own, () => callback(handlers.data as never))
    return isPromise(value) ? withinReason(value).then((trouble) => void (trouble && note(trouble))) : undefined
  } catch (error) {
    note(`threw: ${reasonOf(error)}`)
    return undefined
  }
}
