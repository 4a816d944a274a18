import fs, * as fsNames from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import timers, * as timerNames from 'node:timers'

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
  /** How many want functions to be replaced. */
  #users = 0
  #timer: NodeJS.Timeout | undefined

  /** Has the names mean what stands in for functions, which has been put there just now, until the answer is called. */
  show(): () => void {
    clearTimeout(this.#timer)
    this.#users += 1
    sync()
    return () => {
      this.#users -= 1
      if (this.#users === 0) this.#timer = setTimeout(sync, QUIET).unref()
    }
  }
}

/**
 * Looks before it asks: another runtime in the process does the same at other times. All modules are asked at once, so
 * one that is always replaced stands for all, and one that is replaced for timers alone.
 */
function sync(): void {
  if (fsNames.watch !== fs.watch || timerNames.setTimeout !== timers.setTimeout) syncBuiltinESMExports()
}
