import type { HotModule } from '../module.ts'
import type { Namespace } from '../namespace.ts'
import type { AnyCallback } from './handlers.ts'

type OnModule = (module: Namespace | undefined) => unknown
type OnModules = (modules: (Namespace | undefined)[]) => unknown
type OnData = (data: Record<string, unknown>) => unknown

/**
 * `import.meta.hot` of a hot module: Vite's HMR API (vite.dev/guide/api-hmr). One for all versions of the module.
 *
 * A module stays where it is and only what changed runs again, so callbacks are given the namespace that everybody has,
 * after the update; and they are called for updates, too, that run nothing again.
 */
export class HotContext {
  readonly #module: HotModule

  constructor(module: HotModule) {
    this.#module = module
  }

  /** What versions of the module leave to later ones. */
  get data(): Record<string, unknown> {
    return this.#module.handlers.data
  }

  /**
   * Accepts updates of the module itself, or of modules that it imports: nothing above it runs again for those.
   *
   * @param target nothing, a callback, or one or several specifiers that the module imports
   * @param callback takes the namespace, or an array of them in which only those that were updated are not undefined
   */
  accept(target?: string | readonly string[] | OnModule, callback?: OnModule | OnModules): void {
    const { handlers } = this.#module
    const toHandler = (one: unknown) => (typeof one === 'function' ? handlers.toHandler(one as AnyCallback) : undefined)
    if (target === undefined || typeof target === 'function')
      handlers.accept({ kind: 'self', handler: toHandler(target) })
    else
      handlers.accept({
        kind: 'dependencies',
        specifiers: typeof target === 'string' ? [target] : [...target],
        isList: typeof target !== 'string',
        handler: toHandler(callback),
      })
  }

  /** Accepts updates of the module for importers that use no other exports of it. */
  acceptExports(names: string | readonly string[], callback?: OnModule): void {
    const { handlers } = this.#module
    handlers.accept({
      kind: 'exports',
      names: typeof names === 'string' ? [names] : [...names],
      handler: callback && handlers.toHandler(callback),
    })
  }

  /** Calls back before units of the module run again, and when the module goes out of use. */
  dispose(callback: OnData): void {
    const { handlers } = this.#module
    handlers.add(handlers.disposals, handlers.toHandler(callback))
  }

  /** Calls back when no module imports this one any more. */
  prune(callback: OnData): void {
    const { handlers } = this.#module
    handlers.add(handlers.prunings, handlers.toHandler(callback))
  }

  /** Does nothing, as in Vite. */
  decline(): void {
    // See `invalidate`.
  }

  /** Has importers of the module run again what used it, as if it did not accept itself. */
  invalidate(message?: string): void {
    this.#module.registry.invalidate(this.#module, message)
  }

  /** Listens to an event of Vite, or a custom one that the server sends. */
  on(event: string, callback: (payload: never) => unknown): void {
    const { handlers, registry } = this.#module
    handlers.add(registry.events.of(event), handlers.toHandler(callback))
  }

  off(event: string, callback: (payload: never) => unknown): void {
    this.#module.registry.events.remove(event, callback)
  }

  /** Sends a custom event to the server. */
  send(event: string, data?: unknown): void {
    this.#module.registry.events.send(event, data)
  }
}
