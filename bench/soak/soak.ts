import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { VITE_NODE } from '../support/commands.ts'
import { getJson } from '../support/get-json.ts'
import { ServerProcess } from '../support/server-process.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { App } from './app.ts'
import type { Options } from './options.ts'
import { type Place, PLACES } from './places.ts'

const places = Object.keys(PLACES) as Place[]

const START_LIMIT_MS = 60_000
const UPDATE_LIMIT_MS = 10_000

/** To write a heap snapshot takes long. */
const REQUEST_LIMIT_MS = 60_000

/** Between two requests. Back to back they would take a third of the processor from the server that is measured. */
const PACE_MS = 1

/** The process, after so many updates and a forced collection. */
export interface Look {
  readonly after: number
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
  /** Functions that live, the engine's own included. */
  readonly functions: number
  /** What keeps the process alive, by name, sorted. */
  readonly resources: readonly string[]
}

export interface Latency {
  readonly rung: (typeof PLACES)[Place]
  /** From the end of the write to the first answer with the new version. */
  readonly ms: number
}

export interface Soaked {
  readonly looks: readonly Look[]
  readonly latencies: readonly Latency[]
  readonly failedRequests: number
  readonly samePid: boolean
}

interface Answer {
  readonly versions: Readonly<Record<Place, number>>
  readonly hits: number
  readonly pid: number
}

/** Edits one server again and again. Throws when an update is not answered in time. */
export async function soak({ updates, every, snapshots }: Options): Promise<Soaked> {
  const app = new App(createTempFolder('soak'))
  const server = await ServerProcess.start({
    args: [VITE_NODE, '--watch', 'server.ts'],
    cwd: app.folder,
    startLimitMs: START_LIMIT_MS,
    ...(snapshots !== undefined && { env: { SOAK_SNAPSHOTS: snapshots } }),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let failedRequests = 0
  const ask = async <T>(path: string): Promise<T | undefined> => {
    try {
      return await getJson<T>(server.port, path, agent, REQUEST_LIMIT_MS)
    } catch {
      failedRequests += 1
      return undefined
    }
  }
  const look = async (after: number): Promise<Look> => ({
    after,
    ...(await getJson<Omit<Look, 'after'>>(server.port, '/memory', agent, REQUEST_LIMIT_MS)),
  })

  try {
    const first = await getJson<Answer>(server.port, '/', agent, REQUEST_LIMIT_MS)
    let last: Answer | undefined = first
    const looks = [await look(0)]
    const latencies: Latency[] = []
    for (let number = 0; number < updates; number++) {
      const place = places[number % places.length] as Place
      const version = Math.floor(number / places.length) + 1
      app.edit(place, version)
      const written = performance.now()
      while ((last = await ask<Answer>('/'))?.versions[place] !== version) {
        if (performance.now() - written > UPDATE_LIMIT_MS)
          throw new Error(`${place} ${version} was not answered. The server printed:\n${server.output}`)
        await pause(PACE_MS)
      }
      latencies.push({ rung: PLACES[place], ms: performance.now() - written })
      if ((number + 1) % every === 0) looks.push(await look(number + 1))
    }
    return { looks, latencies, failedRequests, samePid: last?.pid === first.pid }
  } finally {
    agent.destroy()
    await server.stop()
  }
}
