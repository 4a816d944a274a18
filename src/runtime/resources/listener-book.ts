import type EventEmitter from 'node:events'
import { isCalledByPackage } from './caller.ts'
import { asGiven, type EventName, isUnused, type Listener, listenersOf, withHigherLimit } from './listener-list.ts'
import { OwnedListener, RemovedListeners } from './owned-listener.ts'
import type { Ownership } from './ownership.ts'
import type { Replaceable } from './replacement.ts'
import type { Run } from './run.ts'

/** Who added which listener, and took away which. */
export class ListenerBook {
  readonly ownership: Ownership
  /** Listeners that runs added, by emitter, oldest first. */
  readonly #entries = new WeakMap<EventEmitter, OwnedListener[]>()
  /** Emitters that were used by a later run than the one that created them, such as what a package made once. */
  readonly survivors: WeakSet<EventEmitter> = new WeakSet()
  /** What is being added or removed, so that a method that calls another of these counts once. */
  #adding: { readonly emitter: EventEmitter; readonly listener: unknown } | undefined
  #isRemoving = false

  constructor(ownership: Ownership) {
    this.ownership = ownership
  }

  add(
    run: Run,
    emitter: EventEmitter,
    args: unknown[],
    isPrepended: boolean,
    original: Replaceable,
    standIn: Replaceable,
  ): unknown {
    const [type, listener] = args as [EventName, Listener]
    const outer = this.#adding
    if (typeof listener !== 'function' || (outer?.emitter === emitter && outer.listener === listener))
      return original.apply(emitter, args)
    if (isUnused(emitter)) this.ownership.noteCreated(emitter)
    const creator = this.ownership.creatorOf(emitter)
    const isSurvivor = creator !== undefined && creator !== run && this.isFollowed(creator)
    // By `once`, new code may wait for an old server to close.
    if (isSurvivor && asGiven(listener) === listener) this.#survives(emitter)
    const isReplaceable = (entry: OwnedListener): boolean => entry.type === type && this.isFollowed(entry.run)
    const old = this.entriesOf(emitter).filter(isReplaceable).length
    this.#adding = { emitter, listener }
    let result: unknown
    try {
      result = withHigherLimit(emitter, old, (): unknown => original.apply(emitter, args))
    } finally {
      this.#adding = outer
    }
    const isOfPackage = !creator && isCalledByPackage(standIn)
    const entry = new OwnedListener(this, run, emitter, type, listener, { isPrepended, isOfPackage, isSurvivor })
    // What a package left behind is of no use any more when it adds another.
    if (isOfPackage)
      for (const other of this.entriesOf(emitter)) if (other.isLeft && other.isLike(entry)) this.#endLater(other)
    this.#entries.set(emitter, [...this.entriesOf(emitter), entry])
    if (creator !== run) run.own(entry)
    return result
  }

  remove(run: Run, emitter: EventEmitter, args: unknown[], original: Replaceable): unknown {
    if (this.#isRemoving || isUnused(emitter) || this.ownership.creatorOf(emitter) === run)
      return original.apply(emitter, args)
    const [type, listener] = args as [EventName | undefined, Listener | undefined]
    const types = type === undefined ? emitter.eventNames() : [type]
    const before = types.map((one) => [one, listenersOf(emitter, one)] as const)
    this.#isRemoving = true
    try {
      return original.apply(emitter, args)
    } finally {
      this.#isRemoving = false
      for (const [one, list] of before) {
        const rest = listenersOf(emitter, one)
        const missing = list.filter((item) => {
          const index = rest.indexOf(item)
          if (index !== -1) rest.splice(index, 1)
          // One that was added by `once` removes itself when it has fired.
          const hasFired = item === listener && asGiven(item) !== item
          return index === -1 && !hasFired && !this.#isAddedBy(run, emitter, one, item)
        })
        if (missing.length > 0) run.own(new RemovedListeners(this, run, emitter, one, list, missing))
      }
    }
  }

  entriesOf(emitter: EventEmitter): OwnedListener[] {
    const entries = this.#entries.get(emitter)?.filter((entry) => !entry.isGone) ?? []
    if (entries.length < 64) return entries
    const present = new Map<EventName, Set<Listener>>()
    return entries.filter(({ type, listener }) => {
      let list = present.get(type)
      if (!list) present.set(type, (list = new Set(listenersOf(emitter, type))))
      return list.has(listener)
    })
  }

  /** Another run takes its place, or has taken it. */
  isFollowed(run: Run): boolean {
    return run.state === 'over' || this.ownership.superseded.includes(run)
  }

  #isAddedBy(run: Run, emitter: EventEmitter, type: EventName, listener: Listener): boolean {
    return this.entriesOf(emitter).some(
      (entry) => entry.run === run && entry.type === type && entry.listener === listener,
    )
  }

  /** The emitter did not go with the run that created it, so listeners on it have to be removed after all. */
  #survives(emitter: EventEmitter): void {
    this.survivors.add(emitter)
    for (const entry of this.entriesOf(emitter)) if (this.isFollowed(entry.run)) this.#endLater(entry)
  }

  /** It ends with the update under way, if that succeeds. */
  #endLater(entry: OwnedListener): void {
    const { superseded } = this.ownership
    entry.run.takeBack(entry)
    if (!superseded.includes(entry.run)) superseded.push(entry.run)
  }
}
