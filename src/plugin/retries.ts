/** The pause after a retry that came to the same failure, in milliseconds. Doubled with each. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 60_000

/**
 * When to try again what failed though none of its files was saved: what it lacks may be another file. But a server may
 * write files all the time, also the one that failed to start while it tried: so each retry in vain makes the next wait
 * longer. Not one for a file that is created, which may be the very file.
 */
export class Retries {
  readonly #start: () => void
  /** One is to be made. Set by `request`, cleared by `begin`. */
  #isDue = false
  #pause = 0
  /** When the last one was begun. */
  #last = Number.NEGATIVE_INFINITY
  /** Set while one is put off. */
  #timer: NodeJS.Timeout | undefined

  /** @param start makes one */
  constructor(start: () => void) {
    this.#start = start
  }

  get isDue(): boolean {
    return this.#isDue
  }

  request(isUrgent: boolean): void {
    const pause = isUrgent ? Math.min(this.#pause, FIRST_PAUSE) : this.#pause
    const wait = this.#last + pause - performance.now()
    clearTimeout(this.#timer)
    if (wait > 0) this.#timer = setTimeout(() => this.#makeDue(), wait).unref()
    else this.#makeDue()
  }

  /** What failed is tried again now. */
  begin(): void {
    if (this.#isDue) {
      this.#pause = Math.min(Math.max(FIRST_PAUSE, this.#pause * 2), LONGEST_PAUSE)
      this.#last = performance.now()
    }
    this.#isDue = false
    clearTimeout(this.#timer)
  }

  /** Somebody does something about it. */
  reset(): void {
    this.#pause = 0
  }

  #makeDue(): void {
    this.#isDue = true
    this.#start()
  }
}
