import { renameSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventually, type Manner, pause, startServer } from '../support/process/index.ts'
import { ANY_OUTCOME, expectAfter, expectNothingLost, patchedLine, remember } from './expectations.ts'
import { PLAYGROUNDS, type PlaygroundAxis, statusOf } from './playgrounds.ts'

const hono = PLAYGROUNDS.find(({ name }) => name === 'hono') as PlaygroundAxis
const http = PLAYGROUNDS.find(({ name }) => name === 'http') as PlaygroundAxis

test('every way in which editors save is noticed, time and again', async () => {
  const { file, from } = hono.handler
  const server = await startServer('hono')
  const manners: Manner[] = ['in-place', 'atomic-rename', 'unlink-and-write']
  let current = from

  // Each twice: the second time finds what the first did to the watcher.
  for (const [index, how] of [...manners, ...manners].entries()) {
    const next = from.replace('summary', `summary${index}`)
    server.project.edit(file, current, next, { how })
    current = next

    await server.log.waitForLine(patchedLine(file))
    expect((await server.get('/todos')).text).toContain(`"summary${index}":`)
  }
})

test.for([
  ['the importer first', ['src/routes/status.ts', 'src/store.ts']],
  ['the export first', ['src/store.ts', 'src/routes/status.ts']],
] as const)('two files that need each other are one update: %s', async ([, files]) => {
  const server = await startServer('http')
  const state = await remember(server, http)
  const mark = server.log.mark()

  for (const file of files) server.project.rename(file, 'countMessages', 'numberOfMessages')
  server.project.edit(http.handler.file, http.handler.from, http.handler.to)

  await eventually(() => expectAfter(server, http.handler))
  await expectNothingLost(server, http, state)
  expect(server.log.since(mark)).not.toContain('update failed')
})

test.for([2, 20, 45])('of two saves %i ms apart, the second wins', async (ms) => {
  const { file, from } = hono.handler
  const server = await startServer('hono')

  for (const round of [1, 2, 3]) {
    const text = server.project.read(file)
    const [first, second] = [`first${round}`, `second${round}`]
    const key = /\w+(?=: todos\.summary\(\))/
    server.project.save(file, text.replace(key, first))
    await pause(ms)
    server.project.save(file, text.replace(key, second))

    await eventually(async () => expect((await server.get('/todos')).text).toContain(`"${second}":`))
  }
  expect(server.project.read(file)).not.toContain(from)
  expect(String(server.log)).not.toContain('update failed')
})

test('a file that is half written for a moment ends up whole', async () => {
  const { file, from, to } = hono.handler
  const server = await startServer('hono')
  const state = await remember(server, hono)

  await server.project.editSlowly(file, from, to, 40)

  await eventually(() => expectAfter(server, hono.handler))
  // The route at the end, which the half does not have.
  await eventually(async () => expect((await server.post('/todos/99/done', {})).text).toContain('no such to-do'))
  await expectNothingLost(server, hono, state)

  // Had the half been taken for good, this would not be an update of one handler.
  server.project.edit(file, to, from)
  await eventually(async () => expect((await server.get('/todos')).text).toContain(hono.handler.before))
  await server.log.waitForLine(patchedLine(file))
})

test.for([
  ['adds a comment', (text: string) => `// nothing that runs\n${text}`],
  ['adds blank lines', (text: string) => text.replaceAll('\n', '\n\n')],
  ['has the same content', (text: string) => text],
] as const)('a save that %s prints nothing', async ([, change]) => {
  const server = await startServer('hono')
  const mark = server.log.mark()
  const { handler, method } = hono

  for (const how of ['in-place', 'atomic-rename'] as const) {
    server.project.save(handler.file, change(server.project.read(handler.file)), { how })
    server.project.save('server.ts', change(server.project.read('server.ts')), { how })
  }
  // Had the saves above printed something, it would stand before the line of this one, or in it.
  server.project.edit(method.file, method.from, method.to)

  await server.log.waitForLine(patchedLine(method.file))
  expect(server.log.since(mark).split('\n')).toHaveLength(1)
})

test('an edit while the server is starting is applied', async () => {
  const { file, from, to } = hono.handler
  const server = await startServer('hono', {
    prepare: (project) =>
      project.edit(
        // The server under test is slow to start, so that the edit comes meanwhile; the test itself waits for lines.
        'server.ts',
        'const app = new Hono()\n',
        `console.log('warming up')\nawait new Promise((resolve) => setTimeout(resolve, 800))\n\nconst app = new Hono()\n`,
      ),
    whileStarting: async ({ project, log }) => {
      await log.waitForLine(/^warming up$/)
      project.edit(file, from, to)
    },
  })

  await eventually(async () => expect((await server.get('/todos')).text).toContain('"headline":'))
  expect((await statusOf(server)).pid).toBe(server.pid)
})

