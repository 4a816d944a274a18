import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type Project, spawnNode, startServer } from '../support/process/index.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')
const VITE_NODE = path.join(REPOSITORY, 'node_modules/vite-node/dist/cli.mjs')
const run = promisify(execFile)

/** Puts the package where npm would, as it would be published. */
async function installPackage(project: Project): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hot-node-pack-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: REPOSITORY,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  const target = project.path('node_modules/vite-plugin-hot-node')
  mkdirSync(target, { recursive: true })
  await run('tar', ['-xzf', path.join(folder, filename), '-C', target, '--strip-components=1'])
}

const KEEPS = `
import { keep } from 'vite-plugin-hot-node/runtime'
let made = 0
const first = keep('counter', () => ({ number: ++made }))
const second = keep('counter', () => ({ number: ++made }))
console.log('counter ' + first.number + ' ' + second.number + (first === second ? ' kept' : ' made'))
`

test('a server that is edited keeps, whether the package is linked or installed', async () => {
  const server = await startServer('http', {
    prepare: (project) => project.save('server.ts', `${KEEPS}${project.read('server.ts')}`),
    install: installPackage,
  })
  expect(String(server.log)).toContain('counter 1 1 kept')

  server.project.edit('server.ts', `console.log('counter '`, `console.log('again, counter '`)

  await server.log.waitForLine(/^again, counter 1 1 kept$/)
  await server.log.waitForLine(/ \[hot-node\] re-ran server\.ts: /)
})

test('elsewhere every call makes: plain Node, vite-node without --watch, a build', async () => {
  const server = await startServer('http', { install: installPackage })
  const { project } = server
  project.save('plain.mjs', KEEPS)
  writeFileSync(
    project.path('build.config.mjs'),
    `import { hotNode } from 'vite-plugin-hot-node'
     export default { plugins: [hotNode()], build: { ssr: 'plain.mjs', outDir: 'built', logLevel: 'silent' } }`,
  )
  await run(process.execPath, [
    path.join(REPOSITORY, 'node_modules/vite/bin/vite.js'),
    'build',
    project.root,
    '--config',
    project.path('build.config.mjs'),
  ])

  for (const args of [['plain.mjs'], [VITE_NODE, 'plain.mjs'], ['built/plain.js']]) {
    const { log } = spawnNode(args, project.root)
    await log.waitForLine(/^counter /)
    expect(String(log)).toContain('counter 1 2 made')
  }
})
