import timersPromises from 'node:timers/promises'
import { LONGEST_START_UP } from '../start-up.ts'
import { isCalledByPackage } from './caller.ts'
import type { Ownership } from './ownership.ts'
import { likeOriginal, type Replaceable, Replacement } from './replacement.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

interface Options {
  readonly signal?: AbortSignal
  readonly ref?: boolean
}

/** What to do around code that goes on when a wait is over: `begin` answers how to end it. */
export type Begin = () => () => void

/**
 * The functions of `node:timers/promises`, made so that what a run waits for never comes once the run is over. A loop
 * around them ends there: nothing is thrown, and nothing after it runs. Waits of packages are theirs.
 *
 * `scheduler.wait` calls Node's own function, not the module's; read in Node 20 to 26.
 */
export class TimerPromises {
  readonly #ownership: Ownership
  readonly #begin: Begin
  readonly #replacements: readonly Replacement[]
  /** How to end what was begun when a wait of a run was over, until it waits again. */
  readonly #goingOn = new Map<Run, (() => void)[]>()

  /** @param begin makes that timers are noted, in code that goes on when a wait is over */
  constructor(ownership: Ownership, begin: Begin) {
    this.#ownership = ownership
    this.#begin = begin
    const wait = (optionsAt: number): ((original: Replaceable) => Replaceable) => {
      return (original) => this.#toOwned(original, optionsAt, (run, owned) => this.#once(run, owned))
    }
    const { scheduler } = timersPromises
    this.#replacements = [
      new Replacement(timersPromises, {
        setTimeout: wait(2),
        setImmediate: wait(1),
        setInterval: (original) => this.#toOwned(original, 2, (run, owned) => this.#repeatedly(run, owned)),
      }),
      new Replacement(Object.getPrototypeOf(scheduler) as object, { wait: wait(1) }),
    ]
  }

  toggle(isOn: boolean): void {
    for (const replacement of this.#replacements) replacement.toggle(isOn)
  }

  #toOwned(original: Replaceable, optionsAt: number, own: (run: Run, wait: OwnedWait) => unknown): Replaceable {
    const ownership = this.#ownership
    return likeOriginal(function standIn(this: unknown, ...args: unknown[]): unknown {
      const run = ownership.current
      const options = args[optionsAt] ?? {}
      if (!run || typeof options !== 'object' || !isSignal((options as Options).signal) || isCalledByPackage(standIn))
        return original.apply(this, args)
      const { signal } = options as Options
      return own(
        run,
        new OwnedWait(signal, (ended) => {
          const given = args.slice(0, optionsAt)
          while (given.length < optionsAt) given.push(undefined)
          return original.apply(this, [...given, { ...options, signal: ended }]) as unknown
        }),
      )
    }, original)
  }

  #once(run: Run, wait: OwnedWait): Promise<unknown> {
    run.own(wait)
    this.#endGoingOn(run)
    return new Promise((resolve, reject) => {
      const promise = this.#ownership.outside(() => wait.start()) as Promise<unknown>
      promise.then(
        (value) => {
          wait.settle()
          return this.#goOn(run, wait, () => resolve(value))
        },
        (error: unknown) => {
          wait.settle()
          this.#goOn(run, wait, () => reject(error as Error))
        },
      )
    })
  }

  #repeatedly(run: Run, wait: OwnedWait): AsyncIterableIterator<unknown> {
    run.own(wait)
    const ticks = this.#ownership.outside(() => wait.start()) as AsyncIterableIterator<unknown>
    const step = (
      method: 'next' | 'return' | 'throw',
      args: [] | [unknown],
    ): Promise<IteratorResult<unknown, unknown>> => {
      this.#endGoingOn(run)
      return new Promise((resolve, reject) => {
        const result = ticks[method]?.(...args) as Promise<IteratorResult<unknown, unknown>>
        result.then(
          (value) => {
            if (value.done) wait.settle()
            return this.#goOn(run, wait, () => resolve(value))
          },
          (error: unknown) => this.#goOn(run, wait, () => reject(error as Error)),
        )
      })
    }
    // An async generator's own methods, for whoever looks.
    return Object.assign(Object.create(Object.getPrototypeOf(ticks) as object) as AsyncIterableIterator<unknown>, {
      next: (...args: [] | [unknown]) => step('next', args),
      return: (...args: [] | [unknown]) => step('return', args),
      throw: (...args: [] | [unknown]) => step('throw', args),
    })
  }

  /** What follows is code of the run, until it waits again. */
  #goOn(run: Run, wait: OwnedWait, call: () => void): void {
    if (wait.isEndedByRun) return
    const stop = this.#begin()
    const timer = setTimeoutAsNode(() => end(), LONGEST_START_UP)
    timer.unref()
    let isEnded = false
    const end = (): void => {
      if (isEnded) return
      isEnded = true
      clearTimeout(timer)
      const ends = this.#goingOn.get(run)?.filter((one) => one !== end) ?? []
      if (ends.length > 0) this.#goingOn.set(run, ends)
      else this.#goingOn.delete(run)
      stop()
    }
    this.#goingOn.set(run, [...(this.#goingOn.get(run) ?? []), end])
    this.#ownership.within(run, call)
  }

  /** It waits again: this much of its code has been seen to its end, once whoever called it waits as well. */
  #endGoingOn(run: Run): void {
    const [end] = this.#goingOn.get(run) ?? []
    if (end) setImmediateAsNode(end)
  }
}

/** A wait that ends with the run. */
class OwnedWait implements Resource {
  readonly label = 'wait'
  /** Whether the run was over before the wait was. */
  isEndedByRun = false
  #isSettled = false
  readonly #ended = new AbortController()
  readonly #signal: AbortSignal | undefined
  readonly #start: (signal: AbortSignal) => unknown

  constructor(signal: AbortSignal | undefined, start: (signal: AbortSignal) => unknown) {
    this.#signal = signal
    this.#start = start
  }

  start(): unknown {
    const { signal } = this.#ended
    return this.#start(this.#signal ? AbortSignal.any([this.#signal, signal]) : signal)
  }

  settle(): void {
    this.#isSettled = true
  }

  isEnded(): boolean {
    return this.#isSettled
  }

  dispose(): void {
    this.isEndedByRun = true
    this.#ended.abort()
  }
}

function isSignal(value: unknown): boolean {
  return value === undefined || value instanceof AbortSignal
}

/** Not those that are being replaced. */
const { AbortController, setImmediate: setImmediateAsNode, setTimeout: setTimeoutAsNode } = globalThis
