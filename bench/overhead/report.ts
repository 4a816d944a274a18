import { toFixed, toTable } from '../support/markdown.ts'
import { median } from '../support/statistics.ts'
import type { Cost } from './nanoseconds.ts'
import { type Round, VARIANTS, type Variant } from './throughput.ts'

/** Every round, their medians and bests, and the ratios to `plain`. */
export function toThroughput(rounds: readonly Round[]): string {
  const head = ['requests/s', ...VARIANTS, 'noise', 'ratio']
  return toTable(head, [
    ...rounds.map((round, index) => toRow(`round ${index + 1}`, round)),
    toRow('median', summarize(rounds, median)),
    toRow(
      'best',
      summarize(rounds, (rates) => Math.max(...rates)),
    ),
  ])
}

function summarize(rounds: readonly Round[], summary: (rates: readonly number[]) => number): Round {
  return Object.fromEntries(
    VARIANTS.map((variant) => [variant, summary(rounds.map((round) => round[variant]))]),
  ) as Round
}

export function toCosts(costs: readonly Cost[]): string {
  const rows = costs.map(({ operation, plain, hotNode }) => [
    operation,
    toFixed(plain, 2),
    toFixed(hotNode, 2),
    toFixed(hotNode - plain, 2),
  ])
  return toTable(['ns', 'plain', 'hotNode()', 'added'], rows)
}

function toRow(title: string, round: Round): string[] {
  return [
    title,
    ...VARIANTS.map((variant) => toFixed(round[variant], 0)),
    toRatio(round, 'plain again'),
    toRatio(round, 'hotNode()'),
  ]
}

function toRatio(round: Round, variant: Variant): string {
  return toFixed(round[variant] / round.plain, 3)
}
