import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from './pool.ts'

const EDITION: number = 0
const pool = new Pool(EDITION)
const routes = new Map<string, () => Promise<unknown>>()
let isReady = false

/** All of one answer is read at one moment. */
function read(): unknown {
  return [[EDITION, pool.query()]]
}

async function main(): Promise<void> {
  routes.set('/', async () => read())
  routes.set('/slow', async () => {
    pool.query()
    await new Promise((resolve) => setTimeout(resolve, 30))
    return read()
  })
  await pool.connect()
  const server = http.createServer((request, response) => {
    const answer = routes.get(request.url ?? '')
    if (!isReady || !answer) return void response.writeHead(503).end('not ready')
    answer().then(
      (value) => response.end(JSON.stringify(value)),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens, and still is not ready.
  await pool.connect()
  isReady = true
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

await main()
