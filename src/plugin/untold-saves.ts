import { existsSync, statSync } from 'node:fs'
import { normalizePath, type ViteDevServer } from 'vite'
import { onRawEvent } from './raw-events.ts'

/** The watcher tells of a file once in so many milliseconds. Whoever read it then looks at it again, if it is there. */
const TOLD = 50

/** What the watcher has not told of after so many milliseconds it never will: it holds a deletion back for 100. */
const PATIENCE = 120

/** A clock that tells when files are written, as that of a container's host, may be behind by so many milliseconds. */
const SLACK = 2_000

/** Who waits for saves. */
interface Listener {
  /** Whether a file is one of a module. */
  readonly isKnown: (file: string) => boolean
  /** Something happened to a known file: the watcher will tell of it, or it is dismissed. */
  readonly onNoticed: (file: string) => void
  /** It was no save. */
  readonly onDismissed: (file: string) => void
}

/**
 * Has Vite's watcher tell of saves that it knows of and keeps to itself. Where a file is deleted and written anew twice
 * within 100 ms, as git does when it goes from commit to commit, the second time is dropped. The raw events behind it
 * show that something happened: if nothing was told some time after, the file is looked at. Read in the chokidar 3 of
 * Vite 8.
 */
export function tellUntoldSaves(server: ViteDevServer, { isKnown, onNoticed, onDismissed }: Listener): void {
  const { watcher } = server
  /** Something happened to them of which the watcher has not told. */
  const noticed = new Map<string, NodeJS.Timeout>()
  /** When it last told of a file. */
  const told = new Map<string, number>()

  const look = (file: string, wasMissing: boolean): void => {
    const stats = statSync(file, { throwIfNoEntry: false })
    if (!stats && !wasMissing) {
      wait(file, true)
    } else if (!stats || stats.mtimeMs > Date.now() - PATIENCE - SLACK) {
      watcher.emit(stats ? 'change' : 'unlink', file)
    } else {
      noticed.delete(file)
      onDismissed(file)
    }
  }
  const wait = (file: string, isMissing: boolean): void => {
    noticed.set(file, setTimeout(() => look(file, isMissing), PATIENCE).unref())
  }
  onRawEvent(server, (paths) => {
    const file = paths.find(isKnown)
    if (file === undefined || noticed.has(file)) return
    if (performance.now() - (told.get(file) ?? Number.NEGATIVE_INFINITY) < TOLD && existsSync(file)) return
    wait(file, false)
    onNoticed(file)
  })
  for (const event of ['change', 'add', 'unlink'] as const)
    watcher.on(event, (name) => {
      const file = normalizePath(name)
      if (!isKnown(file)) return
      clearTimeout(noticed.get(file))
      noticed.delete(file)
      told.set(file, performance.now())
    })
}
