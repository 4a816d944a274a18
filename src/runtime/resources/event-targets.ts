import { getEventListeners, getMaxListeners, setMaxListeners } from 'node:events'
import type { Ownership } from './ownership.ts'
import { likeOriginal, Replacement } from './replacement.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

type Args = readonly [type: string, listener: object, options?: boolean | { readonly capture?: boolean }]

/**
 * Notes the listeners that units add to an `EventTarget`: a signal, a port, a channel. Adding the same listener twice
 * adds it once, so it is removed with the last run that added it.
 */
export function watchEventTargets(ownership: Ownership): void {
  /** Listeners that runs added, by target. */
  const entries = new WeakMap<EventTarget, Set<TargetListener>>()
  const methods = new Replacement(EventTarget.prototype, {
    addEventListener: (original) =>
      likeOriginal(function (this: EventTarget, ...args: unknown[]): unknown {
        const run = ownership.current
        const [type, listener] = args
        const isListener = (typeof listener === 'object' && listener !== null) || typeof listener === 'function'
        // A signal of its own is aborted, and then its listeners are called.
        if (!run || !isListener || typeof type !== 'string' || ownership.creatorOf(this) === run)
          return original.apply(this, args)
        let all = entries.get(this)
        if (!all) entries.set(this, (all = new Set()))
        for (const entry of all) if (entry.isEnded()) all.delete(entry)
        const entry = new TargetListener(run, this, args as unknown as Args, all)
        const isThere = getEventListeners(this, type).includes(listener as never)
        const isNew = !isThere || [...all].some((other) => other.isSameAs(entry))
        const old = [...all].filter((other) => ownership.superseded.includes(other.run)).length
        const result: unknown = withHigherLimit(this, old, () => original.apply(this, args) as unknown)
        if (!isNew) return result
        all.add(entry)
        run.own(entry)
        return result
      }, original),
  })
  ownership.window.onChange((isOpen) => methods.toggle(isOpen))
}

class TargetListener implements Resource {
  readonly run: Run
  readonly #target: EventTarget
  readonly #args: Args
  /** All that runs added to the target, this one among them until it is removed. */
  readonly #all: Set<TargetListener>

  constructor(run: Run, target: EventTarget, args: Args, all: Set<TargetListener>) {
    this.run = run
    this.#target = target
    this.#args = args
    this.#all = all
  }

  get label(): string {
    return `listener for ${this.#args[0]}`
  }

  isSameAs(other: TargetListener): boolean {
    const [type, listener] = other.#args
    return this.#args[0] === type && this.#args[1] === listener && this.#isCapturing === other.#isCapturing
  }

  isEnded(): boolean {
    return !getEventListeners(this.#target, this.#args[0]).includes(this.#args[1] as never)
  }

  /** In a moment: signals that are aborted now call their listeners first. */
  dispose(): Promise<void> {
    return Promise.resolve().then(() => this.#remove())
  }

  #remove(): void {
    this.#all.delete(this)
    if ([...this.#all].some((other) => other.isSameAs(this))) return
    const [type, listener] = this.#args
    this.#target.removeEventListener(type, listener as () => void, { capture: this.#isCapturing })
  }

  get #isCapturing(): boolean {
    const options = this.#args[2]
    return typeof options === 'object' && options !== null ? Boolean(options.capture) : Boolean(options)
  }
}

/** As for emitters: old and new listeners stand side by side for a while. */
function withHigherLimit<T>(target: EventTarget, more: number, call: () => T): T {
  const limit = getMaxListeners(target)
  if (more === 0 || !(limit > 0) || limit === Infinity) return call()
  setMaxListeners(limit + more, target)
  try {
    return call()
  } finally {
    setMaxListeners(limit, target)
  }
}
