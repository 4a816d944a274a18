import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ask, isRefused, keptAlive } from '../support/sockets/clients.ts'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

const SERVER = `
  import { once } from 'node:events'
  import { createServer } from 'node:http'
  const version = 'one'
  const server = make(version)
  server.listen(0, '127.0.0.1')
  function make(version: string) { return createServer((req, res) => { res.end(version) }) }
  export const port = () => (server.address() as any).port
  export const stop = () => { server.closeAllConnections(); server.close() }
  export const probe = () => version
  await settled()
  function settled() { return server.listening ? undefined : Promise.race([once(server, 'listening'), once(server, 'close')]).catch(() => {}) }`

describe.each(HOSTS)('a listen that fails when it runs again in %s', (host) => {
  async function start(source = SERVER): Promise<{ story: Story; server: StoryFile; port: number }> {
    const story = await createStory({ host })
    const server = story.module(source)
    await story.start(server)
    return { story, server, port: (await story.call('port')) as number }
  }

  async function expectOldServes(story: Story, port: number, kept: () => Promise<{ body: string }>): Promise<void> {
    expect(await ask({ port })).toMatchObject({ body: 'one' })
    expect(await kept()).toMatchObject({ body: 'one' })
    expect(await story.call('port')).toBe(port)
  }

  test.each([
    ['a port somebody else has', async () => `${portOf(await foreignServer())}, '127.0.0.1'`, /EADDRINUSE/],
    ['an address this machine does not have', async () => `0, '192.0.2.1'`, /EADDRNOTAVAIL/],
    ['a host that does not exist', async () => `0, 'no.such.host.invalid'`, /ENOTFOUND|EAI_AGAIN/],
    ['a socket file in a folder that does not exist', async () => `'/no/such/folder/app.sock'`, /EACCES/],
    ['a port that is none', async () => `70_000`, /ERR_SOCKET_BAD_PORT|>= 0 and < 65536/],
    ['no address at all', async () => `{} as any`, /port.*path/],
  ])('%s: the old one serves on, the update says why, and the next one succeeds', async (_, address, message) => {
    const { story, server, port } = await start()
    const kept = keptAlive({ port })
    await kept()
    const listen = `listen(${await address()})`

    const failed = await story.edit(server, (text) =>
      text.replace(`listen(0, '127.0.0.1')`, listen).replace("'one'", "'two'"),
    )

    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringMatching(message) } })
    await expectOldServes(story, port, kept)
    const repaired = await story.edit(server, [listen, `listen(0, '127.0.0.1')`])
    expect(repaired).toMatchObject({ rung: 're-run' })
    expect(await kept()).toMatchObject({ body: 'two' })
  })

  test('a server that listens twice fails as it always did', async () => {
    const { story, server, port } = await start()
    const kept = keptAlive({ port })
    await kept()

    const failed = await story.edit(server, [`'127.0.0.1')`, `'127.0.0.1')\n server.listen(0)`])

    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('more than once') } })
    await expectOldServes(story, port, kept)
  })

  test("the user's own handler is told of the error", async () => {
    const { story, server, port } = await start(
      SERVER.replace(
        'server.listen(',
        `server.on('error', (error: any) => { errors.push(error.code) })\n server.listen(`,
      ).replace(
        'export const probe',
        `const errors = ((globalThis as any).handoverErrors ??= [])\n export const probe`,
      ),
    )
    const errors: string[] = ((globalThis as { handoverErrors?: string[] }).handoverErrors ??= [])
    errors.length = 0
    const kept = keptAlive({ port })
    await kept()
    const taken = portOf(await foreignServer())

    const failed = await story.edit(server, ['listen(0', `listen(${taken}`])

    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('EADDRINUSE') } })
    expect(errors).toEqual(['EADDRINUSE'])
    await expectOldServes(story, port, kept)
  })

  test('a handler that tries the next port succeeds, and keeps that port', async () => {
    const taken = portOf(await foreignServer())
    const { story, server, port } = await start(
      SERVER.replace(
        `server.listen(0, '127.0.0.1')`,
        `server.on('error', () => { server.listen(0, '127.0.0.1') })\n server.listen(${taken}, '127.0.0.1')`,
      ).replace(
        'await settled()',
        `if (!server.listening) await new Promise((resolve) => server.once('listening', resolve as () => void))`,
      ),
    )
    expect(await ask({ port })).toMatchObject({ body: 'one' })

    expect(await story.edit(server, ["'one'", "'two'"])).toMatchObject({ rung: 're-run' })

    expect(await ask({ port: (await story.call('port')) as number })).toMatchObject({ body: 'two' })
    expect(await story.call('port')).toBe(port)
  })

  test('the port of a server that failed after it listened elsewhere is free again', async () => {
    const { story, server, port } = await start()
    const free = portOf(await foreignServer(true))

    const failed = await story.edit(
      server,
      (text) => `${text.replace('listen(0', `listen(${free}`)}\n throw new Error('no luck')`,
    )

    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('no luck') } })
    expect(await isRefused({ host: '127.0.0.1', port: free })).toBe(true)
    expect(await ask({ port })).toMatchObject({ body: 'one' })
  })

  test.each([
    ['that would have worked', async () => `0, '127.0.0.1'`],
    ['on a port somebody else has', async () => `${portOf(await foreignServer())}, '127.0.0.1'`],
    ['on a host that does not exist', async () => `0, 'no.such.host.invalid'`],
    ['on a port that is free', async () => `${portOf(await foreignServer(true))}, 'localhost'`],
  ])('a throw right after a listen %s is what fails the update', async (_, address) => {
    const { story, server, port } = await start(
      SERVER.replace(
        `server.listen(0, '127.0.0.1')`,
        `open(server)\n function open(it: typeof server) { it.listen(0, '127.0.0.1') }`,
      ),
    )
    const kept = keptAlive({ port })
    await kept()
    const listen = `it.listen(${await address()}); throw new Error('no luck')`

    const failed = await story.edit(server, [`it.listen(0, '127.0.0.1')`, listen])

    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('no luck') } })
    await expectOldServes(story, port, kept)
    expect(await story.edit(server, [listen, `it.listen(0, '127.0.0.1', 20)`])).toMatchObject({ rung: 're-run' })
    expect(await kept()).toMatchObject({ body: 'one' })
  })

  test('a Unix socket that somebody else has', async () => {
    const { story, server, port } = await start()
    const path = join(story.root, 'taken.sock')
    const foreign = createServer().listen(path)
    await once(foreign, 'listening')
    onTestFinished(() => void foreign.close())

    const failed = await story.edit(server, [`0, '127.0.0.1'`, JSON.stringify(path)])

    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('EADDRINUSE') } })
    expect(await ask({ port })).toMatchObject({ body: 'one' })
    expect(foreign.listening).toBe(true)
  })
})

/** A server of nobody's, until the test is over or at once. */
async function foreignServer(isClosed = false): Promise<AddressInfo> {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  if (isClosed) await new Promise((resolve) => server.close(resolve))
  else onTestFinished(() => void server.close())
  return address
}

function portOf({ port }: AddressInfo): number {
  return port
}
