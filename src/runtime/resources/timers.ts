import timers from 'node:timers'
import { isPromise } from 'node:util/types'
import type { Ownership } from './ownership.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

type AnyCallback = (this: unknown, ...args: unknown[]) => unknown
type SetTimer = (callback: AnyCallback, ...args: unknown[]) => unknown

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
export function watchTimers(ownership: Ownership): void {
  const scope = globalThis as unknown as Record<SetterName, SetTimer>
  const module = timers as unknown as Record<SetterName, SetTimer>
  const globals = new Wrapper(scope, ownership)
  const exported = new Wrapper(module, ownership)
  ownership.window.onChange((isOpen) => {
    globals.toggle(isOpen)
    exported.toggle(isOpen)
  })
}

/** The timer functions of one object, wrapped while somebody wants them to be. */
class Wrapper {
  readonly #scope: Record<SetterName, SetTimer>
  readonly #ownership: Ownership
  /** How many want the functions wrapped. */
  #users = 0
  /** What was there before, and what was put there. Filled while wrapped. */
  readonly #wrapped = new Map<SetterName, { readonly original: SetTimer; readonly wrapped: SetTimer }>()

  constructor(scope: Record<SetterName, SetTimer>, ownership: Ownership) {
    this.#scope = scope
    this.#ownership = ownership
  }

  toggle(isOn: boolean): void {
    this.#users += isOn ? 1 : -1
    if (isOn && this.#users === 1) this.#wrap()
    if (!isOn && this.#users === 0) this.#unwrap()
  }

  #wrap(): void {
    for (const name of Object.keys(TIMERS) as SetterName[]) {
      const original = this.#scope[name]
      const wrapped = this.#toWrapped(name, original)
      this.#wrapped.set(name, { original, wrapped })
      this.#scope[name] = wrapped
    }
  }

  #unwrap(): void {
    for (const [name, { original, wrapped }] of this.#wrapped)
      // Another has put its own there meanwhile, around this: that works on.
      if (this.#scope[name] === wrapped) this.#scope[name] = original
    this.#wrapped.clear()
  }

  #toWrapped(name: SetterName, original: SetTimer): SetTimer {
    const wrapped: SetTimer = (callback, ...args) => {
      const run = this.#ownership.current
      if (!run || typeof callback !== 'function') return original(callback, ...args)
      const timer = original(this.#toOwned(run, callback), ...args) as Timer
      run.own(new OwnedTimer(name, timer))
      return timer
    }
    // `util.promisify(setTimeout)` finds its own version in a property.
    return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original))
  }

  /** A callback that runs as code of the run that made the timer, so that a timer that sets itself again is owned, too. */
  #toOwned(run: Run, callback: AnyCallback): AnyCallback {
    const ownership = this.#ownership
    const toggle = (isOn: boolean): void => this.toggle(isOn)
    return function (this: unknown, ...args: unknown[]): unknown {
      const stopTracking = ownership.track()
      toggle(true)
      const finish = (): void => {
        toggle(false)
        stopTracking()
      }
      let value: unknown
      try {
        value = ownership.within(run, () => callback.apply(this, args))
        return value
      } finally {
        if (isPromise(value)) ownership.whenSettled(value, finish)
        // What waited for the timer goes on in this turn.
        else setImmediateAsNode(finish)
      }
    }
  }
}

class OwnedTimer implements Resource {
  readonly label: string
  readonly #clear: (timer: Timer) => void
  readonly #timer: Timer

  constructor(name: SetterName, timer: Timer) {
    this.label = name.slice('set'.length).toLowerCase()
    this.#clear = timers[TIMERS[name]] as (timer: Timer) => void
    this.#timer = timer
  }

  isEnded(): boolean {
    return this.#timer._destroyed === true
  }

  dispose(): void {
    this.#clear(this.#timer)
  }
}

/** Not the one that is being wrapped. */
const setImmediateAsNode = setImmediate
