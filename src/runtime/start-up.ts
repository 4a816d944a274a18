import { isPromise } from 'node:util/types'
import { Settlements } from './settlements.ts'

/** An effect still pending after this many milliseconds is a loop, not a start-up. */
export const LONGEST_START_UP = 10_000

/**
 * The **start-up window**: open while modules are evaluated, while units run again, and until the promises that
 * effects returned have settled. A cell that runs while it is open was used for starting up.
 */
export class StartUpWindow {
  /** Read by every facade on every call, hence a field of its own. */
  open = false
  /** How many functions have run while it was open, each counted once. Written by them. */
  firstCalls = 0
  /** How many evaluations and promises hold it open. */
  #holders = 0
  readonly #listeners: ((isOpen: boolean) => void)[] = []
  readonly #closeListeners: (() => void)[] = []
  /** Listeners were told that it is open. */
  #isTold = false
  /** Those who wait for it to close. Emptied when it does. */
  #waiting: (() => void)[] = []
  readonly #settlements = new Settlements()
  /** How to let go for each promise that holds it open. Entries go when the promise settles, or nobody waits any more. */
  readonly #promises = new Set<() => void>()
  /** Not those that note whose a timer is. */
  readonly #timers = { setTimeout, clearTimeout }

  /** Holds the window open until the answer is called. */
  hold(): () => void {
    if (this.#holders++ === 0) this.open = true
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (--this.#holders > 0) return
      this.#close()
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  /** Holds the window open while a promise is pending, within reason. */
  holdFor(promise: Promise<unknown>, longest: number = LONGEST_START_UP): void {
    const release = this.hold()
    const letGo = (): void => {
      this.#promises.delete(letGo)
      release()
    }
    this.#promises.add(letGo)
    this.whenSettled(promise, letGo, longest)
  }

  /** What is still pending is taken for a loop: it holds the window open no longer. */
  letGo(): void {
    for (const letGo of this.#promises) letGo()
  }

  /**
   * Calls back when a promise has settled, or has been pending for so many milliseconds. Its rejection is as handled or
   * unhandled as it was.
   */
  whenSettled(
    promise: Promise<unknown>,
    callback: (isSettled: boolean) => void,
    longest: number = LONGEST_START_UP,
  ): void {
    const forget = this.#settlements.watch(promise, () => {
      this.#timers.clearTimeout(timer)
      callback(true)
    })
    const timer = this.#timers.setTimeout(() => {
      forget()
      callback(false)
    }, longest)
    timer.unref()
  }

  /** Called by hot code whenever it runs an effect with statements inside. */
  begin(isAgain: boolean): Begun {
    return new Begun(this, isAgain)
  }

  /** Whether what goes on from here is part of the start-up, while it is open. */
  show(isShown: boolean): void {
    this.open = isShown && this.#holders > 0
  }

  /**
   * Calls back whenever it is open and code is about to run that may create something, and when it closes after that.
   * Most modules of a large app only declare things, and opening costs more than that does.
   */
  onChange(listener: (isOpen: boolean) => void): void {
    this.#listeners.push(listener)
  }

  /** Calls back whenever it closes. */
  onClose(listener: () => void): void {
    this.#closeListeners.push(listener)
  }

  /** Code that may create something is about to run. */
  engage(): void {
    if (this.#isTold || this.#holders === 0) return
    this.#isTold = true
    for (const listener of this.#listeners) listener(true)
  }

  #close(): void {
    this.open = false
    if (this.#isTold) {
      this.#isTold = false
      for (const listener of this.#listeners) listener(false)
    }
    for (const listener of this.#closeListeners) listener()
  }

  /** Resolves when nothing holds the window open. */
  async closed(): Promise<void> {
    while (this.#holders > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}

/** What the statements inside one effect began while it ran: promises that nobody waits for. */
export class Begun {
  readonly #window: StartUpWindow
  /** Whether the effect runs again: then the update waits for the promises, and fails if one of them is rejected. */
  readonly #isAgain: boolean
  /** What a loop that goes on after that begins is no start-up. */
  readonly #end: number = performance.now() + LONGEST_START_UP
  readonly #promises: Promise<unknown>[] = []

  constructor(window: StartUpWindow, isAgain: boolean) {
    this.#window = window
    this.#isAgain = isAgain
  }

  /** Takes the value of a statement. */
  add(value: unknown): void {
    if (!isPromise(value)) return
    const left = this.#end - performance.now()
    if (left <= 0) return
    this.#window.holdFor(value, left)
    if (!this.#isAgain) return
    // Also when the effect throws before it comes to its end.
    value.catch(() => undefined)
    this.#promises.push(value)
  }

  /** What the effect returns: nothing when it runs for the first time, as it would without the plugin. */
  all(): Promise<unknown> | undefined {
    return this.#promises.length > 0 ? Promise.all(this.#promises) : undefined
  }
}
