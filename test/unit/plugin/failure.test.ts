import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { locate, SyntaxFailure, toTransformFailure } from '../../../src/plugin/failure.ts'

const ROOT = '/app'
const FAILURE = { code: 'any', message: 'any' } as const

/** What rolldown throws: the place is in the message only, in colours. */
const PARSE_ERROR = `Transform failed with 1 error:

\u001B[31m[PARSE_ERROR] \u001B[0mExpected a semicolon or an implicit semicolon after a statement, but found none
   \u001B[38;5;246m╭─[\u001B[0m ../../app/src/a.ts:3:9 \u001B[38;5;246m]\u001B[0m
   │
 3 │ const a b
   │`

describe('where a file could not be transformed', () => {
  test("is read from rolldown's message", () => {
    const failure = toTransformFailure(Object.assign(new Error(PARSE_ERROR), { id: '/app/src/a.ts' }), ROOT)
    expect(failure).toMatchObject({
      code: 'transform_failed',
      message: 'Expected a semicolon or an implicit semicolon after a statement, but found none',
      location: { file: '/app/src/a.ts', line: 3, column: 8 },
    })
  })

  test('is read from the fields other plugins set, without queries', () => {
    const error = Object.assign(new Error('Bad\nUnexpected token'), {
      id: '/app/src/a.vue?vue&type=script',
      loc: { line: 2, column: 5 },
    })
    expect(toTransformFailure(error, ROOT)).toMatchObject({
      message: 'Unexpected token',
      location: { file: '/app/src/a.vue', line: 2, column: 5 },
    })
  })

  test('relative to the root, where Vite says it so', () => {
    const error = Object.assign(new Error('Bad'), { id: '/src/a.ts', loc: { line: 1, column: 0 } })
    expect(toTransformFailure(error, ROOT).location?.file).toBe('/app/src/a.ts')
  })

  test.each([['a text'], [undefined], [new Error('')]])('is unknown for %s', (thrown) => {
    expect(toTransformFailure(thrown, ROOT)).not.toHaveProperty('location')
  })

  test('in a module no engine would take is looked up in its map', () => {
    const map = { version: 3 as const, sources: ['/app/src/a.ts'], names: [], mappings: 'AAAA;AASI' }
    const { failure } = new SyntaxFailure(
      { code: 'one\ntwo', message: 'Unexpected token', position: 4 },
      '/app/src/a.ts',
      map,
    )
    expect(failure).toMatchObject({
      code: 'transform_failed',
      location: { file: '/app/src/a.ts', line: 10, column: 4 },
    })
  })

  test('without a map is where it is in the code', () => {
    const { failure } = new SyntaxFailure(
      { code: 'one\n two', message: 'Unexpected token', position: 5 },
      '/app/src/a.ts',
      undefined,
    )
    expect(failure.location).toEqual({ file: '/app/src/a.ts', line: 2, column: 1 })
  })
})

describe('where an update failed', () => {
  let folder = ''
  let file = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'failure-'))
    file = join(folder, 'importer.ts')
    writeFileSync(file, `// './greet.ts' is not it\nimport { a } from "./a.ts"\nimport { hello } from './greet'\n`)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  test.each([
    ['a path', 'Error: x\n    at run (/app/src/a.ts:3:9)', { file: '/app/src/a.ts', line: 3, column: 8 }],
    ['a path without a function', 'Error: x\n    at /app/src/a.ts:3:9', { file: '/app/src/a.ts', line: 3, column: 8 }],
    [
      'an address',
      'Error: x\n    at async run (file:///app/src/a.ts:3:9)',
      { file: '/app/src/a.ts', line: 3, column: 8 },
    ],
    [
      'a path with a query',
      'Error: x\n    at run (/app/src/a.ts?hot=3:3:9)',
      { file: '/app/src/a.ts', line: 3, column: 8 },
    ],
    [
      'a frame below those of libraries',
      'Error: x\n    at f (/app/node_modules/x/i.js:1:1)\n    at g (node:fs:1:1)\n    at /app/b.ts:2:1',
      { file: '/app/b.ts', line: 2, column: 0 },
    ],
    [
      'a message that looks like a frame',
      'Error: at /not/this.ts:1:1\n    at /app/b.ts:2:1',
      { file: '/app/b.ts', line: 2, column: 0 },
    ],
  ])('is the first frame of the user: %s', async (_, stack, location) => {
    expect(await locate({ ...FAILURE, stack })).toMatchObject({ location })
  })

  test('is the import that failed, in the importer', async () => {
    const located = await locate({ ...FAILURE, import: { importer: file, specifier: './greet' } })
    expect(located.location).toEqual({ file, line: 3, column: 22 })
  })

  test('is not searched for where it is known', async () => {
    const location = { file: '/app/a.ts', line: 1, column: 0 }
    expect(await locate({ ...FAILURE, location, stack: 'Error\n    at /app/b.ts:2:1' })).toMatchObject({ location })
  })

  test.each([
    ['nothing is known', {}],
    ['the importer is gone', { import: { importer: '/nowhere/a.ts', specifier: './b' } }],
    ['the importer is a virtual module', { import: { importer: '\0virtual', specifier: './b' } }],
    ['the specifier is not in it', { import: { importer: import.meta.filename, specifier: `./no${'where'}` } }],
    ['the stack has frames of libraries only', { stack: 'Error\n    at f (node:fs:1:1)' }],
  ])('is unknown where %s', async (_, known) => {
    expect(await locate({ ...FAILURE, ...known })).not.toHaveProperty('location')
  })
})
