import autocannon from 'autocannon'
import type { ServerProcess } from './server-process.ts'

const CONNECTIONS = 10

export interface Load {
  /** Requests per second. What else the machine does shows here. */
  readonly rate: number
  /** Microseconds of processor time of the server per request. What else the machine does hardly shows here. */
  readonly cpu: number
}

/**
 * Asks a server as fast as it answers. `readCpu` tells the microseconds of processor time it has used. Throws if a request
 * failed: a fast error is no result.
 */
export async function applyLoad(
  server: ServerProcess,
  path: string,
  seconds: number,
  readCpu: (origin: string) => Promise<number>,
): Promise<Load> {
  const origin = `http://127.0.0.1:${server.port}`
  const before = await readCpu(origin)
  const result = await autocannon({ url: `${origin}${path}`, connections: CONNECTIONS, duration: seconds })
  const used = (await readCpu(origin)) - before
  const { requests, duration, errors, non2xx } = result
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed and ${non2xx} were refused:\n${server.output}`)
  return { rate: requests.total / duration, cpu: used / requests.total }
}
