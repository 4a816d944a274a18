import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished, test, expect } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const OXLINT = join(ROOT, 'node_modules/.bin/oxlint')
const run = promisify(execFile)

/** Lints a file that stands in the source for as long as the test runs. */
async function lint(path: string, source: string): Promise<string> {
  const file = join(ROOT, path)
  writeFileSync(file, source, { flag: 'wx' })
  onTestFinished(() => rmSync(file))
  const failed = await run(OXLINT, ['-f', 'unix', path], { cwd: ROOT }).catch(
    (error: unknown) => error as { readonly stdout: string },
  )
  return failed.stdout
}

test.each([
  ['src/runtime/wall-1.ts', `import 'vite'`],
  ['src/runtime/update/wall-2.ts', `export { transformWithOxc } from 'vite/internal'`],
  ['src/runtime/wall-3.ts', `import '../plugin/session.ts'`],
  ['src/runtime/wall-4.ts', `import 'magic-string'`],
  ['src/protocol/wall-5.ts', `import 'node:fs'`],
  ['src/protocol/wall-6.ts', `import '../runtime/module.ts'`],
  ['src/protocol/wall-7.ts', `import '../plugin/session.ts'`],
  ['src/plugin/analyze/wall-8.ts', `import '../../runtime/module.ts'`],
  ['src/plugin/wall-12.ts', `import '../cli/log.ts'`],
  ['src/runtime/wall-13.ts', `import '../cli/log.ts'`],
  ['src/cli/supervisor/wall-14.ts', `import 'vite'`],
  ['src/cli/wall-15.ts', `import './server/vite-server.ts'`],
])('%s may not %s', async (path, source) => {
  expect(await lint(path, source)).toContain('no-restricted-imports')
})

test.each([
  ['src/runtime/wall-9.ts', `import 'node:fs'; import '../protocol/index.ts'`],
  ['src/protocol/wall-10.ts', `import './ref.ts'`],
  ['src/plugin/wall-11.ts', `import 'vite'; import '../protocol/index.ts'`],
  ['src/cli/server/wall-16.ts', `import 'vite'; import '../log.ts'`],
])('%s may %s', async (path, source) => {
  expect(await lint(path, source)).not.toContain('no-restricted-imports')
})
