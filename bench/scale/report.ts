import { toFixed, toTable } from '../support/markdown.ts'
import { fitLaw, type Point } from './law.ts'
import type { StartRow, UpdateRow } from './measure.ts'

const MIB = 1024 * 1024

/** What starting costs, in processor time: that of all threads, which other work on the machine distorts least. */
export function toStarts(rows: readonly StartRow[]): string {
  const table = toTable(
    [
      'modules',
      'plain cpu ms',
      'first start cpu ms',
      'ratio',
      'next start cpu ms',
      'ratio',
      'plain s',
      'first start s',
      'next start s',
    ],
    rows.map(({ size, plain, hot, again }) => [
      String(size),
      toFixed(plain.cpuMs, 0),
      toFixed(hot.cpuMs, 0),
      toFixed(hot.cpuMs / plain.cpuMs, 2),
      toFixed(again.cpuMs, 0),
      toFixed(again.cpuMs / plain.cpuMs, 2),
      toFixed(plain.wallMs / 1000, 1),
      toFixed(hot.wallMs / 1000, 1),
      toFixed(again.wallMs / 1000, 1),
    ]),
  )
  const laws = (['plain', 'hot'] as const).map((kind) =>
    toLaw(
      `cpu of ${kind === 'hot' ? 'hotNode()' : 'plain'}`,
      'ms',
      'module',
      toPoints(rows, (row) => row[kind].cpuMs),
    ),
  )
  return [table, ...laws].join('\n\n')
}

export function toMemory(rows: readonly StartRow[]): string {
  const table = toTable(
    ['modules', 'cells', 'plain MiB', 'hotNode() MiB', 'added KiB / module', 'added KiB / cell'],
    rows.map(({ size, cells, plain, hot }) => [
      String(size),
      String(cells),
      toFixed(plain.heapUsed / MIB, 1),
      toFixed(hot.heapUsed / MIB, 1),
      toFixed((hot.heapUsed - plain.heapUsed) / 1024 / size, 1),
      toFixed((hot.heapUsed - plain.heapUsed) / 1024 / cells, 2),
    ]),
  )
  const added = toPoints(rows, ({ plain, hot }) => (hot.heapUsed - plain.heapUsed) / 1024)
  return `${table}\n\n${toLaw('memory added', 'KiB', 'module', added)}`
}

/** @param unit what a size counts */
export function toUpdates(rows: readonly UpdateRow[], unit: string): string {
  const hasReruns = rows.some(({ rerun }) => rerun !== undefined)
  const kinds = hasReruns ? (['patch', 'rerun'] as const) : (['patch'] as const)
  const nameOf = (kind: 'patch' | 'rerun'): string => (kind === 'patch' ? 'patch' : 're-run')
  const table = toTable(
    [
      unit,
      ...(hasReruns ? [] : ['updates']),
      ...kinds.flatMap((kind) => ['notice', 'update', 'apply'].map((part) => `${nameOf(kind)}: ${part} ms`)),
    ],
    rows.map((row) => [
      String(row.size),
      ...(hasReruns ? [] : [String(row.patch.updates)]),
      ...kinds.flatMap((kind) => {
        const times = row[kind]
        return [toFixed(times?.noticeMs, 1), toFixed(times?.updateMs, 1), toFixed(times?.applyMs, 2)]
      }),
    ]),
  )
  const laws = kinds.flatMap((kind) =>
    (['updateMs', 'applyMs'] as const).map((part) =>
      toLaw(
        `${part === 'updateMs' ? 'update' : 'apply'} of a ${nameOf(kind)}`,
        'ms',
        unit,
        toPoints(rows, (row) => row[kind]?.[part] ?? Number.NaN),
      ),
    ),
  )
  return [table, ...laws].join('\n\n')
}

function toPoints<T extends { readonly size: number }>(rows: readonly T[], measureOf: (row: T) => number): Point[] {
  return rows.map((row) => [row.size, measureOf(row)])
}

function toLaw(what: string, measure: string, unit: string, points: readonly Point[]): string {
  const law = fitLaw(points)
  if (law === undefined) return `${what}: one size only, so no law.`
  const { fixed, each, exponent } = law
  return `${what}: ${fixed.toPrecision(3)} ${measure} + ${each.toPrecision(2)} ${measure} × ${unit}; exponent ${toFixed(exponent, 2)}.`
}
