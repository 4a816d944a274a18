import fs, { type FSWatcher, type StatWatcher } from 'node:fs'
import { isCalledByPackage } from './caller.ts'
import type { Ownership } from './ownership.ts'
import { Replacement } from './replacement.ts'
import type { Resource } from './resource.ts'
import { WatchIteration } from './watch-iteration.ts'

type AnyFunction = (...args: unknown[]) => unknown

/**
 * Notes the watchers of files that units make: `fs.watch`, `fs.watchFile`, and `watch` of `node:fs/promises`. The three
 * are wrapped only while the start-up window is open.
 *
 * Those that a package makes are left to it: chokidar has one for all who watch the same folder, be it the old code or
 * the new, and the watcher of Vite is in this process, too.
 */
export function watchFileWatchers(ownership: Ownership): void {
  const replacements = [
    new Replacement(fs, {
      watch: (original) =>
        function watch(...args: unknown[]): unknown {
          const watcher = original(...args) as FSWatcher
          if (ownership.current && !isCalledByPackage(watch))
            ownership.own(new OwnedWatcher(`watcher of ${String(args[0])}`, watcher))
          return watcher
        },
      watchFile: (original) =>
        function watchFile(path: unknown, ...args: unknown[]): unknown {
          const listener = args.at(-1)
          if (!ownership.current || typeof listener !== 'function' || isCalledByPackage(watchFile))
            return original(path, ...args) as unknown
          const own = toOwnListener(listener as AnyFunction)
          const watcher = original(path, ...args.slice(0, -1), own) as StatWatcher
          ownership.own(new OwnedListener(path as fs.PathLike, watcher, own))
          return watcher
        },
    }),
    new Replacement(fs.promises, {
      watch: (original) =>
        function watch(path: unknown, options?: unknown): unknown {
          if (!ownership.current || isCalledByPackage(watch)) return original(path, options) as unknown
          const iteration = new WatchIteration(path as fs.PathLike, options, original as typeof fs.promises.watch)
          ownership.own(iteration)
          return iteration.iterator
        },
    }),
  ]
  ownership.window.onChange((isOpen) => {
    for (const replacement of replacements) replacement.toggle(isOpen)
  })
}

class OwnedWatcher implements Resource {
  readonly label: string
  readonly #watcher: FSWatcher
  /** Somebody closed it. Set once. */
  #isClosed = false

  constructor(label: string, watcher: FSWatcher) {
    this.label = label
    this.#watcher = watcher
    watcher.once('close', () => (this.#isClosed = true))
  }

  isEnded(): boolean {
    return this.#isClosed
  }

  dispose(): void {
    this.#watcher.close()
  }
}

/** One listener of a `StatWatcher`: there is one such watcher for each file, which old code and new code share. */
class OwnedListener implements Resource {
  readonly label: string
  readonly #path: fs.PathLike
  readonly #watcher: StatWatcher
  readonly #listener: AnyFunction

  constructor(path: fs.PathLike, watcher: StatWatcher, listener: AnyFunction) {
    this.label = `watcher of ${String(path)}`
    this.#path = path
    this.#watcher = watcher
    this.#listener = listener
  }

  isEnded(): boolean {
    return !this.#watcher.rawListeners('change').includes(this.#listener)
  }

  dispose(): void {
    fs.unwatchFile(this.#path, this.#listener)
  }
}

/**
 * A listener of this call alone: the old code and the new may give the very same function. Who unwatches with the
 * function as given finds it, as with those of `once`.
 */
function toOwnListener(listener: AnyFunction): AnyFunction {
  const own: AnyFunction = function (this: unknown, ...args) {
    return listener.apply(this, args)
  }
  return Object.assign(own, { listener })
}
