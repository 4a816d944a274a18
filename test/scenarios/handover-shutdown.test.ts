import { once } from 'node:events'
import type { Server } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ask, inFlight, isRefused, keptAlive } from '../support/sockets/clients.ts'
import { eventually } from '../support/process/eventually.ts'
import { createStory, HOSTS, type Story, type StoryFile } from '../support/story/index.ts'

/** Every server it makes is noted outside the modules, weakly. */
const HTTP = `
  import { once } from 'node:events'
  import { createServer } from 'node:http'
  const version = 'one'
  function make(version: string) {
    const server = createServer((req, res) => {
      if (req.method !== 'POST') return void res.end(version)
      res.write(version + ' began, ')
      req.resume().on('end', () => res.end(version + ' ended'))
    });
    ((globalThis as any).handedOver ??= []).push(new WeakRef(server))
    return server
  }
  const server = make(version)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  export const current = () => server
  export const stop = () => { server.closeAllConnections(); server.close() }
  export const probe = () => version`

describe.each(HOSTS)('a server that was handed over, and is closed, in %s', (host) => {
  async function start(source = HTTP): Promise<{ story: Story; server: StoryFile; port: number }> {
    noted().length = 0
    const story = await createStory({ host })
    const server = story.module(source)
    await story.start(server)
    return { story, server, port: (currentOf(story).address() as AddressInfo).port }
  }

  const currentOf = (story: Story) => (story.exports.current as () => Server)()
  const noted = () => ((globalThis as { handedOver?: WeakRef<Server>[] }).handedOver ??= [])

  async function renew(story: Story, server: StoryFile, times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1)
      expect(
        await story.edit(server, (text) => text.replace(/version = '(.*)'/, (_, version) => `version = '${version}+'`)),
      ).toMatchObject({ rung: 're-run' })
  }

  test('close() ends idle connections of the servers before, and calls back when all are gone', async () => {
    const { story, server, port } = await start()
    const kept = keptAlive({ port })
    const { socket } = await kept()
    const late = await inFlight({ port })
    await renew(story, server, 2)
    const order: string[] = []
    socket.once('close', () => order.push('idle connection closed'))

    const closed = new Promise<void>((resolve, reject) =>
      currentOf(story).close((error) => {
        order.push('closed')
        if (error) reject(error)
        else resolve()
      }),
    )
    if (!socket.closed) await once(socket, 'close')
    expect(await isRefused({ host: '127.0.0.1', port })).toBe(true)
    order.push('request ends')
    expect(await late.end()).toBe('one began, one ended')
    await closed

    expect(order).toEqual(['idle connection closed', 'request ends', 'closed'])
  })

  test('closeAllConnections() reaches requests that the servers before have under way', async () => {
    const { story, server, port } = await start()
    const late = await inFlight({ port })
    await renew(story, server, 2)

    const closed = once(currentOf(story), 'close')
    currentOf(story).close()
    currentOf(story).closeAllConnections()

    await expect(late.end()).rejects.toThrow(/aborted|hang up|ECONNRESET/)
    await closed
  })

  test('closing a server that has handed over calls back, and closes nothing', async () => {
    const { story, server, port } = await start()
    const old = currentOf(story)
    const kept = keptAlive({ port })
    const { socket } = await kept()
    await renew(story, server, 2)

    await new Promise<void>((resolve, reject) => old.close((error) => (error ? reject(error) : resolve())))
    old.closeAllConnections()
    await (old as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.()

    expect(old.listening).toBe(false)
    expect(await kept()).toMatchObject({ body: 'one++', socket })
    expect(await ask({ port })).toMatchObject({ body: 'one++' })
  })

  test('sessions of HTTP/2 end when the port changes, after their streams', async () => {
    const { story, server, port } = await start(
      HTTP.replace(`'node:http'`, `'node:http2'`).replace('server.closeAllConnections(); ', ''),
    )
    const session = http2.connect(`http://127.0.0.1:${port}`)
    onTestFinished(() => session.destroy())
    const stream = session.request({ ':method': 'POST' }, { endStream: false }).setEncoding('utf8')
    await once(stream, 'response')
    await renew(story, server)
    const old = currentOf(story)
    const closed = once(old, 'close')

    await story.edit(server, [`'127.0.0.1')`, `'127.0.0.2')\n server.on('x', () => {})`])
    await story.edit(server, [`listen(0, '127.0.0.2')`, `listen(0)`])

    const text = stream.end().toArray()
    expect((await text).join('')).toBe('one began, one ended')
    await closed
  })

  test('servers are forgotten with their last connection', async () => {
    const { story, server, port } = await start()
    const kept = keptAlive({ port })
    const { socket } = await kept()
    await renew(story, server, 5)
    expect(await kept()).toMatchObject({ body: 'one+++++' })

    await eventually(() => expect(alive()).toEqual([0, 5]))
    socket.destroy()
    await eventually(() => expect(alive()).toEqual([5]))
  })

  /** Which of the servers are still in memory, by number. */
  function alive(): number[] {
    collectGarbage()
    return noted().flatMap((server, index) => (server.deref() ? [index] : []))
  }
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
