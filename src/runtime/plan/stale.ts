import type { FunctionCell } from '../cells/function-cell.ts'
import type { Unit } from '../module.ts'
import type { Registry } from '../registry.ts'
import { dependentsOf, touchedBy, usersOfCells } from './dependents.ts'

/** Why a unit has to run again. */
export type Reason =
  /** Its own text, or it is new. */
  | { readonly kind: 'changed' }
  /** A cell it used ran at start-up and changed. */
  | { readonly kind: 'ran'; readonly label: string }
  /** A name it read of a module refers to something else there. */
  | { readonly kind: 'exported'; readonly name: string; readonly by: string }
  /** Another unit that runs again changes what it declares. */
  | { readonly kind: 'touched'; readonly by: Unit }
  /** It read a declaration that runs again. */
  | { readonly kind: 'read'; readonly unit: Unit }
  /** What it did has been taken out of the source. */
  | { readonly kind: 'removed'; readonly label: string }
  /** A worker or child process of its last run runs a file that changed. */
  | { readonly kind: 'script'; readonly label: string }
  /** It changed what others change, too, and a cold start has them in another order. */
  | { readonly kind: 'reordered' }
  /** Its module cleans up before it runs again. */
  | { readonly kind: 'disposed' }
  /** A module it used does not accept the update any more. */
  | { readonly kind: 'invalidated'; readonly by: string }
  | { readonly kind: 'restart' }

/** A unit changes what another declares. */
export interface Touch {
  readonly unit: Unit
  readonly target: Unit
}

/** The units an update makes stale, with the reasons; grown from what changed until nothing more follows. */
export class StaleUnits {
  readonly reasons: Map<Unit, Reason[]> = new Map()
  readonly #registry: Registry
  /** What units had touched before the update that used what is different now. Written before any is stale. */
  hadTouched: ReadonlyMap<Unit, ReadonlySet<Unit>> = new Map()
  /** What stale units change. */
  readonly #touched = new Set<Unit>()
  /** Units that were asked about, and whether they were due: what has run is a reason for others, whatever came of it since. */
  readonly #decided = new Map<Unit, boolean>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  add(given: Unit, reason: Reason): void {
    const unit = this.#present(given)
    if (!unit.module.isInUse) return
    const known = this.reasons.get(unit) ?? []
    const wasFollowed = known.some((one) => !this.#isHeld(unit, one))
    this.reasons.set(unit, [...known, reason])
    if (!wasFollowed && !this.#isHeld(unit, reason)) this.#follow(unit)
  }

  /** What a module that runs as a whole did before it was loaded anew is done again by the instance that is there now. */
  #present(unit: Unit): Unit {
    const { module } = unit
    const present = module.isOpaque ? this.#registry.modules.get(module.record.id) : undefined
    return present?.isOpaque ? present.whole : unit
  }

  /** What a unit that runs again makes stale. */
  #follow(unit: Unit): void {
    const { kind } = unit.record
    // A function is not run: when touched, it is only cleared of what was put on it.
    if (kind !== 'function')
      for (const target of new Set([...touchedBy(unit), ...this.#hadTouched(unit)])) this.#touch({ unit, target })
    if (kind !== 'effect')
      for (const dependent of dependentsOf(unit, this.#registry)) this.add(dependent, { kind: 'read', unit })
  }

  #touch({ unit, target }: Touch): void {
    if (!this.#follows({ unit, target })) return
    this.#touched.add(target)
    this.add(target, { kind: 'touched', by: unit })
  }

  /** Whether to touch something makes that stale. */
  #follows({ unit, target }: Touch): boolean {
    return target.module === unit.module || !this.#registry.boundaries.isClosed(unit.module)
  }

  /** It may not do again what it did, and then nobody else would take it back. */
  #hadTouched(unit: Unit): Unit[] {
    const targets = [...(this.hadTouched.get(unit) ?? [])]
    return targets.filter(({ module, record }) => module.units.has(record.key) && module.isInUse)
  }

  /**
   * `keep()` will give it the object it has, and do nothing to it: what made that does not run again, and who used it has
   * nothing to do again, and would do it twice to one object. Another text may have another key.
   */
  #isHeld({ record, latest }: Unit, { kind }: Reason): boolean {
    return kind !== 'changed' && record.isKept === true && latest !== undefined && this.#registry.kept.holdsFor(latest)
  }

  /** Units have run that touch more than was known: all are to be asked about again. */
  begin(touches: Iterable<Touch>): void {
    this.#decided.clear()
    for (const touch of touches) this.#touch(touch)
  }

  /** Whether it has followed already that a unit changes what another declares. */
  knows({ unit, target }: Touch): boolean {
    if (!this.#follows({ unit, target })) return true
    const reasons = this.reasons.get(target) ?? []
    return reasons.some((reason) => reason.kind === 'touched' && reason.by === unit)
  }

  /** Whether other units change what it declares: its value now is not the one it began with. */
  isTouched(unit: Unit): boolean {
    return this.#touched.has(unit)
  }

  /**
   * A cell that ran while starting is different now: whatever used it then is stale.
   *
   * @param cell the cell, if nothing but what it does is different. Classes that extend its class are no users for that
   */
  addUsersOf(owner: Unit, label: string, cell?: FunctionCell): void {
    const reason: Reason = { kind: 'ran', label }
    for (const user of usersOfCells(owner, this.#registry))
      if (!cell || user.record.kind !== 'class' || user.latest?.entered.has(cell) !== false) this.add(user, reason)
  }

  /**
   * Whether a unit still has to run, now that some have: not if all it had to go by were declarations whose values
   * turned out the same. Asked once of each, in order.
   */
  isDue(unit: Unit, unchanged: ReadonlySet<Unit>): boolean {
    const isDue = this.#hasReason(unit, unchanged, new Set())
    this.#decided.set(unit, isDue)
    return isDue
  }

  /** @param asked a server and what makes it listen are reasons for each other, which is none */
  #hasReason(unit: Unit, unchanged: ReadonlySet<Unit>, asked: Set<Unit>): boolean {
    const decided = this.#decided.get(unit)
    if (decided !== undefined) return decided
    if (asked.has(unit)) return false
    asked.add(unit)
    const reasons = this.reasons.get(unit) ?? []
    return reasons.some((reason) => {
      if (reason.kind === 'read') return !unchanged.has(reason.unit) && this.#hasReason(reason.unit, unchanged, asked)
      if (reason.kind === 'touched') return this.#hasReason(reason.by, unchanged, asked)
      return true
    })
  }

  /** In the order in which a cold start would run them. */
  inOrder(): Unit[] {
    const modules = new Set([...this.reasons.keys()].map((unit) => unit.module))
    const place = ({ module }: Unit): number => (modules.size > 1 ? this.#registry.placeOf(module) : 0)
    const index = new Map<Unit, number>()
    for (const module of modules) {
      let at = 0
      for (const unit of module.units.values()) index.set(unit, at++)
    }
    return [...this.reasons.keys()].toSorted((a, b) => place(a) - place(b) || (index.get(a) ?? 0) - (index.get(b) ?? 0))
  }
}
