import { AsyncLocalStorage, executionAsyncResource } from 'node:async_hooks'
import { isPromise } from 'node:util/types'
import type { Unit } from '../module.ts'
import type { StartUpWindow } from '../start-up.ts'
import { isFulfilled } from '../settlements.ts'
import type { Isolation } from '../update/isolation.ts'
import type { Resource } from './resource.ts'
import { Run } from './run.ts'

/** Code of no run that descends from one: what it creates is nobody's. */
class Outside {
  readonly run: Run

  constructor(run: Run) {
    this.run = run
  }
}

/**
 * Tells which run of which unit is under way, so that what is created meanwhile can be noted as its own.
 *
 * It does so only while it **tracks**: as long as the start-up window is open, and in the callbacks of timers that a run
 * owns. Code that serves requests is outside every run, because servers listen outside of them.
 */
export class Ownership {
  readonly window: StartUpWindow
  /** Runs that have been followed by another in the update under way, and those of units that are gone. */
  superseded: Run[] = []
  /** The last runs of units that may have to run again later in the update under way. */
  upcoming: readonly Run[] = []
  /** There while an update waits that others are not to see yet. Written by it. */
  isolation: Isolation | undefined
  /** What would have ended a process that starts, had it not been code of a unit that runs again. Written by `fail`. */
  fatal: { readonly run: Run; readonly error: unknown } | undefined
  /** Whom to tell of it. Cleared with each update. */
  #onFatal: ((error: unknown) => void)[] = []
  /** Carries the run across `await`. Enabled only while it tracks: it has a price. */
  readonly #running = new AsyncLocalStorage<Run | Outside | undefined>()
  /** How many want it to track. */
  #trackers = 0
  /** Objects that runs created and that others hang things on, such as emitters. */
  readonly #creators = new WeakMap<object, Run>()
  /** Whom to tell of what units came to. Grows only. */
  readonly #settledListeners: ((run: Run, value: unknown) => void)[] = []

  constructor(window: StartUpWindow) {
    this.window = window
    let release: (() => void) | undefined
    window.onChange((isOpen) => {
      release?.()
      release = isOpen ? this.track() : undefined
    })
  }

  /** The run whose code runs now, also after an `await` in it. */
  get current(): Run | undefined {
    const store = this.#store
    return store instanceof Run ? store : undefined
  }

  /** The run whose code runs now, or from which it descends although it is outside of every run. */
  get origin(): Run | undefined {
    const store = this.#store
    return store instanceof Outside ? store.run : store
  }

  get #store(): Run | Outside | undefined {
    return this.#trackers > 0 ? this.#running.getStore() : undefined
  }

  /** Tracks until the answer is called. */
  track(): () => void {
    this.#trackers++
    let isTracking = true
    return () => {
      if (!isTracking) return
      isTracking = false
      if (--this.#trackers > 0) return
      // As code of no run: from Node 24 on, what is disabled is the context at hand, which code of a run that waits shares.
      this.#running.run(undefined, () => this.#running.disable())
    }
  }

  /** Runs a unit. What its run creates is the run's, and the start-up window stays open until it has settled. */
  run(unit: Unit, isAgain: boolean): unknown {
    const release = this.window.hold()
    const run = new Run(unit, isAgain)
    unit.latest = run
    try {
      const value = isInert(unit) && !isAgain ? unit.run?.() : this.within(run, () => unit.run?.())
      // Not any thenable: to call `then` on a framework's application may start it.
      if (isPromise(value)) {
        this.window.holdFor(value)
        this.#settleWith(run, value)
      } else {
        run.settle()
        this.#tell(run, value)
      }
      return value
    } catch (error) {
      run.settle()
      throw error
    } finally {
      release()
    }
  }

  /** Calls back when a run has settled, with what its unit returned or resolved with, if anything. */
  onSettled(listener: (run: Run, value: unknown) => void): void {
    this.#settledListeners.push(listener)
  }

  /**
   * What goes on from here, until the answer is called, is code of a run that nobody calls: a module's own, in the
   * function that the runner made of it.
   */
  enter(run: Run): () => void {
    this.window.engage()
    this.#running.enterWith(run)
    const context = executionAsyncResource()
    queueMicrotask(() => forget(context, run))
    return () => this.#running.enterWith(undefined)
  }

  #settleWith(run: Run, promise: Promise<unknown>): void {
    const tell = (): void => {
      promise.then(
        (value) => this.#tell(run, value),
        () => undefined,
      )
    }
    // Somebody else waits for it, so that its rejection is handled already.
    const { isAsync } = run.unit.record
    if (isAsync) tell()
    this.window.whenSettled(promise, (isSettled) => {
      run.settle(isSettled)
      // In time to keep a rejection that nobody handles from ending the process: the update fails instead.
      if (isSettled && run.isProvisional) run.expect(promise)
      if (!isAsync && isFulfilled(promise)) tell()
    })
  }

  #tell(run: Run, value: unknown): void {
    const tell = (): void => {
      for (const listener of this.#settledListeners) listener(run, value)
    }
    if (this.isolation) this.isolation.within(run, tell)
    else tell()
  }

  /** Units are about to run again. */
  beginAgain(): void {
    this.fatal = undefined
    this.#onFatal = []
  }

  /** Code of a run did what ends a process: the update that the run is of fails. */
  fail(run: Run, error: unknown): void {
    if (this.fatal) return
    this.fatal = { run, error }
    for (const tell of this.#onFatal) tell(error)
  }

  /** Rejects when code of a run does what ends a process. */
  whenFatal(): Promise<never> {
    return new Promise((_, reject) => this.#onFatal.push(reject))
  }

  /** Calls a function as code of a run. */
  within<T>(run: Run | undefined, call: () => T): T {
    if (run) this.window.engage()
    const { isolation } = this
    return this.#running.run(run, run && isolation ? () => isolation.within(run, call) : call)
  }

  /** Calls a function as code of a run though nothing starts up, and until the promise has settled that it returns. */
  whileTracking<T>(run: Run | undefined, call: () => T): T {
    const release = this.track()
    let value: T | undefined
    try {
      return (value = this.within(run, call))
    } finally {
      if (isPromise(value)) value.then(release, release)
      else release()
    }
  }

  /** Calls a function as code of no run: what it creates is nobody's, also what comes of that later. */
  outside<T>(call: () => T): T {
    if (this.#trackers === 0) return call()
    const { origin } = this
    return this.#running.run(origin && new Outside(origin), call)
  }

  /** Gives a resource to the run under way, if there is one. */
  own(resource: Resource): void {
    this.current?.own(resource)
  }

  noteCreated(object: object): void {
    const run = this.current
    if (!run) return
    if (this.#creators.get(object) !== run) run.noteCreated(object)
    this.#creators.set(object, run)
  }

  /** The run that created an object, if one did while it was tracked. */
  creatorOf(object: object): Run | undefined {
    return this.#creators.get(object)
  }
}

/** It calls nothing and reads nothing that could be a getter of the user's: nothing can be created by it. */
function isInert({ record }: Unit): boolean {
  return record.isPure && record.reads.length === 0
}

/**
 * Has a context no longer be that of a run. In Node 20 and 22, code that began before contexts were told apart shares one
 * with all other such code; in later versions, none outlasts its turn.
 */
function forget(context: object, run: Run): void {
  for (const symbol of Object.getOwnPropertySymbols(context))
    if (Reflect.get(context, symbol) === run) Reflect.set(context, symbol, undefined)
}
