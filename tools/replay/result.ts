import type { Outcome } from '../../src/protocol/index.ts'
import type { Commit } from './history.ts'

/** What became of something the process remembered. */
export type StateFate =
  /** The answer is as it was before, or a number went on from there. */
  | 'kept'
  /** It is what a server says that was just started. */
  | 'lost'
  /** It is neither: perhaps it is shown otherwise. */
  | 'changed'
  /** It was what a cold server says, too, or is not in the answer: there is nothing to tell by. */
  | 'untold'

export interface StateChange {
  /** The probe's name and the place in its answer. */
  readonly what: string
  readonly fate: StateFate
  readonly before: string | undefined
  readonly after: string | undefined
}

export interface Difference {
  /** The probe's name. */
  readonly probe: string
  /** From what was expected to what the hot server answered. */
  readonly diff: string
  /** The cold server, asked again, answered otherwise, too: the probe is no good. */
  readonly isVolatile: boolean
}

/** How a commit went. */
export type Verdict =
  /** The hot server was started at this commit. */
  | { readonly kind: 'started' }
  /** No server could be started yet. */
  | { readonly kind: 'no-server' }
  /** All answers are those of a cold server. */
  | { readonly kind: 'equal' }
  /** A cold server does not start at this commit; the hot one answers as before. */
  | { readonly kind: 'old-code-served' }
  /** Answers were other than a cold server's, until the hot one was started anew: something outside its modules changed. */
  | { readonly kind: 'needed-restart'; readonly because: readonly string[] }
  /** Answers are other than a cold server's; or, where that does not start, other than before. */
  | { readonly kind: 'differs' }
  /** The update failed, and a cold server starts. No probe shows it. */
  | { readonly kind: 'update-failed' }
  /** The hot server's process ended, or an update did not come to its end. */
  | { readonly kind: 'died'; readonly why: string }

export interface CommitResult {
  readonly commit: Commit
  /** The hot server was running when the commit was checked out: what follows is about an update. */
  readonly isUpdate: boolean
  readonly verdict: Verdict
  /** What the plugin made of the checkout: one update as a rule. */
  readonly outcomes: readonly Outcome[]
  /** Changed files of which Vite did not tell the plugin. */
  readonly untold: readonly string[]
  /** How many probes were compared. */
  readonly compared: number
  readonly differences: readonly Difference[]
  readonly state: readonly StateChange[]
  /** Why no cold server started. */
  readonly coldFailure: string | undefined
}

/** Verdicts that are defects. */
const FAILURES: ReadonlySet<Verdict['kind']> = new Set(['differs', 'update-failed', 'died'])

/** Defects, or nothing that was tested. */
export function hasFailed(results: readonly CommitResult[]): boolean {
  return results.some(isFailure) || results.every(({ verdict }) => verdict.kind === 'no-server')
}

export function isFailure({ verdict }: CommitResult): boolean {
  return FAILURES.has(verdict.kind)
}
