/**
 * What `vite-plugin-hot-node/runtime` is where no `hotNode()` is at work: in production, in a build, under Vitest, in a
 * package that Node loads by itself. Elsewhere the plugin puts `keep` of `kept-values.ts` in its place; `migrate` is the
 * same symbol everywhere, and only the runtime looks for it.
 */

/** What {@link keep} can be told beyond what to make. */
export interface KeepOptions<T> {
  /**
   * Ends the value, once no code that is still in the source asks for its key. What it returns is awaited, for a second
   * at most.
   */
  readonly dispose?: (value: Awaited<T>) => unknown
}

/**
 * The value that `create` made when the key was first asked for, also after the code around it has run again.
 *
 * Outside `hotNode()` there is nothing to keep: every call creates.
 *
 * @param _key names the value in all of the process
 * @param create makes it; what it throws is thrown, and nothing is kept, as when the promise it returns rejects
 */
export function keep<T>(_key: string, create: () => T, _options?: KeepOptions<T>): T {
  return create()
}

/**
 * The key of a static method that brings an existing instance to the present shape of its class:
 * `static [migrate](todo: Todo): void { todo.due ??= new Date(0) }`. It is called once before the next method or accessor
 * of each instance that was made before the class's constructor or instance fields changed. What it throws reaches that
 * caller, and the next one tries again.
 *
 * Outside `hotNode()` nobody calls it.
 */
export const migrate: unique symbol = Symbol.for('vite-plugin-hot-node.migrate')
