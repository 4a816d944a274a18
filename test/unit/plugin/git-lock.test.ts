import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { GitLock } from '../../../src/plugin/git-lock.ts'

const SETTINGS = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always']

/** A folder with a repository that has one commit, in `repo`, and what runs git there. */
function createRepository(): { folder: string; repo: string; git: (...args: string[]) => void } {
  const folder = mkdtempSync(join(tmpdir(), 'git-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const repo = join(folder, 'repo')
  mkdirSync(join(repo, 'src'), { recursive: true })
  writeFileSync(join(repo, 'src/a.ts'), '')
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-C', repo, ...SETTINGS, ...args], { stdio: 'pipe' })
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'one')
  return { folder, repo, git }
}

test('git holds its lock in a repository, for files of any folder of it', () => {
  const { repo } = createRepository()
  const lock = new GitLock()
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(false)

  writeFileSync(join(repo, '.git/index.lock'), '')
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(true)

  rmSync(join(repo, '.git/index.lock'))
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(false)
})

test('a lock that was left behind is none', () => {
  const { repo } = createRepository()
  const path = join(repo, '.git/index.lock')
  writeFileSync(path, '')
  utimesSync(path, new Date(), new Date(Date.now() - 60_000))

  expect(new GitLock().isHeld(join(repo, 'src/a.ts'))).toBe(false)
})

test('a linked worktree has its own lock', () => {
  const { folder, repo, git } = createRepository()
  git('worktree', 'add', '--quiet', join(folder, 'linked'))
  writeFileSync(join(repo, '.git/worktrees/linked/index.lock'), '')
  const lock = new GitLock()

  expect(lock.isHeld(join(folder, 'linked/src/a.ts'))).toBe(true)
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(false)
})

test('a submodule has its own lock', () => {
  const { repo, git } = createRepository()
  const other = createRepository()
  git('submodule', '--quiet', 'add', other.repo, 'sub')
  writeFileSync(join(repo, '.git/modules/sub/index.lock'), '')
  const lock = new GitLock()

  expect(lock.isHeld(join(repo, 'sub/src/a.ts'))).toBe(true)
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(false)
})

test('a rebase holds the files between two commits, but not while it waits for a person', () => {
  const { repo } = createRepository()
  const rebase = join(repo, '.git/rebase-merge')
  mkdirSync(rebase)
  const lock = new GitLock()
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(true)

  utimesSync(rebase, new Date(), new Date(Date.now() - 5_000))
  expect(lock.isHeld(join(repo, 'src/a.ts'))).toBe(false)
})

test('outside a repository nobody holds anything', () => {
  expect(new GitLock().isHeld('/nowhere/a.ts')).toBe(false)
})
