import type { PathLike, promises, WatchOptions } from 'node:fs'
import type { Resource } from './resource.ts'

type Watch = typeof promises.watch
type Iterator = AsyncIterableIterator<unknown>

/**
 * `for await (const change of watch(path))` of a unit. When the unit has run again, the loop of its last run hears of
 * nothing any more and never ends: it is collected as it stands. Were it told that it is over, the code after it would
 * run, and one that begins again would do so for ever.
 */
export class WatchIteration implements Resource {
  readonly label: string
  readonly iterator: Iterator
  readonly #controller = new AbortController()
  readonly #end: () => Promise<unknown>
  /** The loop has ended by itself. Set once. */
  #isDone = false

  constructor(path: PathLike, options: unknown, watch: Watch) {
    this.label = `watcher of ${String(path)}`
    const own = this.#controller.signal
    const { signal } = (options ?? {}) as WatchOptions
    // What is no signal is for Node to complain of.
    const either = signal instanceof AbortSignal ? AbortSignal.any([signal, own]) : (signal ?? own)
    const isObject = options === undefined || (typeof options === 'object' && options !== null)
    const given = isObject ? { ...(options as object), signal: either } : options
    const iterator = watch(path, given as WatchOptions) as unknown as Iterator
    this.#end = async () => iterator.return?.()
    this.iterator = this.#toIterator(iterator)
  }

  isEnded(): boolean {
    return this.#isDone
  }

  dispose(): void {
    this.#controller.abort()
    // Between two steps nobody listens to the signal.
    this.#end().catch(() => undefined)
  }

  #toIterator(iterator: Iterator): Iterator {
    const step = async (call: () => Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
      try {
        const result = await call()
        if (this.#controller.signal.aborted) return await never()
        if (result.done) this.#isDone = true
        return result
      } catch (error) {
        if (this.#controller.signal.aborted) return never()
        this.#isDone = true
        throw error
      }
    }
    const wrapped: Iterator = {
      next: () => step(() => iterator.next()),
      return: (value) => step(() => iterator.return?.(value) ?? Promise.resolve({ done: true, value })),
      [Symbol.asyncIterator]: () => wrapped,
    }
    // It has what else the iterator has, such as `Symbol.asyncDispose`.
    return Object.setPrototypeOf(wrapped, Object.getPrototypeOf(iterator) as object) as Iterator
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}
