import { addressTaken, listensNoMore as listensNoMoreError, rerunFailed } from '../errors.ts'
import type { HotModule, Unit } from '../module.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { refuseExit } from '../resources/process-exit.ts'
import type { Run } from '../resources/run.ts'
import { hasHandedOver, isListening } from '../resources/servers.ts'
import { isPromise } from 'node:util/types'
import { LONGEST_START_UP } from '../start-up.ts'
import type { Journal } from './journal.ts'
import { LeftBehind } from './left-behind.ts'

/** An update that waits is kept waiting this many milliseconds by a unit that does not settle. */
const PATIENCE_WITH_NEXT = 1000

/** A unit whose last run did not settle is waited for only this many milliseconds. */
const PATIENCE_WITH_LOOP = 1000

/** How many milliseconds the disposal of a resource may hold up an update. */
const LONGEST_DISPOSAL = 1000

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
 * What they owned is disposed of once all have run; what they created is disposed of instead if one throws.
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
  const ran: Unit[] = []
  const notes: string[] = []
  const unchanged = new Set<Unit>()
  const superseded: Run[] = gone.flatMap((unit) => unit.latest ?? [])
  const leftBehind = new LeftBehind(registry)
  for (const { latest, module, record } of gone) if (latest) leftBehind.note(latest, module.read(record.names))
  const inOrder = stale.inOrder()
  ownership.superseded = superseded
  ownership.upcoming = inOrder.flatMap((unit) => unit.latest ?? [])
  journal.push(() => (ownership.superseded = []))
  ownership.refusedExit = undefined
  const allowExit = refuseExit(ownership)
  try {
    for (const unit of inOrder) await runIfDue(unit)
    for (const unit of ran) await asExpected(unit)
    const bereft = inOrder.find((unit) => !ran.includes(unit) && unit.latest && hasHandedOver(unit.latest))
    if (bereft) throw addressTaken(bereft.record.label, bereft.module.record.label)
    const silent = ran.find((unit) => listensNoMore(unit, superseded))
    if (silent && !ran.some((unit) => unit.latest && isListening(unit.latest)))
      throw listensNoMoreError(silent.record.label, silent.module.record.label)
  } finally {
    allowExit()
    ownership.upcoming = []
  }
  for (const { latest } of ran) if (latest) latest.isProvisional = false
  ownership.superseded = []
  notes.push(...(await disposeOf(superseded)), ...(await releaseKept(registry)), ...leftBehind.describe())
  return { ran, notes, unchanged }

  async function runIfDue(unit: Unit): Promise<void> {
    if (!stale.isDue(unit, unchanged)) {
      unchanged.add(unit)
      return
    }
    if (unit.record.kind === 'function') return resetFunction(unit, journal)
    const before = unit.module.read(unit.record.names)
    if (!repatchClass(registry, unit, stale, journal)) {
      const last = unit.latest
      if (last) leftBehind.note(last, before)
      supersede(unit, superseded, journal)
      if (!(await runAgain(registry, unit, before, journal, last)))
        notes.push(`${unit.module.record.label}: ${unit.record.label} has not settled yet, and is not waited for`)
    }
    ran.push(unit)
    const after = unit.module.read(unit.record.names)
    if (unit.record.kind !== 'value') return
    // An object under the same key is the same, and asking for it does nothing to it: who used it has nothing to do
    // again, and would do it twice to one object.
    const isHeld = unit.record.isKept === true && Object.is(before[0], after[0])
    if (isHeld || before.every((value, index) => isSamePrimitive(value, after[index]))) unchanged.add(unit)
  }
}

/** @returns whether what it returned has settled */
async function runAgain(
  registry: Registry,
  unit: Unit,
  before: readonly unknown[],
  journal: Journal,
  last: Run | undefined,
): Promise<boolean> {
  const { module, record } = unit
  const { ownership } = registry
  journal.push(() => module.assign(record.names, before))
  // Lowered enums and namespaces add to what the variable holds: they must find it empty.
  if (record.names.some((name) => record.reads.includes(name)))
    module.assign(
      record.names,
      record.names.map(() => undefined),
    )
  const run = module.runnerOf(unit)
  if (!run) return true
  const outer = module.journal
  module.journal = journal
  try {
    const value = ownership.run(unit, true)
    // A promise in a variable may be for later; but one that created something is a start-up, too.
    const isStartUp = record.kind === 'effect' || (last !== undefined && last.resources.length > 0)
    const isAwaited = record.isAsync || (isStartUp && isPromise(value))
    const patience = last?.isEndless ? PATIENCE_WITH_LOOP : LONGEST_START_UP
    const isSettled = !isAwaited || (await settledWithin(patience, value as Promise<unknown>, module))
    // Also when somebody caught what it threw instead of exiting.
    if (ownership.refusedExit) throw ownership.refusedExit
    if (!isSettled) {
      unit.latest?.settle(false)
      registry.startUp.letGo()
    }
    return isSettled
  } catch (error) {
    throw rerunFailed(record.label, module.record.label, error)
  } finally {
    module.journal = outer
  }
}

