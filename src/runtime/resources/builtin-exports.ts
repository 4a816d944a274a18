import { syncBuiltinESMExports } from 'node:module'

/** How much of Node's modules is replaced: `all` includes `timers`. */
export type Extent = 'timers' | 'all'

/** Nobody who was done for so many milliseconds will be back for the next module, or for the next timer. */
const QUIET = 50

/** Not those that are replaced. */
const { setTimeout, clearTimeout } = globalThis

/**
 * The names that modules import of Node's own: `import { watch } from 'node:fs'` means what the module exported when it was
 * last asked (Node's `module.syncBuiltinESMExports`).
 *
 * To ask takes half a millisecond, and functions are replaced for each module of an app that starts and for each timer
 * of a run. So the names mean stand-ins from when functions are first replaced until none has been for a while. A stand-in
 * passes on what code of no run calls it with.
 */
export class BuiltinExports {
  /** What the names mean; absent if they mean Node's own functions. */
  #shown: Extent | undefined
  /** Those who want functions to be replaced. */
  readonly #users: Extent[] = []
  #timer: NodeJS.Timeout | undefined

  /** Has the names mean what stands in for functions, which has been put there just now, until the answer is called. */
  show(extent: Extent): () => void {
    clearTimeout(this.#timer)
    this.#users.push(extent)
    if (this.#shown !== 'all' && this.#shown !== extent) this.#sync()
    return () => {
      this.#users.splice(this.#users.indexOf(extent), 1)
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#sync(), QUIET).unref()
    }
  }

  #sync(): void {
    this.#shown = this.#users.includes('all') ? 'all' : this.#users[0]
    syncBuiltinESMExports()
  }
}
