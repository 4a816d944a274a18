import { expect, test } from 'vitest'
import { eventually, HOT_NODE, pause, projectOf, request, startProgram } from '../../support/process/index.ts'

const SERVER = `
import http from 'node:http'
const server = http.createServer((request, response) => {
  if (request.url === '/crash') setImmediate(() => { throw new TypeError('crashed') })
  response.end('fine')
})
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port))
`
const WAITING =
  / \[hot-node\] server\.ts ended with code 1, by an error that nobody caught; the next save starts it again$/

test('with --wait, a server that died of an error is started again by the next save', async () => {
  const project = projectOf({ 'server.ts': SERVER })
  const { log } = startProgram([HOT_NODE, '--wait', 'server.ts'], project.root)
  const [, first = ''] = await log.waitForLine(/^listening on (http\S+)$/)

  await request(`${first}/crash`)
  await log.waitForLine(/^TypeError: crashed$/)
  await log.waitForLine(WAITING)
  await log.waitForLine(/ \[hot-node\] waits for a save$/)
  const mark = log.mark()
  project.save('server.ts', SERVER.replace('fine', 'better'))

  // Two processes print, in either order.
  await eventually(() => expect(log.since(mark)).toMatch(/ \[hot-node\] server\.ts changed, starting again$/m))
  const [, second = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  expect((await request(second)).text).toBe('better')
})

test('with --wait, a file that is emptied before it is written is read when it is', async () => {
  const project = projectOf({ 'server.ts': `throw new Error('no')` })
  const { log } = startProgram([HOT_NODE, '--wait', 'server.ts'], project.root)
  await log.waitForLine(/ \[hot-node\] waits for a save$/)

  project.save('server.ts', '')
  await pause(50)
  project.save('server.ts', SERVER)

  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  expect((await request(url)).text).toBe('fine')
})

test('with --wait, a program that does not start is started by the save that mends it', async () => {
  const project = projectOf({ 'server.ts': `import './missing.ts'\n${SERVER}` })
  const { log } = startProgram([HOT_NODE, '--wait', 'server.ts'], project.root)
  await log.waitForLine(/missing\.ts/)
  await log.waitForLine(/ \[hot-node\] waits for a save$/)

  project.save('missing.ts', 'export {}')

  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  expect((await request(url)).text).toBe('fine')
})

test('with --wait, a config that cannot be read is read again when it is saved', async () => {
  const project = projectOf({ 'server.ts': SERVER, 'vite.config.ts': 'export default {' })
  const { log } = startProgram([HOT_NODE, '--wait', 'server.ts'], project.root)
  await log.waitForLine(/failed to load config/)
  await log.waitForLine(/ \[hot-node\] waits for a save$/)

  project.save('vite.config.ts', 'export default {}')

  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  expect((await request(url)).text).toBe('fine')
})

test('while it waits, a signal ends it', async () => {
  const project = projectOf({ 'server.ts': `process.exit(3)` })
  const { child, log, run } = startProgram([HOT_NODE, '--wait', 'server.ts'], project.root)
  await log.waitForLine(/ \[hot-node\] server\.ts ended with code 3; the next save starts it again$/)
  await log.waitForLine(/ \[hot-node\] waits for a save$/)

  child.kill('SIGINT')

  expect(await run).toMatchObject({ code: null, signal: 'SIGINT' })
})

test('elsewhere than at a terminal, it says why the server ended, and ends with its code', async () => {
  const project = projectOf({ 'server.ts': SERVER })
  const { log, run } = startProgram([HOT_NODE, 'server.ts'], project.root)
  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)

  await request(`${url}/crash`)

  const { code, stderr } = await run
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /TypeError: crashed[^]*\[hot-node\] server\.ts ended with code 1, by an error that nobody caught\n$/,
  )
})
