import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { styleText } from 'node:util'
import { codeFrameColumns } from '@babel/code-frame'
import { createLogger, type Logger, type ViteDevServer } from 'vite'
import type { Invalidated, ModuleChange, Outcome, UpdateFailure } from '../protocol/index.ts'
import { locate } from './failure.ts'
import type { ResolvedOptions } from './options.ts'
import { printTiming, type UpdateTiming } from './timing.ts'

/** What the plugin knows of an update beyond its outcome. */
export interface ReportContext {
  /** Milliseconds since the first of its files was saved. */
  readonly ms: number
  readonly files: readonly string[]
  /** The update before it failed. */
  readonly isRecovery: boolean
  /** Nothing of it was saved: some other file changed, for which it may have waited. */
  readonly isRetry: boolean
}

export type OutcomeListener = (outcome: Outcome) => void
export type TimingListener = (timing: UpdateTiming) => void

const SEPARATOR = ' · '

/** More names or modules than this are counted, not listed. */
const LONGEST_LIST = 4

/** Tells people what updates came to: one line in the manner of Vite's log, or an error with the place it is at. */
export class Reporter {
  readonly #logger: Logger
  readonly #root: string
  readonly #listeners = new Set<OutcomeListener>()
  readonly #timingListeners = new Set<TimingListener>()
  /** Vite servers of which it was said that others took their place. */
  readonly #restarted = new WeakSet<ViteDevServer>()
  /** It has just been said that a full reload was asked for. */
  #isReloadNoted = false
  /** What was last said of an update that failed. */
  #lastError: string | undefined

  constructor(options: ResolvedOptions, root: string) {
    this.#logger = createLogger(options.logLevel, { prefix: '[hot-node]', allowClearScreen: false })
    this.#root = root
  }

