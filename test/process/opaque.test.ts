import { expect, test } from 'vitest'
import { eventually, type Project, sendTraffic, startServer } from '../support/process/index.ts'

/** What makes the entry of a playground one that runs as a whole. */
const KINDS: readonly (readonly [kind: string, prepare: (project: Project) => void])[] = [
  ['excluded', (project) => project.edit('vite.config.ts', 'hotNode()', 'hotNode({ exclude: /server\\.ts$/ })')],
  [
    'over 1 MB',
    (project) =>
      project.save('server.ts', `${project.read('server.ts')}\nexport const bulk = '${'x'.repeat(1024 * 1024)}'\n`),
  ],
]

test.for(KINDS)('an entry that is %s runs again in the same process, and no request fails', async ([, prepare]) => {
  const server = await startServer('http', { prepare })
  const { project, log } = server
  const stopTraffic = sendTraffic(`${server.url}/status`)

  project.edit('server.ts', "'127.0.0.1', () => {", "'127.0.0.1', () => {\n  console.log('once more')")
  await log.waitForLine(/^once more$/)
  await log.waitForLine(/ hot restart: .* modules ran again · server\.ts changed, and it is /)

  const at = project.locate('server.ts', 'const sockets')
  project.edit('server.ts', 'const sockets', "if (port >= 0) throw new Error('not yet')\nconst sockets")
  await log.waitForLine(/ update failed: Error: not yet /)
  await log.waitForLine(new RegExp(at.replace(/:\d+$/, ':')))
  expect((await server.get('/status')).text).toContain(`"pid":${server.pid}`)

  project.edit('server.ts', "if (port >= 0) throw new Error('not yet')\n", '')
  await log.waitForLine(/ hot restart: .* · up to date again$/)
  await eventually(async () => expect((await server.get('/status')).text).toContain('"timers":1'))

  const { answered, failures } = await stopTraffic()
  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(10)
  expect(String(log)).not.toContain('EADDRINUSE')
})
