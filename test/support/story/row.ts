import type { HostName } from './hosts.ts'
import type { Plugin } from 'vite'
import type { Outcome } from '../../../src/protocol/outcome.ts'

export type Rung = Outcome['rung']

/** Text that occurs once in a file, and what takes its place. */
export type Replacement = readonly [find: string, replacement: string]

/** What becomes of a file: the whole new content, replacements in the old one, or `null` for a file that goes away. */
export type Change = string | Uint8Array | Replacement | readonly Replacement[] | null

/** Path in the story's folder to what becomes of it. Several entries are saved together and form one update. */
export type Changes = Readonly<Record<string, Change>>

/** One save, and what must come of it. */
export interface Step {
  readonly changes: Changes
  /** The rung it must take, or those it may take where the contract leaves it open. */
  readonly rung: Rung | readonly Rung[]
  /** Exported functions of the entry that are called before the save, to make state worth keeping. */
  readonly calls?: readonly string[]
  /**
   * Keys of `retained()` that must be other objects afterwards (may be, where the rung is left open).
   * All others must be the same objects.
   */
  readonly recreated?: readonly string[]
  /** What `state()` must answer afterwards, where that is not what it answered before. */
  readonly state?: unknown
  /** A cold start answers the same before and after the save. */
  readonly sameAnswer?: boolean
  /** For `failed`: what the failure must say. */
  readonly failure?: FailureExpectation
  /** For `failed`: a cold start does run, because the host does not look so closely. */
  readonly coldRuns?: boolean
  /** Labels of what the outcome must say was patched. */
  readonly patched?: readonly string[]
  /** For `re-run`: the reason it must give. */
  readonly why?: string
}

export interface FailureExpectation {
  readonly message?: RegExp
  /** File name and line, where the failure has a place in the source. */
  readonly at?: readonly [file: string, line: number]
}

/**
 * A server and what is done to it. Its entry exports
 *
 * - `probe()`: answers that must equal those of a cold start after every save;
 * - `state()`, optional: data that every save must keep;
 * - `retained()`, optional: a record of objects that every save must keep, by identity;
 * - `stop()`, optional: closes what the server holds open.
 */
export interface Row {
  readonly name: string
  /** Source of the entry, `server.ts`. */
  readonly server: string
  readonly files?: Readonly<Record<string, string>>
  readonly edits: readonly Step[]
  /** Other people's plugins. */
  /** Hosts on which it is told, where one cannot do it: docs/limitations.md says why. */
  readonly hosts?: readonly HostName[]
  readonly plugins?: () => Plugin[]
}

export const ENTRY = 'server.ts'

type Expectation = Omit<Step, 'changes' | 'rung'>

/** A {@link Change} of the entry, or {@link Changes} by path. */
type Save = Change | Changes

/** The save is a patch: nothing runs again. */
export const patch = (save: Save, expectation?: Expectation): Step => toStep('patch', save, expectation)

/** The save makes units run again. */
export const rerun = (save: Save, expectation?: Expectation): Step => toStep('re-run', save, expectation)

/** The save makes every module run again. */
export const restart = (save: Save, expectation?: Expectation): Step => toStep('hot-restart', save, expectation)

/** The save is applied and loses nothing; whether something runs again is left open. */
export const patchOrRerun = (save: Save, expectation?: Expectation): Step =>
  toStep(['patch', 're-run'], save, expectation)

/** The save is applied, on any rung. */
export const applied = (save: Save, expectation?: Expectation): Step =>
  toStep(['patch', 're-run', 'hot-restart'], save, expectation)

/** The save undoes one that failed: whether anything has to be done for it is left open. */
export const recovers = (save: Save, expectation?: Expectation): Step =>
  toStep(['nothing', 'patch', 're-run'], save, expectation)

/** The save changes nothing that runs. */
export const nothing = (save: Save): Step => toStep('nothing', save, { sameAnswer: true })

/** The save cannot be applied: the old code goes on serving, and all of it is kept. */
export const fails = (save: Save, failure?: FailureExpectation, expectation?: Expectation): Step =>
  toStep('failed', save, { ...expectation, ...(failure && { failure }) })

function toStep(rung: Step['rung'], save: Save, expectation: Expectation = {}): Step {
  return { changes: isChange(save) ? { [ENTRY]: save } : save, rung, ...expectation }
}

function isChange(save: Save): save is Change {
  return save === null || typeof save === 'string' || Array.isArray(save) || save instanceof Uint8Array
}

/** @throws if a text to be replaced does not occur exactly once: the row would not do what it says. */
export function applyChange(path: string, old: string, change: Exclude<Change, null>): string | Uint8Array {
  if (typeof change === 'string' || change instanceof Uint8Array) return change
  const replacements = isReplacement(change) ? [change] : change
  return replacements.reduce((source, [find, replacement]) => {
    const parts = source.split(find)
    if (parts.length !== 2)
      throw new Error(`${path}: ${JSON.stringify(find)} occurs ${parts.length - 1} times, not once.`)
    return parts.join(replacement)
  }, old)
}

function isReplacement(change: Replacement | readonly Replacement[]): change is Replacement {
  return typeof change[0] === 'string'
}