  onOutcome(listener: OutcomeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onTiming(listener: TimingListener): () => void {
    this.#timingListeners.add(listener)
    return () => this.#timingListeners.delete(listener)
  }

  /** Says how long an update took. Called only where that is asked for. */
  reportTiming({ rung }: Outcome, files: readonly string[], timing: UpdateTiming): void {
    printTiming(`${rung} ${toList(this.#toNames(files))}`, timing)
    for (const listener of this.#timingListeners) listener(timing)
  }

  /** Somebody asked for a full reload, who does not say why: all environments in turn, as Vite does. */
  noteFullReload(): void {
    if (this.#isReloadNoted) return
    this.#isReloadNoted = true
    queueMicrotask(() => (this.#isReloadNoted = false))
    const text = 'full reload asked for, by Vite or a plugin: what changed is updated in place instead'
    this.#logger.info(text, { timestamp: true })
  }

  /**
   * Vite has made a new server for a changed config or `.env`, which does not reach code that runs.
   *
   * @param server the one before, of which all environments tell
   */
  noteRestart(server: ViteDevServer, isFollowed: boolean): void {
    if (this.#restarted.has(server)) return
    this.#restarted.add(server)
    const text = 'Vite has restarted, for a changed config or .env'
    const tail = isFollowed
      ? 'the modules run on; import.meta.env, and what they read of the config while starting, are new when the process is started again'
      : 'its module runner is gone. Where each request asks for modules, the next one loads them anew; elsewhere edits do nothing and import() fails until the process is started again'
    if (isFollowed) this.#logger.info(`${text}: ${tail}`, { timestamp: true })
    else this.#logger.warn(styleText('yellow', `${text}: ${tail}`), { timestamp: true })
  }

  /** A module does not accept an update after all. */
  async reportInvalidated({ by, message, outcome }: Invalidated): Promise<void> {
    this.#logger.warn(`${by} invalidated itself${message === undefined ? '' : `: ${message}`}`, { timestamp: true })
    const ms = 'ms' in outcome ? outcome.ms : 0
    await this.report(outcome, { ms, files: [by], isRecovery: false, isRetry: false })
  }

  async report(reported: Outcome, context: ReportContext): Promise<void> {
    const outcome = reported.rung === 'failed' ? { ...reported, failure: await locate(reported.failure) } : reported
    if (outcome.rung === 'failed') {
      const text = await this.#toError(outcome.failure, context)
      // The other file may be the log that this is written to.
      if (!context.isRetry || text !== this.#lastError) this.#logger.error(text, { timestamp: true })
      this.#lastError = text
    } else if (outcome.rung !== 'nothing') this.#logger.info(toLine(outcome, context), { timestamp: true })
    else if (outcome.notes?.length) this.#logger.info(outcome.notes.join(SEPARATOR), { timestamp: true })
    else if (context.isRecovery) this.#logger.info(styleText('green', 'up to date again'), { timestamp: true })
    for (const listener of this.#listeners) listener(outcome)
  }

  async #toError(failure: UpdateFailure, { files }: ReportContext): Promise<string> {
    const { location } = failure
    const lines = [styleText('red', `update failed: ${failure.message}`)]
    if (location) {
      lines.push(`  ${location.file}:${location.line}:${location.column + 1}`)
      const frame = await toFrame(location)
      if (frame) lines.push(frame)
    }
    if (failure.repair) lines.push(`  ${failure.repair}`)
    const names = toList(this.#toNames(files))
    lines.push(styleText('yellow', `  the running code is behind ${names} until the next good save`))
    return lines.join('\n')
  }

  #toNames(files: readonly string[]): string[] {
    return files.map((file) => relative(this.#root, file).replaceAll('\\', '/'))
  }
}

/** The one line of an update that was applied. */
export function toLine(
  outcome: Exclude<Outcome, { rung: 'failed' | 'nothing' }>,
  { ms, isRecovery }: ReportContext,
): string {
  const parts: string[] = []
  switch (outcome.rung) {
    case 'patch':
      parts.push(`${styleText('green', 'patched')} ${toModules(outcome.patched.map(toChange))}`, 'kept everything')
      break
    case 're-run':
      parts.push(
        `${styleText('cyan', 're-ran')} ${toModules(outcome.reran.map(toRun)) || toModules(outcome.patched.map(toChange))}`,
        outcome.why,
      )
      if (outcome.kept.length > 0) parts.push(`kept ${toList(outcome.kept)}`)
      break
    case 'hot-restart':
      parts.push(
        `${styleText('yellow', 'hot restart')}: ${toCount(outcome.reran.length, 'module')} ran again`,
        outcome.why,
      )
      break
    default:
      return outcome satisfies never
  }
  parts.push(styleText('dim', `${Math.max(1, Math.round(ms))} ms`), ...outcome.notes)
  if (isRecovery) parts.push('up to date again')
  return parts.join(SEPARATOR)
}

function toCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function toChange({ module, what }: ModuleChange): string {
  return `${module}: ${toList(what)}`
}

/** Declarations by name, effects by number. */
function toRun({ module, what }: ModuleChange): string {
  const names = what.filter((label) => /^[\w$.,]+$/.test(label))
  const effects = what.length - names.length
  const listed =
    effects === 1 ? what.filter((label) => !names.includes(label)) : effects > 0 ? [`${effects} effects`] : []
  return `${module}: ${toList([...names, ...listed])}`
}

function toModules(texts: readonly string[]): string {
  if (texts.length <= LONGEST_LIST) return texts.join('; ')
  return `${texts.slice(0, LONGEST_LIST - 1).join('; ')} … and ${texts.length - LONGEST_LIST + 1} more modules`
}

function toList(names: readonly string[]): string {
  if (names.length <= LONGEST_LIST) return names.join(', ')
  return `${names.slice(0, LONGEST_LIST - 1).join(', ')} and ${names.length - LONGEST_LIST + 1} more`
}

async function toFrame(location: NonNullable<UpdateFailure['location']>): Promise<string | undefined> {
  try {
    const source = await readFile(location.file, 'utf8')
    const start = { line: location.line, column: location.column + 1 }
    return codeFrameColumns(source, { start }, { highlightCode: false })
  } catch {
    return undefined
  }
}
