import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { moduleRunnerTransform } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { readReadyRuntime, writeReadyRuntime } from '../../../src/plugin/hooks/ready-runtime.ts'

const DIST = join(import.meta.dirname, '../../../dist')

const folder = mkdtempSync(join(tmpdir(), 'ready-runtime-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the package has the runtime as Vite would make it', async () => {
  const ready = await readReadyRuntime(pathToFileURL(join(DIST, 'runtime.ready.js')))
  const made = await moduleRunnerTransform(readFileSync(join(DIST, 'runtime.js'), 'utf8'), null, '', '')
  expect(ready).toBe(made?.code)
})

test('another Vite, which gives modules another form, is left to do so', async () => {
  const file = join(folder, 'runtime.ready.js')
  const text = await writeReadyRuntime('export const create = () => 1\n')
  writeFileSync(file, text)
  expect(await readReadyRuntime(pathToFileURL(file))).toContain('create')
  writeFileSync(file, text.replaceAll('__vite_ssr_import__', '__vite_runner_import__'))
  expect(await readReadyRuntime(pathToFileURL(file))).toBeUndefined()
})
