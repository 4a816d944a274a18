import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** `[file, part of a name]` of every test that the table of docs/module-kinds.md names. */
function testsInDocs(): (readonly [file: string, name: string])[] {
  const rows = readFileSync(join(ROOT, 'docs/module-kinds.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
  return rows.slice(2).flatMap((row) =>
    (row.split('|').at(3) ?? '').split('; `').map((cell) => {
      const [, file = '', name = ''] = /^\s*`?([^`]+)`: (.+?)\s*$/.exec(cell) ?? []
      return [toPath(file), name] as const
    }),
  )
}

function toPath(file: string): string {
  if (file.startsWith('test/')) return `${file}.test.ts`
  return file.startsWith('process/') ? `test/${file}.test.ts` : `test/scenarios/module-kinds/${file}.test.ts`
}

test('every kind of module in docs/module-kinds.md names a test that is there', () => {
  const named = testsInDocs()

  expect(named.length).toBeGreaterThan(20)
  const lost = named.filter(([file, name]) => name === '' || !readFileSync(join(ROOT, file), 'utf8').includes(name))
  expect(lost).toEqual([])
})
