import { normalizePath, type ViteDevServer } from 'vite'
import { changedAt } from './written-file.ts'

/** How often it is looked whether Vite's new watcher has found the files, and for how long at most. */
const INTERVAL = 50
const LONGEST_SCAN = 60_000

/** Of the time, looking at many files takes one part in so many. */
const SHARE = 10

/**
 * Finds the saves of which no watcher tells because Vite restarts: the old one is closed, and the new one reads the
 * folders first. It says that it is ready before it is, so each file is looked at until the watcher has it. Files outside
 * the root, which Vite watches once it has transformed them, are given to it. Read in Vite 8.
 *
 * @param since what was written earlier was not lost
 * @param onWatched called when the watcher has them all
 * @returns how to stop
 */
export function findLostSaves(
  { watcher, config }: ViteDevServer,
  files: Iterable<string>,
  since: number,
  save: (file: string) => void,
  onWatched: () => void = () => undefined,
): () => void {
  /** Files that the watcher has not, and when each was written, as far as that has been noticed. */
  const unwatched = new Map([...files].map((file) => [file, since]))
  for (const file of unwatched.keys())
    if (!file.startsWith(`${config.root}/`) && changedAt(file) !== undefined) watcher.add(file)

  const deadline = performance.now() + LONGEST_SCAN
  const look = (): void => {
    const started = performance.now()
    const watched = toFiles(watcher.getWatched())
    for (const [file, last] of unwatched) {
      const at = changedAt(file) ?? last
      // What is written from here on, the watcher tells.
      if (watched.has(file)) unwatched.delete(file)
      else unwatched.set(file, Math.max(at, last))
      if (at > last) save(file)
    }
    const now = performance.now()
    if (now > deadline) unwatched.clear()
    if (unwatched.size > 0) setTimeout(look, Math.max(INTERVAL, SHARE * (now - started))).unref()
    else onWatched()
  }
  look()
  return () => unwatched.clear()
}

function toFiles(watched: Readonly<Record<string, readonly string[]>>): Set<string> {
  return new Set(
    Object.entries(watched).flatMap(([folder, names]) => names.map((name) => normalizePath(`${folder}/${name}`))),
  )
}
