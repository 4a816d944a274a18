import { type Agent, get } from 'node:http'

const REQUEST_LIMIT_MS = 2_000

/** What a generated server answers. */
export interface Answer {
  readonly text: string
  readonly pid: number
  /** Requests its entry module has counted: starts at one again where state is lost. */
  readonly hits: number
  /** Milliseconds since the epoch at which Vite told its plugins of the write. Of the floor only. */
  readonly noticedAt?: number
  /** How long `transformRequest` took. Of the floor only. */
  readonly transformMs?: number
}

/** One request. Rejects when the connection is refused or breaks, as it does while a server restarts. */
export function ask(port: number, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent, timeout: REQUEST_LIMIT_MS }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve(JSON.parse(body) as Answer))
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('the request timed out')))
    request.on('error', reject)
  })
}
