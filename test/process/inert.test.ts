import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { OutputLog, Project, spawnNode } from '../support/process/index.ts'

const MODULES = path.resolve(import.meta.dirname, '../../node_modules')
const VITE = path.join(MODULES, 'vite/bin/vite.js')
const VITEST = path.join(MODULES, 'vitest/vitest.mjs')
const run = promisify(execFile)

const CONFIGS = ['plugins: [hotNode()]', 'plugins: []']

const MODULE = `
export class Counter { #count = 0; next() { return ++this.#count } }
export function greet(name = 'you', ...others) { return \`hello \${name}\${others.length}\` }
export const double = (n) => n * 2
export let hot = false
if (import.meta.hot) {
  hot = true
  import.meta.hot.accept()
}
`

const TEST = `
import { expect, test, vi } from 'vitest'
import * as all from './module.js'
test('sees the module as it is', () => {
  expect(all.hot).toBe(false)
  expect([all.greet.toString(), all.double.toString(), all.Counter.toString()]).toMatchSnapshot()
  expect([all.greet.length, all.double.name, Reflect.ownKeys(all.greet), Reflect.ownKeys(all.Counter.prototype)]).toMatchSnapshot()
  expect([all.greet(), all.double(2), new all.Counter().next()]).toEqual(['hello you0', 4, 1])
  expect(() => all.nothing()).toThrow(TypeError)
  expect(vi.isMockFunction(all.greet)).toBe(false)
})
`

function makeProject(plugins: string): Project {
  const project = Project.copyOf('http')
  onTestFinished(() => project.remove())
  project.save(
    'vite.config.ts',
    `import { hotNode } from 'vite-plugin-hot-node'\nvoid hotNode\nexport default { ${plugins} }\n`,
  )
  project.save('module.js', MODULE)
  project.save('module.test.js', TEST)
  return project
}

test('under Vitest, tests see what they see without the plugin', async () => {
  const seen = []
  for (const plugins of CONFIGS) {
    const project = makeProject(plugins)
    const { stdout } = await run(process.execPath, [VITEST, 'run', '--reporter=json', '--root', project.root], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    })
    expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
    seen.push(project.read('__snapshots__/module.test.js.snap'))
  }
  expect(seen[0]).toContain('function greet(')
  expect(seen[0]).toBe(seen[1])
})

test.for(CONFIGS)('under vitest --watch, a saved module is tested again: %s', async (plugins) => {
  const project = makeProject(plugins)
  const { log } = spawnNode([VITEST, '--watch', '--root', project.root], project.root)
  const passed = async (output: OutputLog): Promise<void> => void (await output.waitForLine(/Tests\s+1 passed/))
  await passed(log)
  await log.waitForLine(/Waiting for file changes/)
  project.edit('module.js', 'n * 2', 'n * 3')
  await log.waitForLine(/expected \[ 'hello you0', 6, 1 \]|Tests\s+1 failed/)
  project.edit('module.js', 'n * 3', 'n * 2')
  await passed(log)
  expect(String(log)).not.toContain('[hot-node]')
})

test('a build has nothing of the runtime, and nothing of import.meta.hot', async () => {
  const built = []
  for (const plugins of CONFIGS) {
    const project = makeProject(plugins)
    project.save(
      'vite.config.ts',
      project.read('vite.config.ts').replace('{ plugins', `{ build: { ssr: 'module.js' }, plugins`),
    )
    await run(process.execPath, [VITE, 'build', '--logLevel', 'error', project.root])
    const files = readdirSync(project.path('dist'))
    built.push(
      files.map((file) => [
        file,
        readFileSync(project.path(`dist/${file}`), 'utf8').replaceAll(path.basename(project.root), ''),
      ]),
    )
  }
  expect(built[0]).toStrictEqual(built[1])
  expect(JSON.stringify(built[0])).toContain('hello ')
  expect(JSON.stringify(built[0])).not.toMatch(/hot-node|import\.meta\.hot/)
})
