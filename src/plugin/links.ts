import { lstatSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import type { ViteDevServer } from 'vite'
import { onRawEvent } from './raw-events.ts'

/**
 * Tells of symbolic links that come to lead elsewhere (`ln -sfn`). Vite's watcher follows them, and says nothing of the links
 * themselves, or that a file changed which is none of a module's, as modules have the names of what links lead to.
 *
 * @param isUsed whether a module is reached by way of a path
 */
export function followLinks(
  server: ViteDevServer,
  isUsed: (link: string) => boolean,
  onChanged: (link: string) => void,
): void {
  const { watcher } = server
  /** What each link was when it was last seen. */
  const seen = new Map<string, string>()
  onRawEvent(server, (paths) => {
    // One that leads nowhere is not watched any more where the watcher polls; its folder is.
    const known = [...seen.keys()].filter((link) => paths.includes(path.posix.dirname(link)))
    for (const link of [...paths, ...known]) {
      const identity = toIdentity(link)
      if (identity === undefined || seen.get(link) === identity || !isUsed(link)) continue
      seen.set(link, identity)
      onChanged(link)
      // It may go on watching what the link led to. It does not bear being told so while it tells.
      setImmediate(() => {
        watcher.unwatch(link)
        watcher.add(link)
      })
    }
  })
}

/** Whether it is what a link leads to, or lies in that, by the link's own name. */
export function isWithin(file: string, link: string): boolean {
  return file === link || file.startsWith(`${link}/`)
}

/** Which link it is, and where it leads; nothing if it is none. */
function toIdentity(file: string): string | undefined {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false })
    return stats?.isSymbolicLink() ? `${stats.ino} ${readlinkSync(file)}` : undefined
  } catch {
    // What is watched is a file itself, or is gone by now.
    return undefined
  }
}
