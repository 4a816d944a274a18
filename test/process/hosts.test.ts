import { expect, test } from 'vitest'
import { ALL_HOSTS, eventually, sendTraffic, startServer } from '../support/process/index.ts'

const HOT = `
const hot = import.meta.hot!
hot.accept((next) => console.log('accepted', Object.keys(next ?? {}).length))
hot.on('vite:afterUpdate', ({ updates }) => console.log('updated', updates[0]?.path))
`

test.for(ALL_HOSTS)('edits, import.meta.hot and the port are the same on every host: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => project.save('server.ts', `${project.read('server.ts')}${HOT}`),
  })
  const { project, log } = server
  const before = (await server.get('/status')).json<{ pid: number; ticks: number }>()
  const stopTraffic = sendTraffic(`${server.url}/status`)

  project.edit('src/services/room.ts', 'return `', 'return `now ')
  // In any order: a worker's lines go by way of the main thread.
  await eventually(() => {
    expect(String(log)).toMatch(/^accepted \d+$/m)
    expect(String(log)).toMatch(/^updated \/server\.ts$/m)
    expect(String(log)).toMatch(/ patched src\/services\/room\.ts: Room\.summary\(\) · kept everything/)
  })

  const mark = log.mark()
  project.edit('server.ts', "'127.0.0.1', () => {", "'127.0.0.1', () => {\n  console.log('once more')")
  await eventually(() => {
    expect(log.since(mark)).toMatch(/^once more$/m)
    expect(log.since(mark)).toMatch(/ re-ran server\.ts: /)
    expect(log.since(mark)).toContain(`listening on ${server.url}`)
  })

  project.edit('server.ts', "console.log('once more')", "console.log('once more'")
  await log.waitForLine(/ update failed: /)
  await eventually(async () => expect((await server.get('/status')).json()).toMatchObject({ pid: before.pid }))
  const { answered, failures } = await stopTraffic()
  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(10)
})