test('an import of a file that is not there yet recovers when it is created', async () => {
  const { handler } = hono
  const server = await startServer('hono')
  const state = await remember(server, hono)
  const text = server.project.read(handler.file)

  server.project.save(
    handler.file,
    `import { headline } from '../headline.ts'\n${text.replace('todos.summary()', 'headline(todos.summary())')}`,
  )
  const [failure] = await server.log.waitForLine(/ \[hot-node\] update failed: .*$/)
  expect(failure).toContain('headline.ts')
  await server.log.waitForLine(/behind src\/routes\/todos\.ts until the next good save/)
  expect((await server.get('/todos')).text).toContain(handler.before)

  server.project.save('src/headline.ts', 'export const headline = (text: string): string => `To do: ${text}`\n')

  await server.log.waitForLine(/ · up to date again$/)
  expect((await server.get('/todos')).text).toContain('"summary":"To do: 2 of 3')
  await expectNothingLost(server, hono, state)
})

test.for([
  ['the importer is bad', hono.handler, hono.method],
  ['the imported is bad', hono.method, hono.handler],
] as const)('a good save while another file is broken is not forgotten: %s', async ([, bad, good]) => {
  const server = await startServer('hono')
  const state = await remember(server, hono)
  const repaired = server.project.read(bad.file).replace(bad.from, bad.to)

  server.project.save(bad.file, `${repaired}const broken = {\n`)
  await server.log.waitForLine(ANY_OUTCOME)
  server.project.edit(good.file, good.from, good.to)
  await server.log.waitForLine(ANY_OUTCOME)
  server.project.save(bad.file, repaired)
  await server.log.waitForLine(/ · up to date again$/)

  const { text } = await server.get('/todos')
  expect(text).toContain('"headline":')
  expect(text).toContain('2 of 3 still open')
  await expectNothingLost(server, hono, state)
})

test('taking a bad edit back is being up to date again', async () => {
  const { handler } = hono
  const server = await startServer('hono')
  const good = server.project.read(handler.file)

  server.project.save(handler.file, `${good}const broken = {\n`)
  await server.log.waitForLine(/behind src\/routes\/todos\.ts until the next good save/)
  server.project.save(handler.file, good)
  await server.log.waitForLine(/up to date again$/)

  server.project.edit(handler.file, handler.from, handler.to)
  await server.log.waitForLine(patchedLine(handler.file))
  expect((await server.get('/todos')).text).toContain('"headline":')
})

test('the reminder stays until the last of several broken files is repaired', async () => {
  const { handler, method } = hono
  const server = await startServer('hono')
  const { project } = server
  const answer = (await server.get('/todos')).text
  const [first, second] = [project.read(handler.file), project.read(method.file)]

  project.save(handler.file, `${first}const broken = {\n`)
  await server.log.waitForLine(/the running code is behind/)
  project.save(method.file, `${second}const broken = {\n`)
  await server.log.waitForLine(/the running code is behind .*,/)
  const mark = server.log.mark()
  project.save(handler.file, first)
  await server.log.waitForLine(/the running code is behind/)
  expect(server.log.since(mark)).not.toContain('up to date again')

  project.save(method.file, second)
  await server.log.waitForLine(/up to date again$/)
  expect((await server.get('/todos')).text).toBe(answer)
})

test('a broken file that nobody needs any more is deleted: the code is up to date again', async () => {
  const { handler } = hono
  const server = await startServer('hono')
  const { project } = server
  const answer = (await server.get('/todos')).text
  const text = project.read(handler.file)
  project.save('src/extra.ts', 'export const extra = 1\n')
  project.save(handler.file, `import { extra } from '../extra.ts'\nvoid extra\n${text}`)
  await server.log.waitForLine(ANY_OUTCOME)

  project.save('src/extra.ts', 'export const extra = {\n')
  await server.log.waitForLine(/the running code is behind src\/extra\.ts/)
  rmSync(project.path('src/extra.ts'))
  await server.log.waitForLine(/the running code is behind/)
  project.save(handler.file, text)

  await server.log.waitForLine(/up to date again$/)
  expect((await server.get('/todos')).text).toBe(answer)
})

test('a module that moves to another file is one update, and can be edited there', async () => {
  const server = await startServer('hono')
  const state = await remember(server, hono)
  const mark = server.log.mark()
  const { project } = server

  renameSync(project.path('src/routes/status.ts'), project.path('src/routes/health.ts'))
  project.rename('server.ts', './src/routes/status.ts', './src/routes/health.ts')
  await server.log.waitForLine(/ re-ran .*server\.ts: /)
  await expectNothingLost(server, hono, state)

  project.edit('src/routes/health.ts', 'pid: process.pid', 'title: process.title, pid: process.pid')
  await server.log.waitForLine(patchedLine('src/routes/health.ts'))
  expect((await server.get('/status')).text).toContain('"title":')
  expect(server.log.since(mark)).not.toMatch(/update failed|EADDRINUSE/)
})
