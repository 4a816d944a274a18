import { git } from './git.ts'
import type { Options } from './options.ts'

export interface Commit {
  readonly hash: string
  readonly subject: string
  /** How many parents it has: two or more are a merge. */
  readonly parents: number
}

/** A file whose text a checkout changes. */
export interface ChangedFile {
  /** From the repository's root, with `/`. */
  readonly file: string
  readonly isDeleted: boolean
}

type Selection = Pick<Options, 'repository' | 'range' | 'isEveryCommit' | 'paths'>

/**
 * The commits to go through, oldest first. The first is where the servers begin: for `A..B` this is A.
 *
 * First parents only, as they are what was ever checked out one after the other on the branch.
 */
export async function listCommits({ repository, range, isEveryCommit, paths }: Selection): Promise<Commit[]> {
  const order = isEveryCommit ? ['--topo-order'] : ['--first-parent']
  const format = ['--no-commit-header', '--format=%H%x00%P%x00%s', '--reverse']
  const listed = await git(repository, 'rev-list', ...order, ...format, range, '--', ...paths)
  const commits = listed.split('\n').filter(Boolean).map(parseCommit)
  const [, base] = /^(.+?)\.\.(?!\.)/.exec(range) ?? []
  if (base === undefined) return commits
  return [parseCommit(await git(repository, 'log', '-1', '--format=%H%x00%P%x00%s', base)), ...commits]
}

function parseCommit(line: string): Commit {
  const [hash = '', parents = '', subject = ''] = line.split('\0')
  return { hash, subject, parents: parents.split(' ').filter(Boolean).length }
}

/** What a checkout of one commit changes where another one is checked out. Renames are a file less and a file more. */
export async function listChanges(repository: string, from: string, to: string): Promise<ChangedFile[]> {
  const raw = await git(repository, 'diff', '--raw', '--no-renames', '--no-abbrev', '-z', from, to)
  const fields = raw.split('\0')
  const changes: ChangedFile[] = []
  // `:mode mode hash hash status`, then the path.
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , before, after, status] = (fields[at] ?? '').split(' ')
    const file = fields[at + 1]
    if (file !== undefined && before !== after) changes.push({ file, isDeleted: status === 'D' })
  }
  return changes
}
