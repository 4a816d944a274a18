/** What Vite has not handed over for so many milliseconds will not come: another plugin threw. */
const LONGEST_DELIVERY = 1_000

/**
 * Files of which Vite's watcher has told, or is about to, and that Vite has not handed to the plugins yet. In between it
 * asks its own plugins in threads, which end in any order, the later the busier the machine is. So of two files that were
 * seen in the same moment, one may arrive when the other's update is ready. Read in Vite 8.
 */
export class Announced {
  /** Something happened to them. */
  readonly #noticed = new Set<string>()
  /** How many times each is still to be handed over. */
  readonly #files = new Map<string, number>()

  /** Something happened to it: the watcher will tell of it, or it is dismissed. */
  notice(file: string): void {
    this.#noticed.add(file)
  }

  /** The watcher has nothing to tell. */
  dismiss(file: string): void {
    this.#noticed.delete(file)
  }

  /** The watcher told of it. */
  note(file: string): void {
    this.#noticed.delete(file)
    this.#files.set(file, (this.#files.get(file) ?? 0) + 1)
  }

  /** Whether Vite will hand it over. */
  has(file: string): boolean {
    return this.#files.has(file)
  }

  /** Vite handed it over. */
  noteDelivery(file: string): void {
    const count = this.#files.get(file) ?? 0
    if (count > 1) this.#files.set(file, count - 1)
    else this.#files.delete(file)
  }

  /** Something is noticed or announced that has not been handed over. */
  get isWaiting(): boolean {
    return this.#noticed.size + this.#files.size > 0
  }

  /** Resolves when nothing is noticed or announced that has not been handed over. */
  async allDelivered(): Promise<void> {
    const deadline = performance.now() + LONGEST_DELIVERY
    while (this.isWaiting) {
      if (performance.now() > deadline) this.#clear()
      else await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  #clear(): void {
    this.#noticed.clear()
    this.#files.clear()
  }
}
