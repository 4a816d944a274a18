import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toChart } from './chart.ts'
import type { FieldRecord } from './record.ts'
import { toMarkdown } from './report.ts'

const ROOT = join(import.meta.dirname, '../..')
const BEGIN = '<!-- bench:field -->'
const END = '<!-- /bench:field -->'
const CHART = 'docs/field.svg'

/** Writes the chart, and what stands between the markers of the README. */
export function publish(record: FieldRecord): void {
  writeFileSync(join(ROOT, CHART), toChart(record))
  const file = join(ROOT, 'README.md')
  writeFileSync(file, putBetweenMarkers(readFileSync(file, 'utf8'), toSection(record)))
}

/** What stands between the markers. */
export function toSection(record: FieldRecord): string {
  return `![Milliseconds from a save to the new answer, and what each tool keeps](${CHART})\n\n${toMarkdown(record)}`
}

/** Throws if the text does not have each marker once, in their order. */
export function putBetweenMarkers(text: string, section: string): string {
  const [before, rest, ...more] = text.split(BEGIN)
  const [, after, ...others] = rest?.split(END) ?? []
  if (before === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`${BEGIN} and ${END} have to be there once.`)
  return `${before}${BEGIN}\n\n${section}\n\n${END}${after}`
}
