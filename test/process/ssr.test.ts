import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, OutputLog, Project, request, sendTraffic, spawnNode } from '../support/process/index.ts'

/** How the server asks for its modules. */
const LOADERS = ['ssrLoadModule', 'runner']

interface Ssr {
  readonly project: Project
  readonly log: OutputLog
  readonly url: string
  /** Asks for the page. */
  page(): Promise<string>
}

async function startSsr(loader: string, prepare: (project: Project) => void = () => undefined): Promise<Ssr> {
  const project = Project.copyOf('ssr')
  onTestFinished(() => project.remove())
  prepare(project)
  const { log } = spawnNode(['server.mjs'], project.root, { LOAD_BY: loader })
  const [, url = ''] = await log.waitForLine(/^listening on (http:\S+)$/)
  return { project, log, url, page: async () => (await request(`${url}/`)).text }
}

/** Messages that a page hears from Vite. */
async function openPage(url: string): Promise<{ type: string; path?: string }[]> {
  for (const path of ['/src/entry-client.js', '/src/celsius.ts']) await request(url + path)
  const socket = new WebSocket(url.replace('http', 'ws'), 'vite-hmr')
  onTestFinished(() => socket.terminate())
  const messages: { type: string }[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as { type: string }))
  await once(socket, 'message')
  messages.length = 0
  return messages
}

const readingsOf = (page: string): number => Number(/after (\d+) readings/.exec(page)?.[1])

test.for(LOADERS)('code that renders is replaced in place, and the page loads again: %s', async (loader) => {
  const { project, log, url, page } = await startSsr(loader)
  for (let count = 0; count < 3; count++) expect(readingsOf(await page())).toBe(count)
  const messages = await openPage(url)

  project.edit('src/entry-server.ts', '<h1>${name}</h1>', '<h1>Weather in ${name}</h1>')
  await log.waitForLine(/ patched src\/entry-server\.ts: render\(\) · kept everything/)
  const after = await page()
  expect(after).toContain('<h1>Weather in Jena</h1>')
  expect(readingsOf(after)).toBe(3)
  await eventually(() => expect(messages).toMatchObject([{ type: 'full-reload' }]))

  project.edit('src/station.ts', 'this.readings += 1', 'this.readings += 10')
  await log.waitForLine(/ patched src\/station\.ts: Station\.measure\(\)/)
  await page()
  expect(readingsOf(await page())).toBe(14)
  expect(String(log).match(/entry-server\.ts runs/g)).toHaveLength(1)
})

test.for(LOADERS)('a module that server and page share is replaced in both: %s', async (loader) => {
  const { project, log, url, page } = await startSsr(loader)
  expect(await page()).toContain('8 °C')
  const messages = await openPage(url)

  project.edit('src/celsius.ts', '°C', 'degrees')
  await log.waitForLine(/ patched src\/celsius\.ts: toCelsius\(\)/)
  expect(await page()).toContain('9 degrees')
  await eventually(() =>
    expect(messages).toMatchObject([{ type: 'update', updates: [{ path: '/src/entry-client.js' }] }]),
  )
})

test.for(LOADERS)('a page is left alone where that is asked for: %s', async (loader) => {
  const { project, log, url, page } = await startSsr(loader, (copy) =>
    copy.edit('vite.config.ts', 'hotNode()', 'hotNode({ reloadBrowser: false })'),
  )
  await page()
  const messages = await openPage(url)
  project.edit('src/entry-server.ts', '<h1>', '<h1 class="name">')
  await log.waitForLine(/ patched src\/entry-server\.ts/)
  expect(await page()).toContain('class="name"')
  expect(messages).toStrictEqual([])
})

test.for(LOADERS)('no request fails or meets a second instance while modules are edited: %s', async (loader) => {
  const { project, log, url, page } = await startSsr(loader)
  await page()
  const stop = sendTraffic(`${url}/`)
  let heading = '<h1>'
  for (const next of ['<h1 id="a">', '<h1 id="b">', '<h1 id="c">', '<h1 id="d">']) {
    project.edit('src/entry-server.ts', heading, next)
    heading = next
    await log.waitForLine(/ patched src\/entry-server\.ts/)
    project.edit('src/station.ts', '280 + ', '280 + 1 + ')
    await log.waitForLine(/ patched src\/station\.ts/)
  }
  const broken = project.read('src/entry-server.ts')
  project.save('src/entry-server.ts', broken.replace('station.measure()', 'station.measure('))
  await log.waitForLine(/ update failed: /)
  project.save('src/entry-server.ts', broken)
  await log.waitForLine(/ up to date again/)

  const { answered, failures } = await stop()
  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(10)
  expect(await page()).toContain(heading)
  expect(String(log).match(/entry-server\.ts runs/g)).toHaveLength(1)
})

test.for(LOADERS)('a start that failed is tried again with the next request after a save: %s', async (loader) => {
  const { project, page } = await startSsr(loader, (copy) =>
    copy.edit('src/station.ts', 'readings = 0', 'readings = undefined.nothing'),
  )
  expect(await page()).toContain('TypeError')
  project.edit('src/station.ts', 'undefined.nothing', '0')
  await eventually(async () => expect(await page()).toContain('<h1>Jena</h1>'))
})

test.for(LOADERS)(
  'after a changed config, the next request loads modules anew, and edits are applied: %s',
  async (loader) => {
    const { project, log, page } = await startSsr(loader)
    for (let count = 0; count < 3; count++) expect(readingsOf(await page())).toBe(count)

    project.edit('vite.config.ts', 'export default', '// Another.\nexport default')
    await log.waitForLine(/ Vite has restarted, .* Where each request asks for modules, the next one loads them anew; /)
    await eventually(async () => expect(readingsOf(await page())).toBe(0))
    expect(String(log).match(/entry-server\.ts runs/g)).toHaveLength(2)

    // Its new watcher may not have found the file yet.
    project.edit('src/entry-server.ts', '<h1>${name}</h1>', '<h1>Weather in ${name}</h1>')
    await log.waitForLine(/ patched src\/entry-server\.ts: render\(\) · kept everything/)
    expect(await page()).toContain('<h1>Weather in Jena</h1>')
    expect(String(log).match(/entry-server\.ts runs/g)).toHaveLength(2)
  },
)
