import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyKind } from '../scenarios/edits/every-kind.ts'

const SEMANTICS = join(import.meta.dirname, '../../docs/semantics.md')

/** `[edit, rung]` of every row of the table under "Every kind of edit". */
function rowsInDocs(): string[][] {
  const section = /^## Every kind of edit$([^]*?)^## /m.exec(readFileSync(SEMANTICS, 'utf8'))?.[1] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  // Without the head and the line under it.
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  )
}

test('every row of the table in docs/semantics.md is told as a story, on the rung it names', () => {
  const told = everyKind.map(({ name, edits }) => [
    name,
    String(edits.at(-1)?.rung).replace('hot-restart', 'hot restart'),
  ])

  expect(told.length).toBeGreaterThan(50)
  expect(rowsInDocs()).toEqual(told)
})
