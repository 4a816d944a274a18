// Runs an entry in Vite's module runner in a worker thread, and says when it is watched: `node worker-runner.mjs server.ts`.
// All that the plugin and the runtime say to each other goes over the worker's port.
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createServer, DevEnvironment } from 'vite'
import { createNodeImportMeta, ESModulesEvaluator, ModuleRunner } from 'vite/module-runner'

if (isMainThread) await serve(path.resolve(process.argv[2]))
else await run(workerData.entry)

/** @param {string} entry */
async function serve(entry) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { entry } })
  const server = await createServer({
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
    environments: {
      worker: {
        consumer: 'server',
        dev: {
          createEnvironment: (name, config) =>
            new DevEnvironment(name, config, { hot: true, transport: toChannel(worker) }),
        },
      },
    },
  })
  worker.postMessage('ready', [])
  while (!server.watcher.getWatched()[path.dirname(entry)]?.includes(path.basename(entry))) await setTimeout(20)
  console.log('[debug] watcher is ready')
}

/**
 * @param {Worker} worker
 * @returns {import('vite').HotChannel}
 */
function toChannel(worker) {
  const client = { send: (/** @type {unknown} */ payload) => worker.postMessage(payload, []) }
  /** @type {Map<Function, (payload: { type: string, event: string, data: unknown }) => void>} */
  const listeners = new Map()
  return {
    send: client.send,
    on(/** @type {string} */ event, /** @type {Function} */ handler) {
      const listener = (/** @type {{ type: string, event: string, data: unknown }} */ payload) => {
        if (payload.type === 'custom' && payload.event === event) handler(payload.data, client)
      }
      listeners.set(handler, listener)
      worker.on('message', listener)
    },
    off: (_event, handler) => void worker.off('message', listeners.get(handler) ?? (() => undefined)),
  }
}

/** @param {string} entry */
async function run(entry) {
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)
  await new Promise((resolve) => port.once('message', resolve))
  const runner = new ModuleRunner(
    {
      transport: {
        connect: ({ onMessage }) => void port.on('message', onMessage),
        send: async (payload) => port.postMessage(payload),
      },
      createImportMeta: createNodeImportMeta,
    },
    new ESModulesEvaluator(),
  )
  await runner.import(entry)
}
