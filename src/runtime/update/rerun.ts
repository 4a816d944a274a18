import { setImmediate } from 'node:timers/promises'
import { addressTaken, listensNoMore as listensNoMoreError, rerunFailed } from '../errors.ts'
import { addDisposed, callDisposeHandlers } from '../hot/disposal.ts'
import type { Unit } from '../module.ts'
import { lateTouches } from '../plan/reordered.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { refuseExit } from '../resources/process-exit.ts'
import { takeUncaughtErrors } from '../resources/uncaught-errors.ts'
import type { Run } from '../resources/run.ts'
import { hasHandedOver, isListening } from '../resources/servers.ts'
import { disposeOf, releaseKept } from './disposal.ts'
import { Isolation } from './isolation.ts'
import type { Journal } from './journal.ts'
import { LeftBehind } from './left-behind.ts'
import { Journaling, repatchClass, resetFunction, runAgain, supersede } from './run-again.ts'

/** As it is before anybody puts another in its place. */
const nextTurn = setImmediate

export interface Rerun {
  /** Units that ran, in order. */
  readonly ran: readonly Unit[]
  /** What a person should know of it. */
  readonly notes: readonly string[]
  /** Units whose value turned out the same. */
  readonly unchanged: ReadonlySet<Unit>
}

/**
 * Runs stale units in the order of a cold start. Those that turn out to have no reason left are skipped.
 *
 * Until all have run, and what was to listen does, nobody else sees any of it. Then what they owned before is disposed
 * of. If one throws, what they have created is disposed of instead.
 *
 * @param gone units that are gone from the source: what they own is disposed of likewise
 * @throws HotError `rerun_failed`, `listens_no_more`, `address_taken`
 */
export async function rerun(
  registry: Registry,
  stale: StaleUnits,
  journal: Journal,
  gone: readonly Unit[],
): Promise<Rerun> {
  const { ownership } = registry
  const disposed = addDisposed(registry, stale, gone)
  const ran = new Set<Unit>()
  const notes: string[] = []
  const unchanged = new Set<Unit>()
  const superseded: Run[] = gone.flatMap((unit) => unit.latest ?? [])
  const leftBehind = new LeftBehind(registry)
  for (const { latest, module, record } of gone) if (latest) leftBehind.note(latest, module.read(record.names))
  const inOrder = stale.inOrder()
  ownership.superseded = superseded
  ownership.upcoming = inOrder.flatMap((unit) => unit.latest ?? [])
  journal.push(() => (ownership.superseded = []))
  ownership.beginAgain()
  const allowExit = refuseExit(ownership)
  const leaveUncaught = takeUncaughtErrors(ownership)
  // Modules that are loaded anew have variables of their own: there is nothing to go back to meanwhile.
  const isOpen = inOrder.some((unit) => unit === unit.module.whole)
  const isolation = isOpen ? undefined : new Isolation(journal, ownership)
  const journaling = new Journaling(journal)
  /** Promises that the top level does not wait for, as in `main()`: later units run meanwhile, as on a cold start. */
  let unawaited: [Unit, Promise<boolean>][] = []
  const endless = new Set<Unit>()
  try {
    const cleaning = callDisposeHandlers(registry, disposed, journal, notes)
    if (cleaning) {
      isolation?.suspend()
      await cleaning
      isolation?.resume()
    }
    // No `await` unless something is to be waited for, so that no request comes in between.
    for (const pass of passes(registry, stale, ran)) {
      for (const unit of pass) {
        if (!stale.isDue(unit, unchanged)) {
          unchanged.add(unit)
          continue
        }
        if (unit.record.kind === 'function') {
          resetFunction(unit, journal)
          continue
        }
        const before = unit.module.read(unit.record.names)
        if (!repatchClass(registry, unit, stale, journal)) {
          const last = unit.latest
          if (last && !ran.has(unit)) leftBehind.note(last, before)
          supersede(unit, superseded, journal)
          journaling.begin(unit.module)
          const settling = runAgain(unit, journal, last)
          if (settling && (unit.record.isAsync || unit === unit.module.whole)) {
            isolation?.suspend()
            if (!(await settling)) endless.add(unit)
            isolation?.resume()
          } else if (settling) {
            settling.catch(() => undefined)
            unawaited.push([unit, settling])
          }
        }
        ran.add(unit)
        if (isUnchanged(unit, before, stale.isTouched(unit))) unchanged.add(unit)
        else unchanged.delete(unit)
      }
      if (unawaited.length === 0) continue
      isolation?.suspend()
      for (const [unit, settling] of unawaited) if (!(await settling)) endless.add(unit)
      unawaited = []
      isolation?.resume()
    }
    isolation?.suspend()
    // Promises in variables, which nobody waits for, may have been rejected at once.
    if ([...ran].some(({ latest }) => latest?.state === 'running')) await nextTurn()
    for (const unit of ran) if (unit.latest?.isExpecting) await asExpected(unit, unit.latest)
    isolation?.resume()
    if (ownership.fatal) throw toFatal(ownership.fatal)
    const bereft = stale.inOrder().find((unit) => !ran.has(unit) && unit.latest && hasHandedOver(unit.latest))
    if (bereft) throw addressTaken(bereft.record.label, bereft.module.record.label)
    const silent = [...ran].find((unit) => listensNoMore(unit, superseded))
    if (silent && ![...ran].some((unit) => unit.latest && isListening(unit.latest)))
      throw listensNoMoreError(silent.record.label, silent.module.record.label)
  } finally {
    isolation?.end()
    journaling.end()
    allowExit()
    leaveUncaught()
    ownership.upcoming = []
  }
  for (const { module, record } of endless)
    notes.push(`${module.record.label}: ${record.label} has not settled yet, and is not waited for`)
  for (const { latest } of ran) if (latest) latest.isProvisional = false
  ownership.superseded = []
  notes.push(...(await disposeOf(superseded)), ...(await releaseKept(registry)), ...leftBehind.describe())
  return { ran: [...ran], notes, unchanged }
}

