import { AsyncResource, createHook, executionAsyncResource } from 'node:async_hooks'
import { isSharedConnection } from '../resources/connection-internals.ts'
import type { Ownership } from '../resources/ownership.ts'
import { Run } from '../resources/run.ts'
import type { Journal } from './journal.ts'

/**
 * While units that run again wait for something, such as a database, everybody else goes on with the code and the
 * variables from before the update: requests, timers, and what waited when it began. Only what descends from those units
 * sees what the update has done so far.
 *
 * So there are two **sides**, and the process is switched from one to the other whenever code of the other goes on
 * (Node's `async_hooks`, `before` and `after`). That is done only while units run again.
 */
export class Isolation {
  readonly #journal: Journal
  readonly #ownership: Ownership
  /** Later runs than this see the update. */
  readonly #lastRunBefore = Run.count
  /** What was there when units began to run again has no later number (`asyncId` in Node's docs). */
  readonly #lastAsyncIdBefore = new AsyncResource('hot-node').asyncId()
  readonly #hook = createHook({ before: (asyncId) => this.#before(asyncId), after: () => this.#after() })
  /** Whether the update was seen outside of the calls that are under way, outermost first. */
  readonly #outer: boolean[] = []
  #isSeen = true

  constructor(journal: Journal, ownership: Ownership) {
    this.#journal = journal
    this.#ownership = ownership
    ownership.isolation = this
    // Before units run: from Node 24 on, promises that were there before are not told of.
    this.#hook.enable()
  }

  /** All see the update. */
  end(): void {
    this.#hook.disable()
    this.#ownership.isolation = undefined
    this.#show(true)
  }

  /** The update is about to wait: from here on, only its own code sees it. */
  suspend(): void {
    this.#show(false)
  }

  /** The update goes on, in the call under way. */
  resume(): void {
    this.#show(true)
  }

  /** Calls a function as code of a run. */
  within<T>(run: Run, call: () => T): T {
    if (run.number <= this.#lastRunBefore) return call()
    const outer = this.#isSeen
    this.#show(true)
    try {
      return call()
    } finally {
      this.#show(outer)
    }
  }

  #before(asyncId: number): void {
    this.#outer.push(this.#isSeen)
    this.#show(this.#isOfUpdate(asyncId))
  }

  #after(): void {
    this.#show(this.#outer.pop() ?? false)
  }

  #isOfUpdate(asyncId: number): boolean {
    const { origin } = this.#ownership
    if (origin) return origin.number > this.#lastRunBefore
    // Who is called back by one that both use cannot be told. To the update, what it misses is lost for good.
    return asyncId <= this.#lastAsyncIdBefore && isSharedConnection(executionAsyncResource())
  }

  #show(isSeen: boolean): void {
    if (isSeen === this.#isSeen) return
    this.#isSeen = isSeen
    this.#ownership.window.show(isSeen)
    if (isSeen) this.#journal.resume()
    else this.#journal.suspend()
  }
}
