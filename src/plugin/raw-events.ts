import path from 'node:path'
import { normalizePath, type ViteDevServer } from 'vite'

/**
 * What the system tells Vite's watcher of, before that has looked at it.
 *
 * @param listener gets what is watched, and what happened in it if it is a folder: nothing tells which of the two it is
 */
export function onRawEvent({ watcher }: ViteDevServer, listener: (paths: readonly string[]) => void): void {
  watcher.on('raw', (_event: string, name: string | null, { watchedPath }: { readonly watchedPath?: string }) => {
    if (name === null) return
    listener((watchedPath === undefined ? [name] : [watchedPath, path.join(watchedPath, name)]).map(normalizePath))
  })
}