/**
 * Stale units, in order; and all of them once more if that showed that something has to be made anew before them, as a
 * function has run for the first time.
 *
 * @param ran those that have run. Filled meanwhile, and what they began has settled when the next pass is asked for: it
 *   would go on in what that makes anew
 */
function* passes(registry: Registry, stale: StaleUnits, ran: ReadonlySet<Unit>): Generator<readonly Unit[]> {
  const { startUp, ownership } = registry
  const { firstCalls } = startUp
  yield stale.inOrder()
  if (startUp.firstCalls === firstCalls) return
  const late = lateTouches(registry, stale, ran)
  if (late.length === 0) return
  stale.begin(late)
  const inOrder = stale.inOrder()
  ownership.upcoming = inOrder.flatMap((unit) => unit.latest ?? [])
  yield inOrder
}

/** Servers that were to listen do, and promises that settled meanwhile were fulfilled. */
async function asExpected({ record, module }: Unit, run: Run): Promise<void> {
  try {
    await run.asExpected()
  } catch (error) {
    throw rerunFailed(record.label, module.record.label, error)
  }
}

function toFatal({ run, error }: { readonly run: Run; readonly error: unknown }): Error {
  const { record, module } = run.unit
  return rerunFailed(record.label, module.record.label, error)
}

/**
 * Whether running it again made no difference to those that use what it declares.
 *
 * @param before its values before the update
 * @param isTouched others change them when they run again: the values before are not those it began with
 */
function isUnchanged({ record, module }: Unit, before: readonly unknown[], isTouched: boolean): boolean {
  if (record.kind !== 'value') return false
  const after = module.read(record.names)
  // An object under the same key is the same, and asking for it does nothing to it: who used it has nothing to do
  // again, and would do it twice to one object.
  const isHeld = record.isKept === true && Object.is(before[0], after[0])
  return isHeld || (!isTouched && before.every((value, index) => isSamePrimitive(value, after[index])))
}

/** The same object may have other contents, and the same function other code. */
function isSamePrimitive(before: unknown, after: unknown): boolean {
  return Object.is(before, after) && (after === null || (typeof after !== 'object' && typeof after !== 'function'))
}

/** Its last run listened, and nobody has taken the handle over. */
function listensNoMore(unit: Unit, superseded: readonly Run[]): boolean {
  const isOfUnit = (other: Unit): boolean =>
    // A module that was loaded anew has units of its own.
    other === unit || (unit.module.isOpaque && other.module.record.id === unit.module.record.id)
  return superseded.some((run) => isOfUnit(run.unit) && isListening(run))
}
