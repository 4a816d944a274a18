import { type Dirent, readdirSync } from 'node:fs'
import path from 'node:path'
import { normalizePath, type ViteDevServer } from 'vite'

/** By then, in milliseconds, the watcher watches a folder that it has found, or been given. */
const PATIENCE = 100

/**
 * Has Vite's watcher tell of files that are created together with their folder, as a generator of code or `mkdir -p` does
 * it. It reads a new folder and watches it afterwards: of what is created in between it says nothing, and what imports
 * that is not found. Seen twice in 400 folders in the chokidar 3 of Vite 8, where the file came 2 to 4 ms after its
 * folder.
 */
export function tellOfNewFolders({ watcher }: ViteDevServer): void {
  /** What it has told of, by new folder. */
  const told = new Map<string, Set<string>>()

  const begin = (name: string): void => {
    const folder = normalizePath(name)
    if (told.has(folder)) return
    told.set(folder, new Set())
    setTimeout(() => look(folder), PATIENCE).unref()
  }
  const look = (folder: string): void => {
    const known = told.get(folder)
    const untold = entriesOf(folder).filter(({ name }) => !known?.has(name))
    if (untold.length === 0) {
      told.delete(folder)
      return
    }
    // It takes no notice of what it is to ignore, and says nothing of the rest.
    watcher.add(untold.map(({ name }) => path.posix.join(folder, name)))
    setTimeout(() => {
      told.delete(folder)
      const watched = new Set(watcher.getWatched()[path.normalize(folder)])
      for (const entry of untold) {
        const file = path.posix.join(folder, entry.name)
        if (!watched.has(entry.name) || known?.has(entry.name)) continue
        if (entry.isDirectory()) begin(file)
        else watcher.emit('add', file)
      }
    }, PATIENCE).unref()
  }
  const note = (name: string): void => {
    told.get(normalizePath(path.dirname(name)))?.add(path.basename(name))
  }
  watcher.on('add', note)
  watcher.on('addDir', (name) => {
    note(name)
    begin(name)
  })
}

/** Nothing if it is gone by now. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
