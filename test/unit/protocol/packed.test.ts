import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type PackedRecord, packRecord, unpackRecord } from '../../../src/protocol/index.ts'
import { recordOf } from '../support/analysis.ts'

const FIXTURES = join(import.meta.dirname, '../instrument/fixtures')

/** What is in a program of each kind, as Vite hands it over. */
const inputs = readdirSync(FIXTURES)
  .map((name) => join(FIXTURES, name, 'input.js'))
  .flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')]
    } catch {
      return []
    }
  })

const OTHERS = [
  'const { a, b } = make(), [c] = a\nexport default () => a',
  'function a() { return () => b() }\nfunction b() { a.x = 1 }\nexport default class { static x = a() }',
  'const part = app.router\nawait part.ready()\nfor (const one of list) register(one)',
]

test.each([...inputs, ...OTHERS])('a record is the same after its way through hot code (%#)', (code) => {
  const record = recordOf(code)
  const packed = JSON.parse(JSON.stringify(packRecord(record))) as PackedRecord
  expect(unpackRecord(packed)).toEqual(JSON.parse(JSON.stringify(record)))
})

test('it takes about half the room', () => {
  const record = recordOf(OTHERS[1] ?? '')
  const { length } = JSON.stringify(packRecord(record))
  expect(length).toBeLessThan(JSON.stringify(record).length * 0.6)
})
