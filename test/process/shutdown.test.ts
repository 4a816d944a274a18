import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startServer } from '../support/process/index.ts'
import { isRefused, keptAlive } from '../support/sockets/clients.ts'

test("after re-runs, the server's own graceful shutdown ends the process, whoever accepted its connections", async () => {
  const server = await startServer('http', {
    prepare: (project) =>
      project.save(
        'server.ts',
        `${project.read('server.ts')}
server.keepAliveTimeout = 600_000
process.once('SIGTERM', () => server.close(() => { console.log('closed'); process.exit(0) }))
`,
      ),
  })
  const place = { port: Number(new URL(server.url).port) }
  const [first, second] = [keptAlive(place), keptAlive(place)]
  const { socket } = await first()
  for (const milliseconds of ['600_001', '600_002']) {
    server.project.edit(
      'server.ts',
      /keepAliveTimeout = \d+_\d+/.exec(server.project.read('server.ts'))![0],
      `keepAliveTimeout = ${milliseconds}`,
    )
    await server.log.waitForLine(/\[hot-node\] re-ran server\.ts/)
    await second()
  }
  const closed = once(socket, 'close')

  process.kill(server.pid, 'SIGTERM')

  await server.log.waitForLine(/^closed$/)
  await closed
  expect(await isRefused({ host: '127.0.0.1', ...place })).toBe(true)
})
