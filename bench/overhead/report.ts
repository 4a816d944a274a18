import { toFixed, toTable } from '../support/markdown.ts'
import type { Load } from '../support/request-load.ts'
import { median } from '../support/statistics.ts'
import type { Cost } from './nanoseconds.ts'
import { type Round, VARIANTS, type Variant } from './throughput.ts'

/** Requests per second: every round, their medians and bests, and the ratios to `plain`. */
export function toRates(rounds: readonly Round[]): string {
  const rates = rounds.map((round) => pick(round, 'rate'))
  return toVariantTable('requests/s', rates, (values) => Math.max(...values), 0)
}

/** Processor time per request, likewise. */
export function toProcessorTimes(rounds: readonly Round[]): string {
  const times = rounds.map((round) => pick(round, 'cpu'))
  return toVariantTable('µs per request', times, (values) => Math.min(...values), 1)
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

type Values = Readonly<Record<Variant, number>>

function pick(round: Round, measure: keyof Load): Values {
  return toValues((variant) => round[variant][measure])
}

function toValues(valueOf: (variant: Variant) => number): Values {
  return Object.fromEntries(VARIANTS.map((variant) => [variant, valueOf(variant)])) as Values
}

function toVariantTable(
  title: string,
  rounds: readonly Values[],
  best: (values: readonly number[]) => number,
  digits: number,
): string {
  const toRow = (name: string, values: Values): string[] => [
    name,
    ...VARIANTS.map((variant) => toFixed(values[variant], digits)),
    toFixed(values['plain again'] / values.plain, 3),
    toFixed(values['hotNode()'] / values.plain, 3),
  ]
  const summarize = (summary: (values: readonly number[]) => number): Values =>
    toValues((variant) => summary(rounds.map((round) => round[variant])))
  return toTable(
    [title, ...VARIANTS, 'noise', 'ratio'],
    [
      ...rounds.map((values, index) => toRow(`round ${index + 1}`, values)),
      toRow('median', summarize(median)),
      toRow('best', summarize(best)),
    ],
  )
}
