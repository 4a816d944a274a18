import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/process/eventually.ts'
import { createStory, HOSTS } from '../support/story/index.ts'

const children: ChildProcess[] = []
subscribe('child_process', (message) => children.push((message as { readonly process: ChildProcess }).process))

/** Children that the test made so far and that have not ended. They are ended with the test. */
function followChildren(): () => ChildProcess[] {
  const from = children.length
  const alive = () => children.slice(from).filter((child) => child.exitCode === null && child.signalCode === null)
  onTestFinished(() => {
    for (const child of alive()) child.kill('SIGKILL')
  })
  return alive
}

describe.each(HOSTS)('where ownership ends in %s', (host) => {
  test.each([
    ['detached and unreferenced', 'child.unref()', { detached: true }, 2],
    ['only detached', '', { detached: true }, 1],
    ['only unreferenced', 'child.unref()', { detached: false }, 1],
  ])('a child process that is %s', async (_, unref, { detached }, count) => {
    const alive = followChildren()
    const story = await createStory({ host })
    const server = story.module(`
      import { spawn } from 'node:child_process'
      import { once } from 'node:events'
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'one'], { detached: ${detached}, stdio: 'ignore' })
      ${unref}
      await once(child, 'spawn')
      export const probe = () => 1`)
    await story.start(server)

    expect(await story.edit(server, ["'one'", "'two'"])).toMatchObject({ rung: 're-run' })

    await eventually(() => expect(alive()).toHaveLength(count))
  })

  test('a child process that does not heed SIGTERM is ended by force', async () => {
    const alive = followChildren()
    const story = await createStory({ host })
    const server = story.module(`
      import { spawn } from 'node:child_process'
      import { once } from 'node:events'
      const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); console.log('one')"  + '; setInterval(() => {}, 1e6)'])
      await once(child.stdout, 'data')
      export const probe = () => 1`)
    await story.start(server)
    const [old] = alive()

    expect(await story.edit(server, ["'one'", "'two'"])).toMatchObject({ rung: 're-run' })

    await eventually(() => expect(old?.signalCode).toBe('SIGKILL'))
    expect(alive()).toHaveLength(1)
  })

  test('code that starts a child process again when it ends does not do so for the one that was replaced', async () => {
    const alive = followChildren()
    const story = await createStory({ host })
    const server = story.module(`
      import { spawn } from 'node:child_process'
      import { once } from 'node:events'
      async function supervise() {
        for (;;) {
          const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
          await once(child, 'exit')
        }
      }
      function respawn(tag: string) {
        spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', tag]).on('exit', () => respawn(tag))
      }
      const start = (tag: string) => { respawn(tag); void supervise() }
      start('one')
      export const probe = () => 1`)
    await story.start(server)
    await eventually(() => expect(alive()).toHaveLength(2))
    const old = alive()

    expect(await story.edit(server, ["start('one')", "start('two')"])).toMatchObject({ rung: 're-run' })

    await eventually(() => expect(old.every(({ signalCode }) => signalCode === 'SIGTERM')).toBe(true))
    expect(alive()).toHaveLength(2)
    await story.edit(server, 'export const probe = () => 0')
    await eventually(() => expect(alive()).toHaveLength(0))
  })

  test('what a package starts is left to it', async () => {
    const alive = followChildren()
    const story = await createStory({ host })
    story.file('node_modules/service/package.json', '{ "name": "service", "type": "module", "exports": "./index.js" }')
    story.file(
      'node_modules/service/index.js',
      `import { spawn } from 'node:child_process'
       import { watch } from 'node:fs'
       import { Worker } from 'node:worker_threads'
       export function start() {
         const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
         child.unref()
         const own = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
         const worker = new Worker('setInterval(() => {}, 1e6)', { eval: true })
         let isClosed = false
         const watcher = watch(import.meta.dirname).on('close', () => { isClosed = true })
         return {
           isAlive: () => child.signalCode === null && worker.threadId !== -1 && !isClosed,
           isOwnAlive: () => own.signalCode === null,
           end: async () => { watcher.close(); await worker.terminate() },
         }
       }`,
    )
    const server = story.module(`
      import { start } from 'service'
      const services: ReturnType<typeof start>[] = []
      const register = (tag: string) => { all.push(start()) }
      const { all } = { all: ((globalThis as { services?: typeof services }).services ??= services) }
      register('one')
      export const isAlive = () => all.map((service) => service.isAlive())
      export const isOwnAlive = () => all.map((service) => service.isOwnAlive())
      export const end = () => Promise.all(all.map((service) => service.end()))
      export const probe = () => 1`)
    await story.start(server)
    onTestFinished(async () => {
      await story.call('end')
      Reflect.deleteProperty(globalThis, 'services')
    })

    expect(await story.edit(server, ["register('one')", "register('two')"])).toMatchObject({ rung: 're-run' })

    await eventually(async () => expect(await story.call('isOwnAlive')).toEqual([false, true]))
    expect(await story.call('isAlive')).toEqual([true, true])
    expect(alive()).toHaveLength(3)
  })

  test('a bind that fails makes the re-run fail, and the old socket receives on', async () => {
    const port = await freePort()
    const taken = createSocket('udp4').bind(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const story = await createStory({ host })
    const server = story.module(`
      import { createSocket } from 'node:dgram'
      import { once } from 'node:events'
      const socket = createSocket('udp4', (message, { port }) => { socket.send('one ' + message, port) })
      const bound = { promise: new Promise((resolve) => { socket.once('listening', resolve) }) }
      socket.bind(${port}, '127.0.0.1')
      export const ask = async () => {
        await bound.promise
        const client = createSocket('udp4')
        client.send('ask', ${port}, '127.0.0.1')
        try { return String((await once(client, 'message'))[0]) } finally { client.close() }
      }
      export const probe = () => 1`)
    await story.start(server)
    expect(await story.call('ask')).toBe('one ask')

    const failed = await story.edit(server, [`socket.bind(${port},`, `socket.bind(${taken.address().port},`])
    expect(failed).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('EADDRINUSE') } })
    expect(await story.call('ask')).toBe('one ask')

    const good = await story.edit(server, [
      `socket.bind(${taken.address().port}, '127.0.0.1')`,
      `socket.bind(${port}, '127.0.0.1')\n socket.on('error', () => {})`,
    ])
    expect(good).toMatchObject({ rung: 're-run' })
    expect(await story.call('ask')).toBe('one ask')
    await story.edit(server, 'export const probe = () => 0')
  })

  test('no datagram is lost, and groups are joined once, while a socket is made anew', async () => {
    const port = await freePort()
    const story = await createStory({ host })
    const server = story.module(`
      import { createSocket } from 'node:dgram'
      const received: number[] = ((globalThis as { received?: number[] }).received ??= [])
      const socket = createSocket('udp4', (message) => { received.push(Number(message)) })
      socket.bind(${port}, '0.0.0.0', () => { socket.addMembership('239.5.5.5', '127.0.0.1') })
      export const probe = () => 1`)
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'received'))
    await story.start(server)
    const client = createSocket('udp4')
    onTestFinished(() => void client.close())
    const received = () => (globalThis as { received?: number[] }).received ?? []
    let sent = 0
    const send = () => new Promise((resolve) => client.send(String((sent += 1)), port, '127.0.0.1', resolve))

    for (let run = 0; run < 10; run += 1) {
      const updated = story.edit(server, (source) => source.replace('socket.bind(', `socket.ref()\n socket.bind(`))
      const update = { isOver: false }
      const over = updated.then(() => (update.isOver = true))
      while (!update.isOver) {
        await send()
        await setImmediate()
      }
      await over
      expect(await updated).toMatchObject({ rung: 're-run' })
    }

    await eventually(() => expect(received()).toHaveLength(sent))
    await story.edit(server, 'export const probe = () => 0')
  })
})

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