/**
 * What is still pending after so long is a loop: it goes on, and the update with it. Sooner if another update waits.
 *
 * @returns whether it settled
 */
async function settledWithin(patience: number, promise: Promise<unknown>, module: HotModule): Promise<boolean> {
  const start = performance.now()
  const isWorthIt = (): boolean => {
    const passed = performance.now() - start
    // To load a module anew may take a while, and is no loop.
    return module.isReloading ? passed < LONGEST_START_UP : passed < patience && !module.registry.isUpdateWaiting
  }
  let timer: NodeJS.Timeout | undefined
  const settled = promise.then(() => true)
  do {
    const pause = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_WITH_NEXT, false)
    })
    try {
      if (await Promise.race([settled, pause])) return true
    } finally {
      clearTimeout(timer)
    }
  } while (isWorthIt())
  // From here on it is as on a first start: nobody waits.
  settled.catch(() => undefined)
  return false
}

/** Servers that were to listen do, and promises that settled meanwhile were fulfilled. */
async function asExpected({ latest, record, module }: Unit): Promise<void> {
  try {
    await latest?.asExpected()
  } catch (error) {
    throw rerunFailed(record.label, module.record.label, error)
  }
}

/** The same object may have other contents, and the same function other code. */
function isSamePrimitive(before: unknown, after: unknown): boolean {
  return Object.is(before, after) && (after === null || (typeof after !== 'object' && typeof after !== 'function'))
}

/**
 * A class whose own text changed keeps the statics whose text did not. Only one that something else made stale starts
 * afresh.
 */
function repatchClass(registry: Registry, unit: Unit, stale: StaleUnits, journal: Journal): boolean {
  const record = unit.record.class
  // Its static blocks would run on statics that they have run on before.
  if (record && record.blocks !== '') return false
  // One that came back has its variable still to be assigned.
  if (!record || !unit.run || !unit.module.classes.has(record.key)) return false
  if (stale.reasons.get(unit)?.some(({ kind }) => kind !== 'changed')) return false
  const cells = record.members.map((member) => unit.module.cell(member.cell))
  const release = registry.startUp.hold()
  try {
    registry.ownership.within(unit.latest, () =>
      unit.module.classCell(record.key).repatch(record.members, cells, journal),
    )
  } finally {
    release()
  }
  return true
}

/** Another run is to follow; if the update fails, what that created goes, and the last is the last again. */
function supersede(unit: Unit, superseded: Run[], journal: Journal): void {
  const { latest } = unit
  if (latest) superseded.push(latest)
  journal.push(() => {
    if (unit.latest !== latest) unit.latest?.end('undo')
    unit.latest = latest
  })
}

/** Its last run listened, and nobody has taken the handle over. */
function listensNoMore(unit: Unit, superseded: readonly Run[]): boolean {
  const isOfUnit = (other: Unit): boolean =>
    // A module that was loaded anew has units of its own.
    other === unit || (unit.module.isOpaque && other.module.record.id === unit.module.record.id)
  return superseded.some((run) => isOfUnit(run.unit) && isListening(run))
}

/** Disposes of what runs owned that others have followed. Says what did not go well. */
async function disposeOf(runs: readonly Run[]): Promise<string[]> {
  // What belongs to two of them goes with both.
  for (const run of runs) run.finish()
  const disposals = runs.flatMap((run) => run.end('dispose').map((disposal) => ({ ...disposal, run })))
  const notes = await Promise.all(
    disposals.map(async ({ resource, run, done }) => {
      const outcome = await withinReason(done)
      return outcome === undefined ? [] : [`${run.unit.module.record.label}: its old ${resource.label} ${outcome}`]
    }),
  )
  return notes.flat()
}

/** Disposes of what was kept for code that has left the source. Says what went, and what did not go well. */
export async function releaseKept(registry: Registry): Promise<string[]> {
  const notes = registry.kept.release().map(async ({ key, done }) => {
    const outcome = done && (await withinReason(done))
    return outcome === undefined
      ? `keep('${key}') has left the source: ${done ? 'disposed of' : 'forgotten'}`
      : `keep('${key}') has left the source: it ${outcome}`
  })
  return Promise.all(notes)
}

/** @returns what to say of it, if anything */
async function withinReason(done: Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, LONGEST_DISPOSAL, `was not disposed of within ${LONGEST_DISPOSAL} ms`)
  })
  const result = done.then(
    () => undefined,
    (error: unknown) => `could not be disposed of: ${error instanceof Error ? error.message : String(error)}`,
  )
  try {
    return await Promise.race([result, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Clears a declared function of what was put on it, so that the effects that do so can run again. */
function resetFunction(unit: Unit, journal: Journal): void {
  const facade = unit.module.cells.get(unit.record.key)?.facade
  if (!facade) return
  for (const key of Reflect.ownKeys(facade)) {
    const descriptor = Object.getOwnPropertyDescriptor(facade, key)
    if (!descriptor?.configurable || ['length', 'name', 'toString', 'prototype'].includes(String(key))) continue
    journal.push(() => Object.defineProperty(facade, key, descriptor))
    Reflect.deleteProperty(facade, key)
  }
}
