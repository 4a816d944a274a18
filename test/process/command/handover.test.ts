import { createServer } from 'node:net'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { HOT_NODE, type Project, projectOf, request, startProgram } from '../../support/process/index.ts'
import { inFlight, keptAlive } from '../../support/sockets/clients.ts'

const RESTARTED = / \[hot-node\] restarted\b.* · \d+ ms$/

/** A port that was free a moment ago: of a kind that a process cannot choose anew after a restart. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function start(files: Readonly<Record<string, string>>, ...options: string[]) {
  const project = projectOf({ 'restart.json': '0', ...files })
  const { log, child, run } = startProgram([HOT_NODE, '--include=restart.json', ...options, 'server.mjs'], project.root)
  await log.waitForLine(/^ready$/)
  return { project, log, child, run, place: () => ({ port: Number(/^port (\d+)$/m.exec(String(log))?.[1]) }) }
}

function restart(project: Project): void {
  project.save('restart.json', String(Number(project.read('restart.json')) + 1))
}

const HTTP = `
import http from 'node:http'
const server = http.createServer((request, response) => {
  response.write(String(process.pid) + ' ')
  request.resume().on('end', () => response.end('end'))
})
server.listen(0, '127.0.0.1', () => { console.log('port ' + server.address().port); console.log('ready') })
`

test('a connection that is kept alive moves to the next process, and from that to the one after it', async () => {
  const { project, log, place } = await start({ 'server.mjs': HTTP })
  const ask = keptAlive(place())
  const answers = [await ask()]

  for (let count = 0; count < 3; count += 1) {
    restart(project)
    await log.waitForLine(RESTARTED)
    answers.push(await ask())
  }

  expect(new Set(answers.map(({ body }) => body)).size).toBe(4)
  expect(new Set(answers.map(({ socket }) => socket)).size).toBe(1)
})

test('a request under way is answered by the process that began with it, which ends then', async () => {
  const { project, log, place } = await start({
    'server.mjs': `${HTTP}
process.on('SIGTERM', () => server.close((error) => { console.log('closed ' + error); process.exit() }))`,
  })
  const slow = await inFlight(place())
  const before = (await keptAlive(place())()).body

  restart(project)
  await log.waitForLine(RESTARTED)

  expect(await slow.end()).toBe(before)
  await log.waitForLine(/^closed undefined$/)
  expect((await keptAlive(place())()).body).not.toBe(before)
})

test('what is sent to a connection in the very moment is not lost', async () => {
  const { project, log, place } = await start({ 'server.mjs': HTTP })
  const socket = connect({ host: '127.0.0.1', ...place() })
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
  const ask = (): boolean => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  ask()
  await once(socket, 'data')
  restart(project)
  await log.waitForLine(RESTARTED)

  ask()
  await once(socket, 'data')

  expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
})

test('a port that is asked for as another one is opened, and the old one closed', async () => {
  const { project, log, place } = await start({
    'port.json': '0',
    'server.mjs': HTTP.replace('listen(0,', `listen(JSON.parse(readFileSync('port.json', 'utf8')),`).replace(
      'import http',
      `import { readFileSync } from 'node:fs'\nimport http`,
    ),
  })
  const before = place()
  const port = await freePort()

  project.save('port.json', String(port))
  restart(project)

  await log.waitForLine(RESTARTED)
  expect((await request(`http://127.0.0.1:${port}`)).status).toBe(200)
  await expect(request(`http://127.0.0.1:${before.port}`)).rejects.toThrow('was not answered')
})

test('where something cannot be handed over, the process is stopped first, and the next one then starts', async () => {
  const { project, log, place } = await start({
    'host.json': '"127.0.0.1"',
    'server.mjs': HTTP.replace(`'127.0.0.1'`, `JSON.parse(readFileSync('host.json', 'utf8'))`)
      .replace('import http', `import { readFileSync } from 'node:fs'\nimport http`)
      .replace('listen(0', `listen(${await freePort()}`),
  })
  const before = (await request(`http://127.0.0.1:${place().port}`)).text

  // Only one process can have the port on all hosts.
  project.save('host.json', '"0.0.0.0"')
  restart(project)

  await log.waitForLine(/ \[hot-node\] something that the process from before listens on cannot be handed over/)
  await log.waitForLine(RESTARTED)
  expect((await request(`http://127.0.0.1:${place().port}`)).text).not.toBe(before)
})

test('a program that listens on nothing ends before the next one starts', async () => {
  const { project, log } = await start({
    'server.mjs': `console.log('begin ' + process.pid); setInterval(() => {}, 1000); console.log('ready')
      process.on('SIGTERM', () => { console.log('end ' + process.pid); process.exit() })`,
  })

  restart(project)

  const [, ended] = await log.waitForLine(/^end (\d+)$/)
  const [, begun] = await log.waitForLine(/^begin (\d+)$/)
  expect(begun).not.toBe(ended)
  await log.waitForLine(RESTARTED)
})

test('a Unix socket is closed by one process and opened by the next', async () => {
  const { project, log } = await start({
    'server.mjs': `import http from 'node:http'
      http.createServer((_, response) => response.end(String(process.pid))).listen('./socket', () => console.log('ready'))`,
  })
  const ask = keptAlive({ socketPath: project.path('socket') })
  const before = (await ask()).body

  restart(project)
  await log.waitForLine(RESTARTED)

  expect((await keptAlive({ socketPath: project.path('socket') })()).body).not.toBe(before)
})

test('both processes end when the command is told to', async () => {
  const { project, log, place, child, run } = await start({ 'server.mjs': HTTP })
  await inFlight(place())
  restart(project)
  await log.waitForLine(RESTARTED)

  child.kill('SIGTERM')

  // Their output is closed when both have ended.
  expect(await run).toMatchObject({ code: null, signal: 'SIGTERM' })
})
