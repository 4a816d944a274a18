import http from 'node:http'
import { DEADLINE_MS, pause } from './eventually.ts'

/** Requests that follow each other, each sent when the one before has been answered. */
export interface Lane {
  /** How failures call it. */
  readonly name: string
  /** Asked in turn. */
  readonly paths: readonly string[]
  /** One connection for all requests, or a new one for each. */
  readonly keepsAlive: boolean
}

export interface TrafficOptions {
  readonly lanes?: readonly Lane[]
  /** Milliseconds between an answer and the next request of its lane, so that the server has time for its edits. */
  readonly paceMs?: number
  /** What is wrong with an answer, given those of its lane to the same path so far; nothing if all is well. */
  readonly check?: (path: string, body: string, previous: string | undefined) => string | undefined
}

export interface TrafficReport {
  readonly answered: number
  /** One line for each request that was refused, cut off, or answered with anything but 200 or with a wrong body. */
  readonly failures: readonly string[]
}

/** However long a test may take, a lane ends by itself. */
const MOST_REQUESTS_PER_LANE = 50_000

const TWO_LANES: readonly Lane[] = [
  { name: 'new connections', paths: [''], keepsAlive: false },
  { name: 'kept alive', paths: [''], keepsAlive: true },
]

/**
 * Sends requests on several lanes at once until it is stopped: without options on two, one with a new connection for each
 * request, and one with a single connection. Returns the function that stops it and reports.
 */
export function sendTraffic(
  url: string,
  { lanes = TWO_LANES, paceMs = 0, check }: TrafficOptions = {},
): () => Promise<TrafficReport> {
  const failures: string[] = []
  const stopping = new AbortController()
  const agents: http.Agent[] = []
  let answered = 0

  const run = async ({ name, paths, keepsAlive }: Lane): Promise<void> => {
    const agent = keepsAlive && new http.Agent({ keepAlive: true, maxSockets: 1 })
    if (agent) agents.push(agent)
    const previous = new Map<string, string>()
    for (let number = 0; !stopping.signal.aborted && number < MOST_REQUESTS_PER_LANE; number += 1) {
      const path = paths[number % paths.length] ?? ''
      const id = `${name.replaceAll(' ', '-')}-${number}`
      try {
        const { status, body } = await get(url + path, agent, id)
        const problem = status === 200 ? check?.(path, body, previous.get(path)) : `status ${status}: ${body}`
        if (problem === undefined) answered += 1
        else failures.push(`${id} ${path}: ${problem}`)
        previous.set(path, body)
      } catch (error) {
        failures.push(`${id} ${path}: ${String(error)}`)
      }
      if (paceMs > 0) await pause(paceMs)
    }
  }
  const running = Promise.all(lanes.map(run))

  return async () => {
    stopping.abort()
    await running
    for (const agent of agents) agent.destroy()
    return { answered, failures }
  }
}

/** With `node:http`, because `fetch` chooses its connections itself and may quietly try again. */
function get(
  url: string,
  agent: http.Agent | false,
  id: string,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-request-id': id }
    const request = http.get(url, { agent, headers, timeout: DEADLINE_MS }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', reject)
  })
}
