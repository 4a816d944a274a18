import { existsSync, statSync } from 'node:fs'
import { normalizePath, type ViteDevServer } from 'vite'
import { isVirtual } from './invalidated.ts'

/** The watcher tells of a file once in so many milliseconds: of what comes within them it does not tell. */
const UNTOLD = 100

/**
 * Keeps files watched that lie outside Vite's root, as those of linked packages do. Vite's watcher watches each of them by
 * itself. Where a tool deletes one and writes it anew, as git does, it goes on watching what is gone, from the second
 * time on, or tells only that the file was deleted. Seen in the chokidar 3 of Vite 8.
 *
 * @param isKnown whether a file is one of a module that runs
 */
export function keepOutsideFilesWatched({ watcher, config }: ViteDevServer, isKnown: (file: string) => boolean): void {
  const isOutside = (file: string): boolean => {
    const path = normalizePath(file)
    return !path.startsWith(`${config.root}/`) && isKnown(path)
  }
  /** Those that are to come, by file. */
  const looks = new Map<string, NodeJS.Timeout>()
  const watchAnew = (file: string): void => {
    watcher.unwatch(file)
    watcher.add(file)
    const watched = toIdentity(file)
    const look = (): void => {
      looks.delete(file)
      const present = toIdentity(file)
      if (present !== undefined && present !== watched) watcher.emit('change', file)
    }
    clearTimeout(looks.get(file))
    looks.set(file, setTimeout(look, UNTOLD).unref())
  }
  watcher.on('change', (file) => {
    if (isOutside(file)) watchAnew(file)
  })
  watcher.on('unlink', (file) => {
    if (!isOutside(file)) return
    watchAnew(file)
    // It was written again before it was said to be gone. Whoever is told of that is to be told first.
    if (existsSync(file)) setImmediate(() => watcher.emit('add', file))
  })
}

/**
 * Has a module in `node_modules` watched that is not left to Node, if `server.watch.ignored` says that it may be. Vite's
 * watcher does not look into `node_modules` for what is not ignored there (https://github.com/vitejs/vite/issues/8619), so
 * that it finds no file by itself.
 */
export function watchPackaged({ watcher }: ViteDevServer, id: string): void {
  if (!isVirtual(id) && id.includes('/node_modules/')) watcher.add(id.replace(/[?#].*$/, ''))
}

/** Which file it is, and how old: what is deleted may leave its number to what is written next. */
function toIdentity(file: string): string | undefined {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats && `${stats.ino} ${stats.mtimeNs}`
}
