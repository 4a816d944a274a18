import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { Worker } from 'node:worker_threads'

/** A kind of resource that start-up makes, as the stories about ownership need it. */
export interface OwnedKind {
  readonly name: string
  readonly imports: string
  /**
   * Body of `make(tag: string)`: makes one, and returns how to have it say its tag, and how to end it. `process.env.WATCHED` is the path of a
   * file, `process.env.PORT` a free port.
   */
  readonly make: string
  /** How many there are in this process. */
  count(): number
}

const workers: Worker[] = []
const children: ChildProcess[] = []
subscribe('worker_threads', (message) => workers.push((message as { readonly worker: Worker }).worker))
subscribe('child_process', (message) => children.push((message as { readonly process: ChildProcess }).process))

const active = (type: string) => process.getActiveResourcesInfo().filter((name) => name === type).length

/** Writes again until somebody has noticed: a watcher takes a moment before it sees the first change. */
const WRITE_UNTIL_NOTICED = `
  const noticing: ((tag: string) => void)[] = []
  const notice = () => { for (const resolve of noticing.splice(0)) resolve(tag) }
  const ask = async () => {
    const noticed = new Promise((resolve) => { noticing.push(resolve) })
    const timer = setInterval(() => appendFileSync(process.env.WATCHED!, '.'), 10)
    try { return await noticed } finally { clearInterval(timer) }
  }`

export const OWNED_KINDS: readonly OwnedKind[] = [
  {
    name: 'worker thread',
    imports: `import { Worker } from 'node:worker_threads'`,
    make: `
      const worker = new Worker(\`const { parentPort } = require('node:worker_threads')
        parentPort.on('message', () => parentPort.postMessage('\${tag}'))\`, { eval: true })
      worker.on('exit', () => heardOfEnd.push(tag))
      return { ask: async () => { worker.postMessage('ask'); return (await once(worker, 'message'))[0] }, end: () => worker.terminate() }`,
    // Vite's module runner registers hooks, for which Node has a thread of its own.
    count: () => workers.filter(({ threadId, constructor }) => threadId !== -1 && constructor === Worker).length,
  },
  {
    name: 'child process',
    imports: `import { spawn } from 'node:child_process'`,
    make: `
      const child = spawn(process.execPath, ['-e', \`process.stdin.on('data', () => process.stdout.write('\${tag}'))\`])
      child.on('exit', () => heardOfEnd.push(tag))
      return { ask: async () => { child.stdin.write('ask'); return String((await once(child.stdout, 'data'))[0]) }, end: () => child.kill() }`,
    count: () => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length,
  },
  {
    name: 'fs.watch',
    imports: `import { appendFileSync, watch } from 'node:fs'`,
    make: `${WRITE_UNTIL_NOTICED}
      const watcher = watch(process.env.WATCHED!, notice)
      return { ask, end: () => watcher.close() }`,
    count: () => active('FSEventWrap'),
  },
  {
    name: 'fs.watchFile',
    imports: `import { appendFileSync, unwatchFile, watchFile } from 'node:fs'`,
    make: `${WRITE_UNTIL_NOTICED}
      watchFile(process.env.WATCHED!, { interval: 10 }, notice)
      return { ask, end: () => unwatchFile(process.env.WATCHED!, notice) }`,
    count() {
      if (active('StatWatcher') === 0) return 0
      const ours = (): void => {}
      const path = process.env.WATCHED ?? ''
      const all = fs.watchFile(path, ours).listenerCount('change')
      fs.unwatchFile(path, ours)
      return all - 1
    },
  },
  {
    name: 'watch of fs/promises',
    imports: `import { appendFileSync } from 'node:fs'\n import { watch } from 'node:fs/promises'`,
    make: `${WRITE_UNTIL_NOTICED}
      const controller = new AbortController()
      const { signal } = controller
      const loop = async () => { for await (const _ of watch(process.env.WATCHED!, { signal })) notice(); heardOfEnd.push(tag) }
      loop().catch((error) => heardOfEnd.push(error.message))
      return { ask, end: () => controller.abort() }`,
    count: () => active('FSEventWrap'),
  },
  {
    name: 'datagram socket',
    imports: `import { createSocket } from 'node:dgram'`,
    make: `
      const socket = createSocket('udp4', (_, { port }) => { socket.send(tag, port) })
      socket.bind(tag === 'request' ? 0 : Number(process.env.PORT), '127.0.0.1')
      const bound = once(socket, 'listening')
      const ask = async () => {
        await bound
        const client = createSocket('udp4')
        client.send('ask', Number(process.env.PORT), '127.0.0.1')
        try { return String((await once(client, 'message'))[0]) } finally { client.close() }
      }
      return { ask, end: () => socket.close() }`,
    count: () => active('UDPWrap'),
  },
]
