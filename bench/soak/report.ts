import { toFixed, toTable } from '../support/markdown.ts'
import { median } from '../support/statistics.ts'
import type { Latency, Look, Soaked } from './soak.ts'

/** Of how many updates the first and the last latencies are compared. */
const SAMPLE = 100

/** By then everything has run and been compiled that will be: what the heap grows before is no leak. */
const WARM_AFTER = 1000

const MIB = 1024 * 1024

export function toHeap({ looks }: Soaked): string {
  const rows = looks.map(({ after, heapUsed, external, rss, functions, resources }) => [
    String(after),
    toFixed(heapUsed / MIB, 2),
    toFixed(external / MIB, 2),
    toFixed(rss / MIB, 0),
    String(functions),
    String(resources.length),
  ])
  return toTable(['updates', 'heap MiB', 'external MiB', 'rss MiB', 'functions', 'active resources'], rows)
}

export function toLatencies({ latencies }: Soaked): string {
  const rows = (['patch', 're-run', 'all'] as const).map((rung) => {
    const p50 = (sample: readonly Latency[]): number =>
      median(sample.filter((one) => rung === 'all' || one.rung === rung).map((one) => one.ms))
    const [first, warm, last] = samplesOf(latencies).map(p50) as [number, number, number]
    return [
      rung,
      toFixed(first, 1),
      toFixed(warm, 1),
      toFixed(last, 1),
      toFixed(last / first, 2),
      toFixed(last / warm, 2),
    ]
  })
  const head = ['p50 ms', `first ${SAMPLE}`, `after ${WARM_AFTER}`, `last ${SAMPLE}`, 'last / first', 'last / warm']
  return toTable(head, rows)
}

/** The first updates, those after the warm-up, and the last. */
function samplesOf(latencies: readonly Latency[]): readonly (readonly Latency[])[] {
  const from = Math.min(WARM_AFTER, Math.max(0, latencies.length - SAMPLE))
  return [latencies.slice(0, SAMPLE), latencies.slice(from, from + SAMPLE), latencies.slice(-SAMPLE)]
}

/** What is promised, and whether it was kept. */
export function toVerdict(soaked: Soaked): string {
  const { looks, latencies, failedRequests, samePid } = soaked
  const growth = growthOf(looks)
  const [first, warm, last] = samplesOf(latencies).map((sample) => median(sample.map((one) => one.ms)))
  const ratio = (last ?? NaN) / (first ?? NaN)
  const warmRatio = (last ?? NaN) / (warm ?? NaN)
  return [
    `Heap: ${toFixed(growth, 0)} bytes an update after the first ${startOf(looks)?.after ?? 0}; less than 200 are allowed.`,
    `Latency: p50 of the last ${SAMPLE} is ${toFixed(ratio, 2)} times that of the first, and ${toFixed(warmRatio, 2)} times that of those after ${WARM_AFTER}; 1.2 is allowed.`,
    `Requests that failed: ${failedRequests}. Process: ${samePid ? 'the same' : 'another one'}.`,
  ].join('\n')
}

function growthOf(looks: readonly Look[]): number {
  const [start, end] = [startOf(looks), looks.at(-1)]
  if (!start || !end || end.after === start.after) return Number.NaN
  return (end.heapUsed - start.heapUsed) / (end.after - start.after)
}

function startOf(looks: readonly Look[]): Look | undefined {
  return looks.find(({ after }) => after >= WARM_AFTER) ?? looks[0]
}
