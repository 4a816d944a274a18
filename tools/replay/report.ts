import { toTable } from '../../bench/support/markdown.ts'
import type { Outcome } from '../../src/protocol/index.ts'
import { type CommitResult, isFailure, type StateFate, type Verdict } from './result.ts'

/** One line, for who watches. */
export function toLine(result: CommitResult): string {
  const { commit, verdict } = result
  return `${commit.hash.slice(0, 7)} ${toRung(result)} · ${toWords(verdict)} · ${commit.subject}`
}

export function toMarkdown(results: readonly CommitResult[]): string {
  const rows = results.map((result) => [
    `\`${result.commit.hash.slice(0, 7)}\``,
    `${result.commit.parents > 1 ? '(merge) ' : ''}${result.commit.subject}`.replaceAll('|', '\\|'),
    toRung(result),
    toMs(result.outcomes),
    toAnswers(result),
    toState(result),
  ])
  const table = toTable(['commit', 'subject', 'rung', 'ms', 'answers', 'state'], rows)
  const details = results.map((result, index) => toDetails(result, results[index - 1])).filter((text) => text !== '')
  return [table, '', toTotals(results), ...details.flatMap((text) => ['', text])].join('\n')
}

function toRung({ verdict, outcomes, isUpdate }: CommitResult): string {
  if (!isUpdate) return '–'
  const rungs = outcomes.map(({ rung }) => rung as string).filter((rung) => rung !== 'nothing')
  if (verdict.kind === 'needed-restart') rungs.push('restarted by hand')
  return rungs.join(', ') || 'nothing'
}

/** What the runtime took: what a checkout takes beside it is waiting for git. */
function toMs(outcomes: readonly Outcome[]): string {
  const ms = outcomes.map((outcome) => ('ms' in outcome ? outcome.ms : 0)).reduce((sum, one) => sum + one, 0)
  return ms === 0 ? '' : ms.toFixed(1)
}

function toAnswers({ verdict, compared, differences }: CommitResult): string {
  if (verdict.kind === 'equal' || verdict.kind === 'started') return `${compared} equal`
  if (verdict.kind === 'differs')
    return `**${differences.length} ${compared === 0 ? 'not as before' : `of ${compared} differ`}**`
  return isFailure({ verdict } as CommitResult) ? `**${toWords(verdict)}**` : toWords(verdict)
}

function toWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'started':
      return 'started here'
    case 'no-server':
      return 'no server starts'
    case 'equal':
      return 'equal'
    case 'old-code-served':
      return 'cold fails too, old code served on'
    case 'needed-restart':
      return `needed a process restart (${verdict.because.join(', ')})`
    case 'differs':
      return 'answers differ'
    case 'update-failed':
      return 'update failed, a cold server starts'
    case 'died':
      return 'the hot server died'
    default:
      return verdict satisfies never
  }
}

function toState({ state }: CommitResult): string {
  const count = (fate: StateFate): number => state.filter((one) => one.fate === fate).length
  return (['kept', 'lost', 'changed'] as const)
    .filter((fate) => count(fate) > 0)
    .map((fate) => `${count(fate)} ${fate}`)
    .join(', ')
}

const DIFFERS_AT_START =
  'The hot server had just been started here, so no update did this: the answer may be another one with each start (see ' +
  '`ignore` and `state`), or the plugin changes it.'

/** What the table has no room for. */
function toDetails(result: CommitResult, previous: CommitResult | undefined): string {
  const { commit, verdict, differences, state, outcomes, untold, coldFailure, isUpdate } = result
  const parts: string[] = []
  if (!isUpdate && differences.length > 0) parts.push(DIFFERS_AT_START)
  for (const { probe, diff, isVolatile } of differences) {
    const hint = isVolatile ? ' (so does the cold server from itself: see `ignore` and `state`)' : ''
    parts.push(`\`${probe}\` differs${hint}, cold (−) and hot (+):\n\n\`\`\`diff\n${diff}\n\`\`\``)
  }
  if (verdict.kind === 'died') parts.push(`The hot server: ${verdict.why}`)
  for (const outcome of outcomes)
    if (outcome.rung === 'failed') parts.push(`The update failed: ${outcome.failure.message}`)
  if (coldFailure !== undefined) {
    const isSame = previous?.coldFailure === coldFailure
    parts.push(isSame ? 'Cold: the same as at the commit before.' : `Cold: ${coldFailure}`)
  }
  for (const { what, fate, before, after } of state.filter((one) => one.fate === 'lost' || one.fate === 'changed'))
    parts.push(`State ${fate}: \`${what}\`, ${clip(before)} → ${clip(after)}${toWhy(outcomes)}`)
  if (untold.length > 0) parts.push(`Not told to the plugin: ${untold.join(', ')}`)
  return parts.length === 0 ? '' : [`### \`${commit.hash.slice(0, 7)}\` ${commit.subject}`, ...parts].join('\n\n')
}

function clip(text = 'nothing'): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

function toWhy(outcomes: readonly Outcome[]): string {
  const whys = outcomes.flatMap((outcome) => ('why' in outcome ? [outcome.why] : []))
  return whys.length === 0 ? '' : ` (${whys.join('; ')})`
}

function toTotals(results: readonly CommitResult[]): string {
  const verdicts = tally(
    results.filter(({ verdict }) => verdict.kind !== 'started').map(({ verdict }) => toWords(verdict)),
  )
  const rungs = tally(results.flatMap(({ outcomes }) => outcomes.map(({ rung }) => rung)))
  const fates = tally(results.flatMap(({ state }) => state.map(({ fate }) => fate)))
  const compared = results.reduce((sum, one) => sum + one.compared, 0)
  return [
    `${results.length} commits, ${compared} answers compared: ${verdicts || 'nothing'}.`,
    `Updates: ${rungs || 'none'}. State: ${fates || 'not asked for'}.`,
  ].join('\n')
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
}
