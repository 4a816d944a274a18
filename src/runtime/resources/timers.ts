import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { isPromise } from 'node:util/types'
import type { BuiltinExports } from './builtin-exports.ts'
import type { Ownership } from './ownership.ts'
import { type Replaceable, Replacement } from './replacement.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'
import { TimerPromises } from './timer-promises.ts'

const TIMERS = { setTimeout: 'clearTimeout', setInterval: 'clearInterval', setImmediate: 'clearImmediate' } as const
type SetterName = keyof typeof TIMERS

/** What Node's timers say of themselves, in Node 20 to 26: they have no public word for it. */
interface Timer {
  readonly _destroyed?: boolean
}

/**
 * Notes the timers that units create, and those that callbacks of such timers create. The functions that make timers are
 * wrapped only meanwhile, so that a timer made for a request costs what it always did.
 */
export function watchTimers(ownership: Ownership, names: BuiltinExports): void {
  const functions = new TimerFunctions(ownership, names)
  ownership.window.onChange((isOpen) => functions.toggle(isOpen))
}

/** The functions that make timers: global, of `node:timers`, and of `node:timers/promises`. */
class TimerFunctions {
  readonly #ownership: Ownership
  readonly #names: BuiltinExports
  readonly #promises: TimerPromises
  readonly #replacements: readonly Replacement[]

  constructor(ownership: Ownership, names: BuiltinExports) {
    this.#ownership = ownership
    this.#names = names
    this.#promises = new TimerPromises(ownership, () => this.#begin())
    const replace = Object.fromEntries(
      (Object.keys(TIMERS) as SetterName[]).map((name) => [
        name,
        (original: Replaceable) => this.#toOwned(name, original),
      ]),
    )
    this.#replacements = [globalThis, timers].map((scope) => new Replacement(scope, replace))
  }

  toggle(isOn: boolean): void {
    this.#promises.toggle(isOn)
    for (const replacement of this.#replacements) replacement.toggle(isOn)
  }

  #toOwned(name: SetterName, original: Replaceable): Replaceable {
    const owned: Replaceable = (callback: unknown, ...args: unknown[]) => {
      const run = this.#ownership.current
      if (!run || typeof callback !== 'function') return original(callback, ...args) as unknown
      const timer = original(this.#toCallback(run, callback as Replaceable), ...args) as Timer
      run.own(new OwnedTimer(name, timer))
      return timer
    }
    const descriptors: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(original)
    // `util.promisify(setTimeout)` finds its own version in a property.
    if (name !== 'setInterval') descriptors[promisify.custom] = { get: () => timersPromises[name], enumerable: true }
    return Object.defineProperties(owned, descriptors)
  }

  /** A callback that runs as code of the run that made the timer, so that a timer that sets itself again is owned, too. */
  #toCallback(run: Run, callback: Replaceable): Replaceable {
    const ownership = this.#ownership
    const begin = (): (() => void) => this.#begin()
    return function (this: unknown, ...args: unknown[]): unknown {
      const finish = begin()
      let value: unknown
      try {
        value = ownership.within(run, (): unknown => callback.apply(this, args))
        return value
      } finally {
        if (isPromise(value)) ownership.window.whenSettled(value, finish)
        // What waited for the timer goes on in this turn.
        else setImmediateAsNode(finish)
      }
    }
  }

  /** Notes what code of runs creates, until the answer is called. */
  #begin(): () => void {
    const stopTracking = this.#ownership.track()
    this.toggle(true)
    const release = this.#names.show()
    return () => {
      this.toggle(false)
      release()
      stopTracking()
    }
  }
}

class OwnedTimer implements Resource {
  readonly label: string
  readonly subject: Timer
  readonly #clear: (timer: Timer) => void

  constructor(name: SetterName, timer: Timer) {
    this.label = name.slice('set'.length).toLowerCase()
    this.#clear = timers[TIMERS[name]] as (timer: Timer) => void
    this.subject = timer
  }

  isEnded(): boolean {
    return this.subject._destroyed === true
  }

  dispose(): void {
    this.#clear(this.subject)
  }
}

/** Not the one that is being wrapped. */
const setImmediateAsNode = setImmediate
