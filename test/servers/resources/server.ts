import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bus, live } from './src/live.ts'
import { EDITION } from './src/edition.ts'
import './src/listeners.ts'
import './src/processes.ts'
import './src/sockets.ts'
import './src/timers.ts'
import './src/values.ts'

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** `getActiveResourcesInfo` does not tell of workers. */
function countWorkers(): number {
  const { workers } = process.report.getReport() as { workers: readonly unknown[] }
  return workers.length
}

function listenersOf(emitter: NodeJS.EventEmitter): Record<string, number> {
  return Object.fromEntries(emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]))
}

const server = createServer((_request, response) => {
  response.end(
    JSON.stringify({
      edition: EDITION,
      counts: {
        resources: count(process.getActiveResourcesInfo()),
        process: listenersOf(process),
        bus: listenersOf(bus),
        workers: { running: countWorkers() },
        live,
      },
    }),
  )
})
server.keepAliveTimeout = 5000 + EDITION

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const address = server.address() as AddressInfo
  console.log(`listening on http://127.0.0.1:${address.port}`)
})
