import { expect, test } from 'vitest'
import { eventually, pause, startServer } from '../support/process/index.ts'
import { ANY_OUTCOME } from './expectations.ts'
import { linesSince, moduleOf, prepareVersions, toModule } from './many-modules.ts'

test('"save all" of five files is one update', async () => {
  const server = await startServer('http', { prepare: prepareVersions(5) })
  const mark = server.log.mark()

  server.saveTogether(Array.from({ length: 5 }, (_, index) => [moduleOf(index), toModule('two')]))

  await server.log.waitForLine(ANY_OUTCOME)
  expect((await server.get('/')).text).toBe('two')
  expect(await linesSince(server, mark)).toHaveLength(1)
})

test('what a script writes in two seconds is two updates at most', async () => {
  const server = await startServer('http', { prepare: prepareVersions(100) })
  const mark = server.log.mark()

  for (let index = 0; index < 100; index++) {
    server.project.save(moduleOf(index), toModule('two'))
    await pause(20)
  }

  await eventually(async () => expect((await server.get('/')).text).toBe('two'))
  const lines = await linesSince(server, mark)
  expect(lines.slice(2)).toStrictEqual([])
})

test.for([20, 90, 200])('files that need each other, saved %i ms apart, fail for nobody', async (ms) => {
  const server = await startServer('http', { prepare: prepareVersions(4) })
  const mark = server.log.mark()
  const { project } = server

  // The importer first: alone it imports what is not there.
  const text = project.read('server.ts').replaceAll('.version()', '.renamed()')
  project.save('server.ts', `import { renamed } from './${moduleOf(0)}'\nvoid renamed\n${text}`)
  for (let index = 3; index >= 0; index--) {
    await pause(ms)
    project.save(moduleOf(index), toModule('two').replace('const version', 'const renamed'))
  }

  await eventually(async () => expect((await server.get('/')).text).toBe('two'))
  const lines = await linesSince(server, mark)
  expect(lines.join('\n')).not.toMatch(/failed|up to date again/)
})

test('one file saved twice at once is not waited for', async () => {
  const server = await startServer('http', { prepare: prepareVersions(1) })

  for (const version of ['two', 'three']) {
    server.project.save(moduleOf(0), toModule(version))
    await server.log.waitForLine(ANY_OUTCOME)
    expect((await server.get('/')).text).toBe(version)
  }
})

test('a save during an update is the next update', async () => {
  const server = await startServer('http', {
    prepare: (project) => {
      prepareVersions(2)(project)
      project.save(
        'src/gate.ts',
        `const gate = globalThis as typeof globalThis & { open?: () => void }
export async function main(): Promise<void> {
  console.log('begun one')
  if (gate.open) await new Promise<void>((resolve) => (gate.open = resolve))
  gate.open ??= () => undefined
}
void main()
`,
      )
      project.edit(
        'server.ts',
        'const versions =',
        `import './src/gate.ts'\nconst gate = globalThis as typeof globalThis & { open?: () => void }\nconst versions =`,
      )
      project.edit('server.ts', 'response.end(', `if (request.url === '/open') gate.open?.()\n  response.end(`)
    },
  })
  const mark = server.log.mark()

  server.project.edit('src/gate.ts', 'begun one', 'begun two')
  await server.log.waitForLine(/^begun two$/)
  server.project.save(moduleOf(0), toModule('two'))
  server.project.save(moduleOf(1), toModule('two'))
  expect((await server.get('/')).text).toBe('one')
  await server.get('/open')

  await server.log.waitForLine(/\[hot-node\] re-ran src\/gate\.ts: /)
  // The request that opened the gate was answered while starting, so this may be more than a patch.
  await server.log.waitForLine(ANY_OUTCOME)
  expect((await server.get('/')).text).toBe('two')
  expect(await linesSince(server, mark)).toHaveLength(2)
})

test('a failure is said once, however many files the server writes', async () => {
  const server = await startServer('http', {
    prepare: (project) => {
      prepareVersions(1)(project)
      project.save('access.log', '')
      project.edit(
        'server.ts',
        'const versions =',
        `import { appendFileSync } from 'node:fs'
setInterval(() => appendFileSync('access.log', 'tick\\n'), 30)
const versions =`,
      )
    },
  })
  const mark = server.log.mark()

  server.project.save(moduleOf(0), toModule('two').replace('()', '('))
  await server.log.waitForLine(/the running code is behind/)
  // The server goes on writing meanwhile: time for a few retries.
  await pause(2500)
  server.project.save(moduleOf(0), toModule('two'))
  await server.log.waitForLine(/up to date again/)

  expect((await server.get('/')).text).toBe('two')
  expect(server.log.since(mark).match(/update failed/g)).toHaveLength(1)
})
