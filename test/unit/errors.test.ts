import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as errors from '../../src/runtime/errors.ts'
import { recordOf } from './support/analysis.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Codes of failures in the source: of `new HotError('code', …)`, of `new CommandError('code', …)`, and of failures that are plain data. */
function codesInSource(): string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const codes = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, 'src', file), 'utf8')
    return [...text.matchAll(/(?:new (?:Hot|Command)Error\(\s*|\bcode: )'(\w+)'/g)].map(([, code]) => String(code))
  })
  return [...new Set(codes)].toSorted()
}

function headingsInDocs(): string[] {
  const text = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
  return [...text.matchAll(/^## `(\w+)`$/gm)].map(([, code]) => String(code)).toSorted()
}

test('every code has a heading in docs/errors.md, and every heading a code', () => {
  expect(codesInSource().length).toBeGreaterThan(5)
  expect(headingsInDocs()).toEqual(codesInSource())
})

const record = recordOf(`import { a } from './b'`)

test.each([
  [errors.missingExport(record, 'a', './b'), 'missing_export', 'module.js imports "a" from "./b"'],
  [errors.importFailed(record, './b', new Error('no such file')), 'import_failed', 'no such file'],
  [
    errors.notReplaceable('a.ts', 'it is over 1 MB', 'it is no file'),
    'not_replaceable',
    'it is over 1 MB, and it is no file',
  ],
  [errors.deletedButImported('b.ts', 'a.ts'), 'deleted_but_imported', 'b.ts was deleted, but a.ts'],
  [errors.protocolMismatch(2, 1), 'protocol_mismatch', 'version 2 of the protocol, this process version 1'],
  [errors.rerunFailed('start()', 'a.ts', new TypeError('boom')), 'rerun_failed', 'boom'],
])('%s says what offended, and how to repair it', (error, code, message) => {
  expect(error.code).toBe(code)
  expect(error.message).toContain(message)
  expect(error.repair).toMatch(/\.$/)
  expect(errors.toFailure(error)).toMatchObject({ code, message: error.message, repair: error.repair })
})

test('a failure has the stack of its cause: that is the code of the user', () => {
  const cause = new TypeError('boom')
  expect(errors.toFailure(errors.rerunFailed('start()', 'a.ts', cause)).stack).toBe(cause.stack)
})

test('an import that failed says of whom and what', () => {
  expect(errors.toFailure(errors.missingExport(record, 'a', './b')).import).toEqual({
    importer: '/module.js',
    specifier: './b',
  })
})

test.each([
  ['an error', new RangeError('x'), 'RangeError: x'],
  ['a text', 'x', 'x'],
  ['nothing', undefined, 'undefined'],
])('%s of nobody in particular is a failure all the same', (_, thrown, message) => {
  expect(errors.toFailure(thrown)).toMatchObject({ code: 'update_failed', message })
})
