import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { report } from './report.ts'

// Each number after a comment with a name is the version of a place: see `places.ts`.

function greet(name: string): number {
  const words: string[] = ['hello', name]
  return words.length - 2 + /* function */ 0
}

class Counter {
  #count = 0

  count(): number {
    this.#count += 1
    return this.#version()
  }

  #version(): number {
    return this.#count > 0 ? /* method */ 0 : -1
  }
}

const counter = new Counter()

const LIMIT: number = /* setting */ 0

const SIZE: number = /* pool */ 0

function createPool(size: number): { readonly size: number; readonly free: readonly object[] } {
  return { size, free: Array.from({ length: 100 }, (_, id) => ({ id, size })) }
}

const pool = createPool(SIZE)

interface Step {
  readonly order: number
  readonly take: (seen: number[]) => void
}

const steps: Step[] = []

function use(order: number, take: Step['take']): void {
  steps.push({ order, take })
}

use(-1, (seen) => seen.push(-1))
use(/* middleware */ 0, (seen) => seen.push(seen.length))

function walk(): number {
  const seen: number[] = []
  for (const step of steps) step.take(seen)
  return seen.length === 2 ? (steps.at(-1)?.order ?? -1) : -1
}

let ticks = 0
const versionOfTicker: number = /* ticker */ 0

setInterval(
  () => {
    ticks += 1
  },
  50 + (versionOfTicker % 50),
)

const events = new EventEmitter()
events.on('ask', (answer: number[]) => answer.push(/* listener */ 0))

function ask(): number {
  const answer: number[] = []
  events.emit('ask', answer)
  return answer.at(-1) ?? -1
}

let hits = 0
const routes = new Map<string, () => unknown>()
routes.set('/memory', report)
routes.set('/', async () => ({
  versions: {
    function: greet('you'),
    method: counter.count(),
    setting: LIMIT,
    pool: pool.size,
    middleware: walk(),
    ticker: ticks < 0 ? -1 : versionOfTicker,
    listener: ask(),
    handler: await Promise.resolve(/* handler */ 0),
    server: server.headersTimeout - 10_000,
  },
  hits: (hits += 1),
  pid: process.pid,
}))

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  response.end(JSON.stringify(await routes.get(pathname)?.()))
})
server.headersTimeout = 10_000 + /* server */ 0

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`listening ${port}`)
  console.log(`listening on http://127.0.0.1:${port}`)
})
