import { toFixed, toTable } from '../support/markdown.ts'
import { percentile } from '../support/statistics.ts'
import type { Sample } from './run.ts'

const PARTS = ['event', 'read', 'transform', 'parse', 'wait', 'send', 'diff', 'apply'] as const

type Pick = (sample: Sample) => number | undefined

/** The parts of an update beside those of the floor, and how many times the floor it takes. */
export function toReport(own: readonly Sample[], floor: readonly Sample[]): string {
  const row = (name: string, pick: Pick): string[] => [name, ...toCells(own, pick), ...toCells(floor, pick)]
  const rows = [
    row('notice', ({ notice }) => notice),
    ...PARTS.map((part) => row(part, ({ spans }) => spans[part])),
    row('total', ({ total }) => total),
    row('processor time', ({ processor }) => processor),
  ]
  const table = toTable(['ms', 'hotNode() p50', 'p95', 'floor p50', 'p95'], rows)
  const [p50, p95] = [0.5, 0.95].map((share) => of(own, share) / of(floor, share))
  return `${table}\n\nhotNode() takes ${toFixed(p50, 1)} times the floor at p50, ${toFixed(p95, 1)} times at p95 (aim: at most 2).`
}

function of(samples: readonly Sample[], share: number): number {
  return percentile(
    samples.map(({ total }) => total),
    share,
  )
}

function toCells(samples: readonly Sample[], pick: Pick): string[] {
  const values = samples.map(pick).filter((value) => value !== undefined)
  return [0.5, 0.95].map((share) => toFixed(percentile(values, share), 2))
}
