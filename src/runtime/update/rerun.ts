import { rerunFailed } from '../errors.ts'
import type { Unit } from '../module.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { refuseExit } from '../resources/process-exit.ts'
import type { Resource } from '../resources/resource.ts'
import { isPromise } from 'node:util/types'
import { LONGEST_START_UP } from '../start-up.ts'
import type { Journal } from './journal.ts'

export interface Rerun {
  /** Units that ran, in order. */
  readonly ran: readonly Unit[]
}

/**
 * Runs stale units in the order of a cold start. Those that turn out to have no reason left are skipped.
 * What they owned is disposed of once all have run; what they created is disposed of instead if one throws.
 *
 * @param orphans resources of units that are gone from the source, disposed of likewise
 * @throws HotError `rerun_failed`
 */
export async function rerun(
  registry: Registry,
  stale: StaleUnits,
  journal: Journal,
  orphans: readonly Resource[],
): Promise<Rerun> {
  const ran: Unit[] = []
  const unchanged = new Set<Unit>()
  const superseded: Resource[] = [...orphans]
  registry.superseded = superseded
  journal.push(() => (registry.superseded = []))
  registry.refusedExit = undefined
  const allowExit = refuseExit(registry)
  try {
    await runAll()
  } finally {
    allowExit()
  }
  registry.superseded = []
  for (const resource of superseded) resource.dispose()
  return { ran }

  async function runAll(): Promise<void> {
    for (const unit of stale.inOrder()) {
      if (!stale.isDue(unit, unchanged)) {
        unchanged.add(unit)
        continue
      }
      if (unit.record.kind === 'function') {
        resetFunction(unit, journal)
        continue
      }
      const before = unit.module.read(unit.record.names)
      superseded.push(...takeResources(unit, journal))
      if (!repatchClass(unit, stale, journal)) await runAgain(registry, unit, before, journal)
      ran.push(unit)
      const after = unit.module.read(unit.record.names)
      if (unit.record.kind === 'value' && before.every((value, index) => isSamePrimitive(value, after[index])))
        unchanged.add(unit)
    }
  }
}

async function runAgain(registry: Registry, unit: Unit, before: readonly unknown[], journal: Journal): Promise<void> {
  const { module, record } = unit
  journal.push(() => module.assign(record.names, before))
  // Lowered enums and namespaces add to what the variable holds: they must find it empty.
  if (record.names.some((name) => record.reads.includes(name)))
    module.assign(
      record.names,
      record.names.map(() => undefined),
    )
  const run = module.runnerOf(unit)
  if (!run) return
  const outer = module.journal
  module.journal = journal
  try {
    const value = registry.runUnit(unit)
    if (record.isAsync || (record.kind === 'effect' && isPromise(value))) await settledWithinReason(value)
    // Also when somebody caught what it threw instead of exiting.
    if (registry.refusedExit) throw registry.refusedExit
  } catch (error) {
    throw rerunFailed(record.label, module.record.label, error)
  } finally {
    module.journal = outer
  }
}

/** What is still pending after so long is a loop: it goes on, and the update with it. */
async function settledWithinReason(promise: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_START_UP)
  })
  try {
    await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
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
function repatchClass(unit: Unit, stale: StaleUnits, journal: Journal): boolean {
  const record = unit.record.class
  // One that came back has its variable still to be assigned.
  if (!record || !unit.run || !unit.module.classes.has(record.key)) return false
  if (stale.reasons.get(unit)?.some(({ kind }) => kind !== 'changed')) return false
  const cells = record.members.map((member) => unit.module.cell(member.cell))
  unit.module.classCell(record.key).repatch(record.members, cells, journal)
  return true
}

/** Takes over what the unit owned; if the update fails, what it created since goes, and the old is its own again. */
function takeResources(unit: Unit, journal: Journal): Resource[] {
  const owned = unit.resources
  unit.resources = []
  journal.push(() => {
    for (const resource of unit.resources.toReversed()) (resource.undo ?? resource.dispose).call(resource)
    unit.resources = owned
  })
  return owned
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
