/** An effect still pending after this many milliseconds is a loop, not a start-up. */
export const LONGEST_START_UP = 10_000

/**
 * The **start-up window**: open while modules are evaluated, while units run again, and until the promises that
 * effects returned have settled. A cell that runs while it is open was used for starting up.
 */
export class StartUpWindow {
  /** Read by every facade on every call, hence a field of its own. Written by `enter` and `leave` only. */
  open = false
  /** How many evaluations and promises hold it open. */
  #holders = 0
  readonly #listeners: ((isOpen: boolean) => void)[] = []
  /** Those who wait for it to close. Emptied when it does. */
  #waiting: (() => void)[] = []

  /** Holds the window open until the answer is called. */
  hold(): () => void {
    this.#holders++
    if (!this.open) this.#change(true)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (--this.#holders > 0) return
      this.#change(false)
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  /** Holds the window open while a promise is pending, within reason. */
  holdFor(promise: PromiseLike<unknown>): void {
    const release = this.hold()
    const timer = setTimeout(release, LONGEST_START_UP)
    timer.unref()
    const settle = (): void => {
      clearTimeout(timer)
      release()
    }
    promise.then(settle, settle)
  }

  /** Calls back whenever it opens or closes. */
  onChange(listener: (isOpen: boolean) => void): void {
    this.#listeners.push(listener)
  }

  #change(isOpen: boolean): void {
    this.open = isOpen
    for (const listener of this.#listeners) listener(isOpen)
  }

  /** Resolves when nothing holds the window open. */
  async closed(): Promise<void> {
    while (this.open) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}
