import { expect, test } from 'vitest'
import { HOT_NODE, projectOf, request, sendTraffic, startProgram } from '../../support/process/index.ts'

const SERVER = `
import http from 'node:http'
import { version } from './version.ts'
const server = http.createServer((_request, response) => response.end([version, __SETTING__, process.pid].join(' ')))
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port))
`
const VERSION = `export const version = 'v1'\n`
const toConfig = (setting: number): string => `export default { define: { __SETTING__: '${setting}' } }\n`

async function answer(url: string): Promise<{ version: string; setting: string; pid: string }> {
  const [version = '', setting = '', pid = ''] = (await request(url)).text.split(' ')
  return { version, setting, pid }
}

test('a changed Vite config starts another process, which takes the port over under load', async () => {
  const project = projectOf({ 'server.ts': SERVER, 'version.ts': VERSION, 'vite.config.ts': toConfig(0) })
  const { log } = startProgram([HOT_NODE, 'server.ts'], project.root)
  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  const pids = new Set([(await answer(url)).pid])
  const stop = sendTraffic(url)

  for (const setting of [1, 2, 3]) {
    project.save('vite.config.ts', toConfig(setting))
    await log.waitForLine(/ \[hot-node\] restarted, its listening socket was handed over · \d+ ms$/)
    const now = await answer(url)
    expect(now).toMatchObject({ version: 'v1', setting: String(setting) })
    pids.add(now.pid)
  }

  const { answered, failures } = await stop()
  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(100)
  expect(pids.size).toBe(4)
  expect(new Set(String(log).match(/listening on .*/g))).toEqual(new Set([`listening on ${url}`]))

  project.save('version.ts', VERSION.replace('v1', 'v2'))
  await log.waitForLine(/ \[hot-node\] (patched|re-ran) /)
  expect(await answer(url)).toMatchObject({ version: 'v2', setting: '3' })
})
