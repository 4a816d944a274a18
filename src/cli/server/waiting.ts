import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ViteDevServer } from 'vite'
import type { Task } from '../messages.ts'
import { isSource } from '../source.ts'

/** How often it is looked at what the watcher has not found yet, and for how long. */
const INTERVAL = 50
const LONGEST = 5_000

/**
 * Resolves with the next file that is saved, created or deleted and may be of the server. Vite's watcher says that it is ready
 * before it is: for a while, the entry and what stands beside it are looked at as well.
 *
 * @param since when this process began
 * @param onReady called when saves are noticed
 */
export function nextSave(
  { watcher }: ViteDevServer,
  { entry }: Task,
  since: number,
  onReady: () => void,
): Promise<string> {
  const folder = path.dirname(entry)
  const before = new Set(namesIn(folder))
  return new Promise((resolve) => {
    const over = new AbortController()
    const finish = (file: string): void => {
      over.abort()
      watcher.off('all', take)
      resolve(file)
    }
    const take = (event: string, file: string): void => {
      if (['add', 'change', 'unlink'].includes(event) && isSource(file)) finish(file)
    }
    watcher.on('all', take)
    if (!watcher.getWatched()[folder]) watcher.add(entry)
    const look = async (): Promise<void> => {
      for (const end = performance.now() + LONGEST; performance.now() < end; await setTimeout(INTERVAL)) {
        if (over.signal.aborted) return
        const created = namesIn(folder).find((name) => isSource(name) && !before.has(name))
        if (created !== undefined) return finish(path.join(folder, created))
        if ((statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since) return finish(entry)
      }
    }
    void look()
    onReady()
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // It is gone, and may come back.
    return []
  }
}
