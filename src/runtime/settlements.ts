import { inspect } from 'node:util'
import { promiseHooks } from 'node:v8'

/**
 * Tells when promises settle without being among those who handle them: `promise.then(…)` would make a rejection that
 * nobody handles a handled one, and a start-up that failed would fail in silence.
 */
export class Settlements {
  /** Whom to tell. Entries go when told, or when nobody wants to know any more. */
  readonly #watched = new Map<Promise<unknown>, Set<() => void>>()
  /** Takes the engine's hook out, which every promise of the process calls. There while something is watched. */
  #unhook: (() => void) | undefined

  /**
   * Calls back once, in a microtask, when a promise has been fulfilled or rejected.
   *
   * @returns a function to call when that is of no interest any more
   */
  watch(promise: Promise<unknown>, onSettled: () => void): () => void {
    let listeners = this.#watched.get(promise)
    if (!listeners) this.#watched.set(promise, (listeners = new Set()))
    listeners.add(onSettled)
    this.#unhook ??= promiseHooks.onSettled((settled: Promise<unknown>) => this.#look(settled)) as () => void
    if (!isPending(promise)) this.#look(promise)
    return () => {
      listeners.delete(onSettled)
      if (listeners.size === 0 && this.#watched.get(promise) === listeners) this.#forget(promise)
    }
  }

  /** The hook is called before the promise is settled; and also when it will be as another promise is. */
  #look(promise: Promise<unknown>): void {
    if (!this.#watched.has(promise)) return
    queueMicrotask(() => {
      if (isPending(promise)) return
      const listeners = this.#watched.get(promise) ?? []
      this.#forget(promise)
      for (const listener of listeners) listener()
    })
  }

  #forget(promise: Promise<unknown>): void {
    this.#watched.delete(promise)
    if (this.#watched.size > 0) return
    this.#unhook?.()
    this.#unhook = undefined
  }
}

function isPending(promise: Promise<unknown>): boolean {
  return startsWith(promise, 'pending')
}

/** Whether it has been fulfilled. To ask does not handle its rejection. */
export function isFulfilled(promise: Promise<unknown>): boolean {
  return !startsWith(promise, 'pending') && !startsWith(promise, 'rejected')
}

/** Node tells the state of a promise nowhere else. */
function startsWith(promise: Promise<unknown>, state: string): boolean {
  try {
    return new RegExp(`^[^{]*\\{\\s*<${state}>`).test(
      inspect(promise, { depth: 0, breakLength: Infinity, customInspect: false }),
    )
  } catch {
    // What it was fulfilled with cannot be shown.
    return false
  }
}
