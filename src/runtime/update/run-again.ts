import { isPromise } from 'node:util/types'
import { restoreOnRollback } from '../cells/members.ts'
import { rerunFailed } from '../errors.ts'
import type { HotModule, Unit } from '../module.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import type { Run } from '../resources/run.ts'
import { LONGEST_START_UP } from '../start-up.ts'
import type { Journal } from './journal.ts'

/** An update that waits is kept waiting this many milliseconds by a unit that does not settle. */
const PATIENCE_WITH_NEXT = 1000

/** A unit whose last run did not settle is waited for only this many milliseconds. */
const PATIENCE_WITH_LOOP = 1000

/** Modules whose units run again: what their code changes is noted, until all of it has run. */
export class Journaling {
  readonly #journal: Journal
  /** To the journals that they go on with. */
  readonly #modules = new Map<HotModule, Journal>()

  constructor(journal: Journal) {
    this.#journal = journal
  }

  begin(module: HotModule): void {
    if (!this.#modules.has(module)) this.#modules.set(module, module.journal)
    module.journal = this.#journal
  }

  end(): void {
    for (const [module, outer] of this.#modules) module.journal = outer
  }
}

/**
 * Runs a unit that has run before.
 *
 * @param last its last run
 * @returns if there is something to wait for: what resolves when that has settled, or is not waited for any more, with
 *   whether it settled
 * @throws HotError `rerun_failed`; what it returns rejects with that, too
 */
export function runAgain(unit: Unit, journal: Journal, last: Run | undefined): Promise<boolean> | undefined {
  const { module, record } = unit
  module.save(record.names, journal)
  // Lowered enums and namespaces add to what the variable holds: they must find it empty.
  if (record.names.some((name) => record.reads.includes(name)))
    module.assign(
      record.names,
      record.names.map(() => undefined),
    )
  const run = module.runnerOf(unit)
  if (!run) return undefined
  try {
    const value = module.registry.ownership.run(unit, true)
    // A promise in a variable may be for later; but one that created something is a start-up, too.
    const isStartUp = record.kind === 'effect' || (last !== undefined && last.resources.length > 0)
    const patience = last?.isEndless ? PATIENCE_WITH_LOOP : LONGEST_START_UP
    if (record.isAsync || (isStartUp && isPromise(value)))
      return finish(unit, settledWithin(patience, value as Promise<unknown>, module))
    checkExit(module)
    return undefined
  } catch (error) {
    throw rerunFailed(record.label, module.record.label, error)
  }
}

async function finish(unit: Unit, settling: Promise<boolean>): Promise<boolean> {
  const { module, record } = unit
  try {
    const isSettled = await settling
    checkExit(module)
    if (!isSettled) {
      unit.latest?.settle(false)
      module.registry.startUp.letGo()
    }
    return isSettled
  } catch (error) {
    // What waits for what has failed may wait for ever: the next update is not to wait for that.
    if (module.registry.ownership.fatal) module.registry.startUp.letGo()
    throw rerunFailed(record.label, module.record.label, error)
  }
}

/** Also when somebody caught what it threw instead of exiting. */
function checkExit({ registry }: HotModule): void {
  const { fatal } = registry.ownership
  if (fatal) throw fatal.error
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
  const fatal = module.registry.ownership.whenFatal()
  do {
    const pause = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_WITH_NEXT, false)
    })
    try {
      if (await Promise.race([settled, pause, fatal])) return true
    } finally {
      clearTimeout(timer)
    }
  } while (isWorthIt())
  // From here on it is as on a first start: nobody waits.
  settled.catch(() => undefined)
  return false
}

/**
 * A class whose own text changed keeps the statics whose text did not. Only one that something else made stale starts
 * afresh.
 */
export function repatchClass(registry: Registry, unit: Unit, stale: StaleUnits, journal: Journal): boolean {
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
export function supersede(unit: Unit, superseded: Run[], journal: Journal): void {
  const { latest } = unit
  if (latest && !superseded.includes(latest)) superseded.push(latest)
  journal.push(() => {
    if (unit.latest !== latest) unit.latest?.end('undo')
    unit.latest = latest
  })
}

/** Clears a declared function of what was put on it, so that the effects that do so can run again. */
export function resetFunction(unit: Unit, journal: Journal): void {
  const facade = unit.module.cells.get(unit.record.key)?.facade
  if (!facade) return
  for (const key of Reflect.ownKeys(facade)) {
    const descriptor = Object.getOwnPropertyDescriptor(facade, key)
    if (!descriptor?.configurable || ['length', 'name', 'toString', 'prototype'].includes(String(key))) continue
    restoreOnRollback(facade, key, journal)
    Reflect.deleteProperty(facade, key)
  }
}
