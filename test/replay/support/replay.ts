import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import type { CommitResult } from '../../../tools/replay/result.ts'
import { makeRepository, type Step } from './history.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')

export interface Replayed {
  readonly results: readonly CommitResult[]
  readonly exitCode: number
}

/** Makes a repository of a history, and runs `npm run replay` on it, without the build. */
export async function replayHistory(
  steps: readonly Step[],
  { start, probes, args = [] }: { start: string; probes: object; args?: readonly string[] },
): Promise<Replayed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'history-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const repository = path.join(folder, 'server')
  makeRepository(repository, steps)
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(repository, 'node_modules'))
  const file = path.join(folder, 'probes.json')
  writeFileSync(file, JSON.stringify(probes))
  const { stdout, stderr, exitCode } = await run(['--repo', repository, '--start', start, '--probes', file, ...args])
  onTestFailed(() => console.error(stderr))
  return { results: JSON.parse(stdout) as CommitResult[], exitCode }
}

function run(args: readonly string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const main = path.join(ROOT, 'tools/replay/main.ts')
  // Not those by which a tool could tell that Vitest is about.
  const { PATH, HOME, TMPDIR } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', main, '--json', ...args],
      { cwd: ROOT, env: { PATH, HOME, TMPDIR }, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ stdout, stderr, exitCode: error ? Number(error.code) : 0 }),
    )
  })
}

/** `subject: rungs`, and what became of state where that was asked for: one line for each update. */
export function toLines(results: readonly CommitResult[]): string[] {
  return results.map(({ commit, isUpdate, verdict, outcomes, state }) => {
    if (!isUpdate) return `${commit.subject}: ${verdict.kind}`
    const rungs = outcomes.map(({ rung }) => rung).filter((rung) => rung !== 'nothing')
    const fates = state.filter(({ fate }) => fate !== 'untold').map(({ fate, what }) => `, ${fate} ${what}`)
    const [failure] = outcomes.flatMap((outcome) => (outcome.rung === 'failed' ? [outcome.failure.message] : []))
    const expected = verdict.kind === 'equal' || verdict.kind === 'old-code-served'
    const verdictOf = verdict.kind === 'equal' ? '' : ` (${verdict.kind}${expected ? '' : `: ${failure}`})`
    return `${commit.subject}: ${rungs.join(', ') || 'nothing'}${verdictOf}${fates.join('')}`
  })
}
