import fs from 'node:fs'

/** What Vite's watcher passes on to Node as it is, and takes for true. A program has no reason to. */
export const UNHELD: boolean = 1 as unknown as boolean

type Watch = (this: unknown, file: string, options: unknown, ...rest: unknown[]) => { unref(): unknown }

/**
 * Has watchers of files that are made with `persistent: UNHELD` not keep the process alive, so that a program which has
 * nothing left to do ends. With `persistent: false`, Vite's watcher would do otherwise in more than that: on macOS it watches
 * nothing, and on Windows a deleted folder is an error that nobody catches (chokidar in Vite 8).
 */
export function watchWithoutHolding(): void {
  for (const name of ['watch', 'watchFile'] as const) {
    const original = fs[name] as unknown as Watch
    const watch: Watch = function (file, options, ...rest) {
      const isHeld = (options as { readonly persistent?: unknown } | null)?.persistent !== UNHELD
      if (isHeld) return original.call(this, file, options, ...rest)
      const watcher = original.call(this, file, { ...(options as object), persistent: true }, ...rest)
      watcher.unref()
      return watcher
    }
    Object.defineProperty(fs, name, { value: watch, writable: true, configurable: true, enumerable: true })
  }
}
