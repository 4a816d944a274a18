import http from 'node:http'
import { DEADLINE_MS } from './eventually.ts'

export interface TrafficReport {
  readonly answered: number
  /** One line for each request that was refused, cut off or answered with anything but 200. */
  readonly failures: readonly string[]
}

/**
 * Sends one request after the other, on two lanes: a new connection for each, and a single connection kept alive.
 * Returns the function that stops it and reports.
 */
export function sendTraffic(url: string): () => Promise<TrafficReport> {
  const failures: string[] = []
  const keptAlive = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const stopping = new AbortController()
  let answered = 0

  const lane = async (name: string, agent: http.Agent | false): Promise<void> => {
    for (let number = 1; !stopping.signal.aborted; number += 1) {
      try {
        const status = await getStatus(url, agent)
        if (status === 200) answered += 1
        else failures.push(`request ${number}, ${name}: ${status}`)
      } catch (error) {
        failures.push(`request ${number}, ${name}: ${String(error)}`)
      }
    }
  }
  const lanes = Promise.all([lane('new connection', false), lane('kept alive', keptAlive)])

  return async () => {
    stopping.abort()
    await lanes
    keptAlive.destroy()
    return { answered, failures }
  }
}

/** With `node:http`, because `fetch` chooses its connections itself and may quietly try again. */
function getStatus(url: string, agent: http.Agent | false): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, timeout: DEADLINE_MS }, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => resolve(response.statusCode))
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', reject)
  })
}
