import type { HotModule } from '../module.ts'
import type { Run } from '../resources/run.ts'

/** A callback of `import.meta.hot`. */
export interface Handler {
  readonly callback: AnyCallback
  /** The run that registered it. None for one that was registered later, by a request or so. */
  readonly run: Run | undefined
}

// Users declare what their callbacks take.
export type AnyCallback = (argument: never) => unknown

/** What a module accepts updates of. */
export type Acceptance =
  | { readonly kind: 'self'; readonly handler: Handler | undefined }
  /** Of itself, as far as importers use these exports. */
  | { readonly kind: 'exports'; readonly names: readonly string[]; readonly handler: Handler | undefined }
  /** Of modules that it imports. `isList`: the callback takes an array. */
  | {
      readonly kind: 'dependencies'
      readonly specifiers: readonly string[]
      readonly isList: boolean
      readonly handler: Handler | undefined
    }

/**
 * What a module has registered with `import.meta.hot`, in all of its versions. What a unit registers is owned by its run:
 * it goes when the unit has run again, or is gone.
 */
export class HotHandlers {
  /** `import.meta.hot.data`. Replaced when the module goes out of use. */
  data: Record<string, unknown> = {}
  readonly acceptances: Set<Acceptance> = new Set()
  readonly disposals: Set<Handler> = new Set()
  readonly prunings: Set<Handler> = new Set()
  /** Dispose handlers were called in an update that failed: what they cleaned up is to be made again. */
  isDisposed = false
  readonly #module: HotModule

  constructor(module: HotModule) {
    this.#module = module
  }

  /** Makes a handler of a callback. */
  toHandler(callback: AnyCallback): Handler {
    return { callback, run: this.#module.registry.ownership.current }
  }

  accept(acceptance: Acceptance): void {
    const { boundaries } = this.#module.registry
    boundaries.note(this.#module)
    this.add(this.acceptances, acceptance)
  }

  /** Adds to one of the sets for as long as the run under way is the last of its unit. */
  add<T>(set: Set<T>, item: T): void {
    set.add(item)
    this.#module.registry.ownership.own({
      label: 'import.meta.hot handler',
      isEnded: () => !set.has(item),
      dispose: () => set.delete(item),
    })
  }

  /** The module is out of use. */
  clear(): void {
    this.data = {}
    for (const set of [this.acceptances, this.disposals, this.prunings]) set.clear()
  }

  /** Whether an update of the module ends with it. */
  get acceptsItself(): boolean {
    return [...this.acceptances].some(({ kind }) => kind === 'self')
  }

  /** Exports of which it accepts updates itself. */
  get acceptedExports(): ReadonlySet<string> {
    return new Set([...this.acceptances].flatMap((one) => (one.kind === 'exports' ? one.names : [])))
  }
}
