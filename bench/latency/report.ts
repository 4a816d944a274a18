import type { Edit } from '../support/edit-run.ts'
import { toFixed, toTable } from '../support/markdown.ts'
import { median, percentile } from '../support/statistics.ts'
import type { LaneAnswer } from './answer.ts'
import { hotNode, viteFloor } from './contenders.ts'
import type { LaneResult } from './race.ts'

/** hotNode, and Vite alone beside it. */
export function toComparison(results: readonly LaneResult[]): string {
  const rows = results.map((result) => [
    result.contender.label,
    ...toCells(result),
    result.contender === viteFloor ? '–' : toKept(result.edits),
    String(result.edits.reduce((sum, edit) => sum + edit.failedRequests, 0)),
    toMissed(result),
  ])
  return toTable(['', 'p50 ms', 'p95 ms', 'kept', 'failed requests', 'missed edits'], rows)
}

/** hotNode in graphs of several sizes, each beside Vite alone in the same graph. */
export function toGrowth(results: readonly LaneResult[]): string {
  const own = results.filter(({ contender }) => contender === hotNode)
  const rows = own.map((result) => {
    const floor = results.find(({ contender, size }) => contender === viteFloor && size === result.size)
    return [
      `${result.size.modules}${result.size.sharing ? ', all importing the edited module' : ''}`,
      ...toCells(result),
      toRatio(result, own[0], 0.5),
      ...(floor === undefined ? ['–', '–'] : toCells(floor)),
      toFixed(floor && latency(result, 0.5) - latency(floor, 0.5), 1),
      toFixed(result.startMs / 1000, 1),
      toFixed(floor && floor.startMs / 1000, 1),
      toMissed(result),
    ]
  })
  const floorHead = ['Vite alone p50', 'p95', 'added p50', 'start-up s', 'Vite alone', 'missed edits']
  return toTable(['modules', 'p50 ms', 'p95 ms', '× p50', ...floorHead], rows)
}

/** What Vite takes by itself, and what hotNode adds to it. Undefined without a floor in the run. */
export function toFloor(results: readonly LaneResult[]): string | undefined {
  const floor = results.find(({ contender }) => contender === viteFloor)
  if (floor === undefined) return undefined
  const answered = floor.edits.filter((edit) => edit.kind === 'answered')
  const noticed = median(answered.map(({ answer, writtenAt }) => (answer.noticedAt ?? Number.NaN) - writtenAt))
  const transformed = median(answered.map(({ answer }) => answer.transformMs ?? Number.NaN))
  const whole = latency(floor, 0.5)
  const parts = `write → noticed ${toFixed(noticed, 1)} ms, transform ${toFixed(transformed, 1)} ms, answer ${toFixed(whole - noticed - transformed, 1)} ms`
  const lines = [`Vite alone, at p50: ${parts}.`]
  const own = results.find(({ contender }) => contender === hotNode)
  if (own !== undefined) {
    lines.push(`hotNode() on top of that: ${toFixed(latency(own, 0.5) - whole, 1)} ms at p50 (aim: at most 2).`)
  }
  return lines.join('\n')
}

function latency(result: LaneResult, share: number): number {
  return percentile(
    result.edits.filter((edit) => edit.kind === 'answered').map(({ ms }) => ms),
    share,
  )
}

function toCells(result: LaneResult): string[] {
  return [toFixed(latency(result, 0.5), 1), toFixed(latency(result, 0.95), 1)]
}

function toRatio(result: LaneResult, base: LaneResult | undefined, share: number): string {
  return toFixed(base && latency(result, share) / latency(base, share), 1)
}

function toMissed({ edits }: LaneResult): string {
  return `${edits.filter(({ kind }) => kind === 'missed').length}/${edits.length}`
}

function toKept(edits: readonly Edit<LaneAnswer>[]): string {
  const answered = edits.filter((edit) => edit.kind === 'answered')
  if (!answered.every(({ before, answer }) => before?.pid === answer.pid)) return 'nothing'
  return answered.every(({ before, answer }) => answer.hits > (before?.hits ?? 0)) ? 'process, state' : 'process'
}
