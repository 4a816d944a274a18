import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'acorn'
import { transformWithOxc } from 'vite'
import { describe, expect, test } from 'vitest'
import { runHot, runPlain, toHot } from '../support/modules.ts'

const FOLDER = join(import.meta.dirname, 'fixtures')

/** Known not to: between declarators and inside import and export lists. The source map has the places all the same. */
const LOSES_LINES = new Set(['many-lines'])

/** A fixture's source without types, as Vite hands it over. */
async function readInput(name: string): Promise<string> {
  const file = readdirSync(join(FOLDER, name)).find((entry) => entry.startsWith('input.'))
  if (!file) throw new Error(`${name} has no input`)
  const source = readFileSync(join(FOLDER, name, file), 'utf8')
  if (file.endsWith('.js')) return source
  return (await transformWithOxc(source, file, { target: 'es2022' })).code
}

/** Without the function at the end, which holds the record. */
function withoutBoot(code: string): string {
  const at = code.search(/^function \$hot\d*_start\(/m)
  if (at === -1) throw new Error('The hot code does not end with its start function.')
  return code.slice(0, at)
}

/** @throws SyntaxError */
function parseCode(code: string): void {
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true, allowSuperOutsideMethod: true })
}

describe.each(readdirSync(FOLDER))('%s', (name) => {
  test('becomes the expected hot code', async () => {
    const { code } = toHot(await readInput(name), `/${name}.js`)

    await expect(withoutBoot(code)).toMatchFileSnapshot(join(FOLDER, name, 'expected.js'))
    expect(() => parseCode(code)).not.toThrow()
    expect(() => parseCode(withoutBoot(code))).not.toThrow()
  })

  test('keeps its line breaks', { fails: LOSES_LINES.has(name) }, async () => {
    const input = await readInput(name)

    const lines = withoutBoot(toHot(input, `/${name}.js`).code).split('\n').length

    expect(lines).toBe(input.split('\n').length + 3)
  })

  test('says where the code of each unit and cell is', async () => {
    const { code, record } = toHot(await readInput(name), `/${name}.js`)

    for (const unit of record.units) {
      // A unit is a function that runs it; a declared function is its own declarations. A cell is an expression.
      const text = code.slice(...unit.code)
      expect(() => parseCode(unit.kind === 'function' ? text : `(${text})`)).not.toThrow()
    }
    const ranges = record.units.flatMap(({ cells }) => cells.flatMap((cell) => (cell.code ? [cell.code] : [])))
    for (const range of ranges) expect(() => parseCode(`(${code.slice(...range)})`)).not.toThrow()
  })

  test('runs as it did before it was hot', async () => {
    const input = await readInput(name)

    expect(await runHot(input)).toEqual(await runPlain(input))
  })
})
