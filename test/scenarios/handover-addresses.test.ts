import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ask, inFlight, isRefused, keptAlive } from '../support/sockets/clients.ts'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

/** Servers by name, each of a unit that names a version and another that listens. */
function serversOf(listen: Record<string, string>): string {
  const names = Object.keys(listen)
  return `
    import { once } from 'node:events'
    import { createServer, type Server } from 'node:http'
    function make(version: string) {
      return createServer((req, res) => {
        if (req.method !== 'POST') return void res.end(version)
        res.write(version + ' began, ')
        req.resume().on('end', () => res.end(version + ' ended'))
      })
    }
    ${names
      .map(
        (name) => `
    const ${name}Version = '${name} one'
    const ${name} = make(${name}Version)
    ${name}.listen(${listen[name]})
    `,
      )
      .join('')}
    export const servers = () => ({ ${names.join(', ')} })
    await Promise.all([${names.join(', ')}].map((each) => each.listening || once(each, 'listening')))
    export const stop = () => { for (const each of [${names.join(', ')}]) { each.closeAllConnections(); each.close() } }
    export const probe = () => 'up'`
}

describe.each(HOSTS)('addresses in %s', (host) => {
  async function start(listen: Record<string, string>): Promise<{ story: Story; server: StoryFile }> {
    const story = await createStory({ host })
    const server = story.module(serversOf(listen))
    await story.start(server)
    return { story, server }
  }

  const serverOf = (story: Story, name = 'app') => (story.exports.servers as () => Record<string, Server>)()[name]!
  const portOf = (story: Story, name = 'app') => (serverOf(story, name).address() as AddressInfo).port
  const renew = (story: Story, server: StoryFile, from = 'one', to = 'two') =>
    story.edit(server, [`const appVersion = 'app ${from}'`, `const appVersion = 'app ${to}'`])

  test.each([
    ['a port by options', `{ port: 0, host: '127.0.0.1', exclusive: true, backlog: 10 }`],
    ['a port that more than one process may have', `{ port: 0, host: '127.0.0.1', reusePort: true } as any`],
    ['a port with a backlog', `0, '127.0.0.1', 20`],
    ['any port of any host', ''],
    ['any port, with a callback', `() => {}`],
    ['any port, without a value', `undefined, () => {}`],
    ['a host by name', `0, 'localhost'`],
  ])('%s is kept', async (_, args) => {
    const { story, server } = await start({ app: args })
    const port = portOf(story)

    for (const [from, to] of [
      ['one', 'two'],
      ['two', 'three'],
    ]) {
      expect(await renew(story, server, from, to)).toMatchObject({ rung: 're-run' })
      expect(portOf(story)).toBe(port)
    }
    const localhost = args.includes('localhost') ? { host: 'localhost' } : {}
    expect(await ask({ port }, localhost)).toMatchObject({ body: 'app three' })
  })

  test('a Unix socket is kept, its file too, and connections move on', async () => {
    const story = await createStory({ host })
    const socketPath = join(story.root, 'app.sock')
    const server = story.module(serversOf({ app: JSON.stringify(socketPath) }))
    await story.start(server)
    const kept = keptAlive({ socketPath })
    const { socket } = await kept()
    const late = await inFlight({ socketPath })

    for (const [from, to] of [
      ['one', 'two'],
      ['two', 'three'],
    ] as const) {
      expect(await renew(story, server, from, to)).toMatchObject({ rung: 're-run' })
      expect(existsSync(socketPath)).toBe(true)
      expect(serverOf(story).address()).toBe(socketPath)
      expect(await kept()).toMatchObject({ body: `app ${to}`, socket })
      expect(await ask({ socketPath })).toMatchObject({ body: `app ${to}` })
    }
    const failed = await story.edit(
      server,
      (text) => `${text.replace('app three', 'app four')}\n throw new Error('no luck')`,
    )
    expect(failed).toMatchObject({ rung: 'failed' })
    expect(await ask({ socketPath })).toMatchObject({ body: 'app three' })
    expect(await late.end()).toBe('app one began, app one ended')

    await new Promise((resolve) => serverOf(story).close(resolve))
    expect(existsSync(socketPath)).toBe(false)
  })

  test('a Unix socket that moves: the old one is gone with its file', async () => {
    const story = await createStory({ host })
    const [before, after] = [join(story.root, 'before.sock'), join(story.root, 'after.sock')]
    const server = story.module(serversOf({ app: JSON.stringify(before) }))
    await story.start(server)

    await story.edit(server, [before, after])

    expect(await ask({ socketPath: after })).toMatchObject({ body: 'app one' })
    expect([existsSync(before), await isRefused({ path: before })]).toEqual([false, true])
  })

  test('of several servers only the one that runs again changes hands', async () => {
    const { story, server } = await start({ app: `0, '127.0.0.1'`, metrics: `0, '127.0.0.1'` })
    const ports = [portOf(story), portOf(story, 'metrics')]
    const metrics = serverOf(story, 'metrics')

    expect(await renew(story, server)).toMatchObject({ rung: 're-run' })

    expect([portOf(story), portOf(story, 'metrics')]).toEqual(ports)
    expect(serverOf(story, 'metrics')).toBe(metrics)
    expect(await ask({ port: ports[0]! })).toMatchObject({ body: 'app two' })
    expect(await ask({ port: ports[1]! })).toMatchObject({ body: 'metrics one' })
  })

  test('all servers that run again keep each its own', async () => {
    const { story, server } = await start({ app: `0, '127.0.0.1'`, metrics: `0, '127.0.0.1'` })
    const ports = [portOf(story), portOf(story, 'metrics')]

    expect(await story.edit(server, (text) => text.replaceAll(' one', ' two'))).toMatchObject({ rung: 're-run' })

    expect([portOf(story), portOf(story, 'metrics')]).toEqual(ports)
    expect(await ask({ port: ports[0]! })).toMatchObject({ body: 'app two' })
    expect(await ask({ port: ports[1]! })).toMatchObject({ body: 'metrics two' })
  })

  test('two servers exchange their ports, and exchange them back', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const { story, server } = await start({ app: `${one}, '127.0.0.1'`, metrics: `${two}, '127.0.0.1'` })
    const kept = keptAlive({ port: one })
    const { socket } = await kept()
    const exchange = (text: string) =>
      text.replace(/listen\((\d+)/g, (_, port) => `listen(${Number(port) === one ? two : one}`)

    expect(await story.edit(server, exchange)).toMatchObject({ rung: 're-run' })
    expect(await ask({ port: two })).toMatchObject({ body: 'app one' })
    expect(await kept()).toMatchObject({ body: 'metrics one', socket })

    expect(await story.edit(server, exchange)).toMatchObject({ rung: 're-run' })
    expect(await ask({ port: two })).toMatchObject({ body: 'metrics one' })
    expect(await kept()).toMatchObject({ body: 'app one', socket })
  })

  test.each([
    ['exchange', (one: number, two: number) => [two, one], 're-run'],
    ['claim', (_: number, two: number) => [two, two], 'failed'],
  ] as const)('two servers %s ports that their units read, one after the other', async (_, choose, rung) => {
    const ports = [await freePort(), await freePort()] as const
    const story = await createStory({ host })
    const source = (chosen: readonly number[]) =>
      `const ports = { app: ${chosen[0]}, metrics: ${chosen[1]} }
      ${serversOf({ app: `ports.app, '127.0.0.1'`, metrics: `ports.metrics, '127.0.0.1'` })}`
    const server = story.module(source(ports))
    await story.start(server)
    const kept = keptAlive({ port: ports[0] })
    const { socket } = await kept()

    expect(await story.edit(server, () => source(choose(...ports)))).toMatchObject({ rung })

    const [app, metrics] = rung === 'failed' ? ports : ports.toReversed()
    expect(await ask({ port: app! })).toMatchObject({ body: 'app one' })
    expect(await ask({ port: metrics! })).toMatchObject({ body: 'metrics one' })
    expect(await kept()).toMatchObject({ body: rung === 'failed' ? 'app one' : 'metrics one', socket })
  })

  test('a server does not take the port of one that stays', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const { story, server } = await start({ app: `${one}, '127.0.0.1'`, metrics: `${two}, '127.0.0.1'` })

    const outcome = await story.edit(server, [`app.listen(${one}`, `app.listen(${two}`])

    expect(outcome).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('EADDRINUSE') } })
    expect(await ask({ port: one })).toMatchObject({ body: 'app one' })
    expect(await ask({ port: two })).toMatchObject({ body: 'metrics one' })
  })

  test('a server does not take the port of one that might have run again and then did not', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const story = await createStory({ host })
    const server = story.module(`
      import { createServer } from 'node:http'
      const appPort = ${one}
      const metricsPort = ${two}
      const app = createServer((req, res) => { res.end('app one') })
      app.listen(appPort, '127.0.0.1')
      const metrics = createServer((req, res) => { res.end('metrics one') })
      metrics.listen(metricsPort, '127.0.0.1')
      export const servers = () => ({ app, metrics })
      export const stop = () => { for (const each of [app, metrics]) { each.closeAllConnections(); each.close() } }
      export const probe = () => 'up'`)
    await story.start(server)
    const before = (await story.call('servers')) as Record<string, Server>
    const kept = { app: keptAlive({ port: one }), metrics: keptAlive({ port: two }) }
    const sockets = { app: (await kept.app()).socket, metrics: (await kept.metrics()).socket }
    // Both ports are written otherwise, but that of the second is the same, so that it goes on listening.
    const rewrite = (app: number) => (text: string) =>
      text.replace(/appPort = .*/, `appPort = ${app}`).replace(/metricsPort = .*/, `metricsPort = ${two - 1} + 1`)

    const outcome = await story.edit(server, rewrite(two))

    expect(outcome).toMatchObject({
      rung: 'failed',
      failure: { code: 'address_taken', message: expect.stringContaining('that of metrics.listen(') },
    })
    expect(await story.call('servers')).toStrictEqual(before)
    for (const [name, port] of Object.entries({ app: one, metrics: two })) {
      expect(before[name]).toMatchObject({ listening: true })
      expect(await ask({ port })).toMatchObject({ body: `${name} one` })
    }
    expect(await kept.app()).toMatchObject({ body: 'app one', socket: sockets.app })
    expect(await kept.metrics()).toMatchObject({ body: 'metrics one', socket: sockets.metrics })

    const three = await freePort()
    expect(await story.edit(server, rewrite(three))).toMatchObject({ rung: 're-run' })
    expect(await ask({ port: three })).toMatchObject({ body: 'app one' })
    expect(await kept.metrics()).toMatchObject({ body: 'metrics one', socket: sockets.metrics })
  })

  test('a changed port: the old one refuses, answers what is under way, and is gone; and back again', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const { story, server } = await start({ app: `${one}, '127.0.0.1'` })
    const old = serverOf(story)
    const closed = once(old, 'close')
    const kept = keptAlive({ port: one })
    const { socket } = await kept()
    const late = await inFlight({ port: one })

    expect(await story.edit(server, [`listen(${one}`, `listen(${two}`])).toMatchObject({ rung: 're-run' })

    expect(await isRefused({ host: '127.0.0.1', port: one })).toBe(true)
    expect(await ask({ port: two })).toMatchObject({ body: 'app one' })
    if (!socket.closed) await once(socket, 'close')
    expect(await late.end()).toBe('app one began, app one ended')
    await closed

    expect(await story.edit(server, [`listen(${two}`, `listen(${one}`])).toMatchObject({ rung: 're-run' })
    expect(await ask({ port: one })).toMatchObject({ body: 'app one' })
    expect(await isRefused({ host: '127.0.0.1', port: two })).toBe(true)
  })

  test('any port becomes the one it happened to be', async () => {
    const { story, server } = await start({ app: `0, '127.0.0.1'` })
    const port = portOf(story)
    const kept = keptAlive({ port })
    const { socket } = await kept()

    expect(await story.edit(server, ['listen(0', `listen(${port}`])).toMatchObject({ rung: 're-run' })

    expect(await kept()).toMatchObject({ body: 'app one', socket })
  })

  test('another host on the same port: connections stay, and it can fail and be taken back', async () => {
    const { story, server } = await start({ app: `0, '127.0.0.1'` })
    const port = portOf(story)
    await story.edit(server, ['listen(0', `listen(${port}`])
    const kept = keptAlive({ port })
    const { socket } = await kept()

    const outcome = await story.edit(server, (text) =>
      text.replace(`'127.0.0.1')`, `'0.0.0.0')`).replace('app one', 'app two'),
    )
    expect(outcome).toMatchObject({ rung: 're-run' })
    expect((serverOf(story).address() as AddressInfo).address).toBe('0.0.0.0')
    expect(await kept()).toMatchObject({ body: 'app two', socket })

    for (const bad of ['no.such.host.invalid', '192.0.2.1']) {
      const failed = await story.edit(server, (text) =>
        text.replace(/'(0\.0\.0\.0|no\.such.*|192\..*)'\)/, `'${bad}')`),
      )
      expect(failed).toMatchObject({
        rung: 'failed',
        failure: { message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL/) },
      })
      expect(await ask({ port })).toMatchObject({ body: 'app two' })
      expect(await kept()).toMatchObject({ body: 'app two', socket })
    }
  })

  test('a server that is closed and listens again in one run', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      import { once } from 'node:events'
      import { createServer } from 'node:http'
      const version = 'one'
      async function main(version: string) {
        const server = createServer((req, res) => { res.end(version) })
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        const { port } = server.address() as any
        await new Promise((resolve) => server.close(resolve))
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
        return server
      }
      const server = await main(version)
      export const port = () => (server.address() as any).port
      export const stop = () => { server.closeAllConnections(); server.close() }
      export const probe = () => version`)
    await story.start(server)
    expect(await ask({ port: (await story.call('port')) as number })).toMatchObject({ body: 'one' })

    expect(await story.edit(server, [`version = 'one'`, `version = 'two'`])).toMatchObject({ rung: 're-run' })

    expect(await ask({ port: (await story.call('port')) as number })).toMatchObject({ body: 'two' })
  })

  test('code that closes the server before it listens again, as it would have to without hand-over', async () => {
    const story = await createStory({ host })
    const port = await freePort()
    const server = story.module(`
      import { createServer, type Server } from 'node:http'
      const version = 'one'
      const held = globalThis as { handoverServer?: Server }
      async function main(version: string) {
        held.handoverServer?.close()
        held.handoverServer = createServer((req, res) => { res.end(version) })
        await new Promise<void>((resolve) => { held.handoverServer!.listen(${port}, '127.0.0.1', resolve) })
      }
      await main(version)
      export const stop = () => { held.handoverServer!.closeAllConnections(); held.handoverServer!.close(); delete held.handoverServer }
      export const probe = () => version`)
    await story.start(server)
    const kept = keptAlive({ port })
    await kept()

    for (const [from, to] of [
      ['one', 'two'],
      ['two', 'three'],
    ] as const) {
      expect(await story.edit(server, [`version = '${from}'`, `version = '${to}'`])).toMatchObject({ rung: 're-run' })
      expect(await ask({ port })).toMatchObject({ body: to })
    }
    const failed = await story.edit(server, (text) => `${text.replace('three', 'four')}\n throw new Error('no luck')`)
    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('no luck') } })
    expect(await ask({ port })).toMatchObject({ body: 'three' })
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
