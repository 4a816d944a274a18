import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Documents whose tables name tests: in which column, how many at least, and in which folder those without one are. */
const TABLES = [
  { document: 'module-kinds.md', column: 3, atLeast: 20, folder: 'scenarios/module-kinds/' },
  { document: 'hosts.md', column: 7, atLeast: 15, folder: '' },
] as const

/** `[file, part of a name]` of every test that a table of a document names. */
function testsIn({ document, column, folder }: (typeof TABLES)[number]): (readonly [file: string, name: string])[] {
  const rows = readFileSync(join(ROOT, 'docs', document), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.split('|').length === column + 2)
  return rows.slice(2).flatMap((row) =>
    (row.split('|').at(column) ?? '').split('; `').map((cell) => {
      const [, file = '', name = ''] = /^\s*`?([^`]+)`: (.+?)\s*$/.exec(cell) ?? []
      return [toPath(file, folder), name] as const
    }),
  )
}

function toPath(file: string, folder: string): string {
  if (file.startsWith('test/')) return `${file}.test.ts`
  return /^(?:process|scenarios)\//.test(file) ? `test/${file}.test.ts` : `test/${folder}${file}.test.ts`
}

test.for(TABLES)('every row of the table in docs/$document names a test that is there', (table) => {
  const named = testsIn(table)

  expect(named.length).toBeGreaterThan(table.atLeast)
  const lost = named.filter(([file, name]) => name === '' || !readFileSync(join(ROOT, file), 'utf8').includes(name))
  expect(lost).toEqual([])
})
