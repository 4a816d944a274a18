import type { Outcome, Update } from '../../protocol/index.ts'
import type { Registry } from '../registry.ts'
import { applyUpdate } from './apply.ts'
import { Loader } from './loader.ts'

/** Applies updates one at a time, in the order in which they came. */
export class Updater {
  readonly #registry: Registry
  readonly #loader: Loader
  /** Number of the newest update taken. A sender repeats an update until it hears that it came. */
  #taken = 0
  #last: Promise<unknown> = Promise.resolve()
  #isApplying = false

  constructor(registry: Registry) {
    this.#registry = registry
    this.#loader = new Loader(registry)
  }

  /** Another update will follow the one that is being applied. */
  hurry(): void {
    this.#registry.isUpdateWaiting = true
  }

  /** @returns what it came to, or nothing if the update had come before */
  async apply(update: Update): Promise<Outcome | undefined> {
    if (update.number <= this.#taken) return undefined
    this.#taken = update.number
    if (this.#isApplying) this.hurry()
    const outcome = this.#last.then(async () => {
      await this.#registry.startUp.closed()
      this.#isApplying = true
      this.#registry.isUpdateWaiting = false
      try {
        return await applyUpdate(this.#registry, this.#loader, update)
      } finally {
        this.#isApplying = false
      }
    })
    this.#last = outcome
    return outcome
  }
}
