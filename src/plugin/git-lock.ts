import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A lock older than this was left by a process that is gone, or is held while somebody writes a commit message. */
const LONGEST_HELD = 10_000

/** A rebase lets go of the lock between two commits. It notes each in its folder. */
const BETWEEN_COMMITS = 500

/** Folders that are there while a rebase is under way, or waits for somebody to resolve a conflict. */
const REBASES = ['rebase-merge', 'rebase-apply']

/**
 * Tells whether git is changing the working tree a file belongs to: it then holds `index.lock` in its own folder, which
 * may lie elsewhere for a linked worktree or a submodule (git-scm.com/docs/gitrepository-layout).
 */
export class GitLock {
  /** Git's own folder for files of each folder asked about. Only those found: a repository may be made later. */
  readonly #gitFolders = new Map<string, string>()

  isHeld(file: string): boolean {
    const folder = this.#gitFolderOf(dirname(file))
    if (folder === undefined) return false
    return ageOf(join(folder, 'index.lock')) < LONGEST_HELD || isRebasing(folder)
  }

  #gitFolderOf(folder: string): string | undefined {
    const known = this.#gitFolders.get(folder)
    if (known !== undefined) return known
    for (let at = folder; ; at = dirname(at)) {
      const found = toGitFolder(join(at, '.git'))
      if (found !== undefined) {
        this.#gitFolders.set(folder, found)
        return found
      }
      if (at === dirname(at)) return undefined
    }
  }
}

/** `.git` is git's folder, or a file that says where that is. */
function toGitFolder(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats || stats.isDirectory()) return stats && path
  const [, folder] = /^gitdir: (.+?)\s*$/m.exec(readFileSync(path, 'utf8')) ?? []
  return folder === undefined ? undefined : resolve(dirname(path), folder)
}

function isRebasing(folder: string): boolean {
  return REBASES.some((name) => {
    const rebase = join(folder, name)
    if (!existsSync(rebase)) return false
    const notes = [rebase, join(rebase, 'msgnum'), join(rebase, 'next'), join(rebase, 'done')]
    return notes.some((note) => ageOf(note) < BETWEEN_COMMITS)
  })
}

/** Milliseconds since it was written, or infinity if it is not there. */
function ageOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? Date.now() - stats.mtimeMs : Number.POSITIVE_INFINITY
}
