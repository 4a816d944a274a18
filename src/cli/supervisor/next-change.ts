import { watch } from 'node:fs'
import { isSource } from '../source.ts'

/**
 * Calls back once, when a file directly in one of the folders is saved, created or deleted.
 *
 * @returns how to stop
 */
export function nextChange(folders: readonly string[], callback: () => void): () => void {
  const watchers = folders.map((folder) =>
    watch(folder, (_, file) => {
      if (file !== null && !isSource(file)) return
      stop()
      callback()
    }),
  )
  const stop = (): void => watchers.splice(0).forEach((watcher) => watcher.close())
  return stop
}
