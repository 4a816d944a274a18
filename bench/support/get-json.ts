import { type Agent, get } from 'node:http'

const LIMIT_MS = 2_000

/** One request. Rejects when the connection is refused or breaks, as it does while a server restarts, and for an error. */
export function getJson<T>(port: number, path: string, agent: Agent, limitMs: number = LIMIT_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent, timeout: limitMs }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body) as T)
        else reject(new Error(`${path} was answered with ${response.statusCode}: ${body}`))
      })
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('the request timed out')))
    request.on('error', reject)
  })
}
