import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What a commit does to the files. */
export type Change =
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'edit'; readonly file: string; readonly from: string; readonly to: string }
  | { readonly kind: 'move'; readonly file: string; readonly to: string }
  | { readonly kind: 'remove'; readonly file: string }

/** A step of a history, told in the order in which it was worked. */
export type Step =
  | { readonly kind: 'commit'; readonly subject: string; readonly changes: readonly Change[] }
  /** Work goes on there: a branch that is new, or is there already. */
  | { readonly kind: 'on'; readonly branch: string }
  | { readonly kind: 'merge'; readonly branch: string; readonly subject: string }

export function commit(subject: string, ...changes: readonly Change[]): Step {
  return { kind: 'commit', subject, changes }
}

export function on(branch: string): Step {
  return { kind: 'on', branch }
}

export function merge(branch: string, subject: string): Step {
  return { kind: 'merge', branch, subject }
}

export function write(file: string, text: string): Change {
  return { kind: 'write', file, text: text.trimStart() }
}

export function edit(file: string, from: string, to: string): Change {
  return { kind: 'edit', file, from, to }
}

export function move(file: string, to: string): Change {
  return { kind: 'move', file, to }
}

export function remove(file: string): Change {
  return { kind: 'remove', file }
}

/** When the first commit was made, in seconds since the epoch. Each step is an hour later. */
const BEGIN = 1_700_000_000
const HOUR = 3_600

/** Makes a git repository of a history. Authors and dates are fixed, so its hashes are the same each time. */
export function makeRepository(root: string, steps: readonly Step[]): void {
  mkdirSync(root, { recursive: true })
  let date = BEGIN
  const git = (...args: readonly string[]): void => {
    const person = { NAME: 'A Developer', EMAIL: 'developer@example.com', DATE: `${date} +0000` }
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
    }
    for (const [name, value] of Object.entries(person)) {
      env[`GIT_AUTHOR_${name}`] = value
      env[`GIT_COMMITTER_${name}`] = value
    }
    execFileSync('git', ['-C', root, ...args], { env, stdio: 'pipe' })
  }
  const branches = new Set(['main'])
  git('init', '--quiet', '--initial-branch=main')
  for (const step of steps) {
    date += HOUR
    switch (step.kind) {
      case 'commit':
        for (const change of step.changes) apply(root, change)
        git('add', '--all')
        git('commit', '--quiet', '-m', step.subject)
        break
      case 'on':
        git('checkout', '--quiet', ...(branches.has(step.branch) ? [] : ['-b']), step.branch)
        branches.add(step.branch)
        break
      case 'merge':
        git('merge', '--quiet', '--no-ff', '-m', step.subject, step.branch)
        break
      default:
        step satisfies never
    }
  }
}

function apply(root: string, change: Change): void {
  const file = path.join(root, change.file)
  switch (change.kind) {
    case 'write':
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, change.text)
      return
    case 'edit': {
      const parts = readFileSync(file, 'utf8').split(change.from)
      if (parts.length !== 2) throw new Error(`${change.file} has ${parts.length - 1} times: ${change.from}`)
      writeFileSync(file, parts.join(change.to))
      return
    }
    case 'move':
      mkdirSync(path.dirname(path.join(root, change.to)), { recursive: true })
      renameSync(file, path.join(root, change.to))
      return
    case 'remove':
      rmSync(file)
      return
    default:
      change satisfies never
  }
}
