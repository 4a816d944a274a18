import type EventEmitter from 'node:events'
import type { ListenerBook } from './listener-book.ts'
import {
  asGiven,
  type EventName,
  type Listener,
  listenersOf,
  removeListener,
  restoreListeners,
} from './listener-list.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

interface Circumstances {
  readonly isPrepended: boolean
  /** Code of a package added it to something that was there before, such as `process`. */
  readonly isOfPackage: boolean
  /** The emitter was of an earlier run. */
  readonly isSurvivor: boolean
}

/** A listener that a run added to an emitter. */
export class OwnedListener implements Resource {
  readonly run: Run
  readonly type: EventName
  readonly listener: Listener
  /** It has been removed because its run was over. */
  isGone = false
  /** It stays although its run is over. */
  isLeft = false
  readonly #book: ListenerBook
  readonly #emitter: EventEmitter
  readonly #circumstances: Circumstances

  constructor(
    book: ListenerBook,
    run: Run,
    emitter: EventEmitter,
    type: EventName,
    listener: Listener,
    circumstances: Circumstances,
  ) {
    this.#book = book
    this.run = run
    this.#emitter = emitter
    this.type = type
    this.listener = listener
    this.#circumstances = circumstances
  }

  get label(): string {
    return `listener for ${String(this.type)}`
  }

  /** Another may have added the same function since: what there is of it counts as the later one's first. */
  isEnded(): boolean {
    if (this.isGone) return true
    const same = this.#book
      .entriesOf(this.#emitter)
      .filter(({ type, listener }) => type === this.type && listener === this.listener)
    const isLater = same.length - 1 - same.indexOf(this)
    return listenersOf(this.#emitter, this.type).filter((one) => one === this.listener).length <= isLater
  }

  /** Whether the same place in the code may have added both. */
  isLike(other: OwnedListener): boolean {
    return this.type === other.type && toText(this.listener) === toText(other.listener)
  }

  dispose(): void {
    const emitter = this.#emitter
    const creator = this.#book.ownership.creatorOf(emitter)
    const { isOfPackage, isSurvivor } = this.#circumstances
    const goesToo = creator?.state === 'over' && !isSurvivor && !this.#book.survivors.has(emitter)
    // A package may have added it once for all who use it, and would not do so again.
    this.isLeft = goesToo || (isOfPackage && !this.#isAddedAgain())
    if (!this.isLeft) this.undo()
  }

  undo(): void {
    if (!this.isEnded())
      removeListener(this.#emitter, this.type, this.listener, this.#circumstances.isPrepended ? 'first' : 'last')
    this.isGone = true
  }

  #isAddedAgain(): boolean {
    return this.#book
      .entriesOf(this.#emitter)
      .some((entry) => entry !== this && entry.isLike(this) && entry.run.state !== 'over')
  }
}

function toText(listener: Listener): string {
  const given = asGiven(listener)
  return `${given.name} ${Function.prototype.toString.call(given)}`
}

/** Listeners of others that a run removed. They come back with it taken back, or gone without anything in their place. */
export class RemovedListeners implements Resource {
  readonly #book: ListenerBook
  readonly #run: Run
  readonly #emitter: EventEmitter
  readonly #type: EventName
  /** All that there were. */
  readonly #before: readonly Listener[]
  readonly #missing: readonly Listener[]

  constructor(
    book: ListenerBook,
    run: Run,
    emitter: EventEmitter,
    type: EventName,
    before: readonly Listener[],
    missing: readonly Listener[],
  ) {
    this.#book = book
    this.#run = run
    this.#emitter = emitter
    this.#type = type
    this.#before = before
    this.#missing = missing
  }

  get label(): string {
    return `removal of listeners for ${String(this.#type)}`
  }

  isEnded(): boolean {
    return false
  }

  /** In a moment: listeners that the run added go first. */
  dispose(): Promise<void> {
    return Promise.resolve().then(() => this.#handBack())
  }

  #handBack(): void {
    const isOver = (listener: Listener): boolean =>
      this.#book
        .entriesOf(this.#emitter)
        .some((entry) => entry.type === this.#type && entry.listener === listener && entry.run.state === 'over')
    const missing = this.#missing.filter((listener) => !isOver(listener))
    const { latest } = this.#run.unit
    if (listenersOf(this.#emitter, this.#type).length === 0) this.#restore(missing)
    else if (missing.length > 0 && latest && latest.state !== 'over')
      latest.own(new RemovedListeners(this.#book, latest, this.#emitter, this.#type, this.#before, missing))
  }

  undo(): void {
    this.#restore(this.#missing)
  }

  #restore(missing: readonly Listener[]): void {
    restoreListeners(this.#emitter, this.#type, this.#before, missing)
  }
}
