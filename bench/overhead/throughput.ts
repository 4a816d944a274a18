import { join } from 'node:path'
import autocannon from 'autocannon'
import { VITE_NODE } from '../support/commands.ts'
import { ServerProcess } from '../support/server-process.ts'

const APPS = join(import.meta.dirname, 'apps')
const CONNECTIONS = 10
const WARM_UP_SECONDS = 2
const START_LIMIT_MS = 60_000

/** `plain` runs twice: how far its two processes lie apart is the noise in which the third has to be read. */
export const VARIANTS = ['plain', 'plain again', 'hotNode()'] as const
export type Variant = (typeof VARIANTS)[number]

export interface Load {
  /** Requests per second. What else the machine does shows here. */
  readonly rate: number
  /** Microseconds of processor time of the server per request. What else the machine does hardly shows here. */
  readonly cpu: number
}

/** One load of each variant. */
export type Round = Readonly<Record<Variant, Load>>

/** Starts one app in every variant, then asks them in turn: forwards in even rounds, backwards in odd ones. */
export async function measureThroughput(
  app: 'http' | 'hono',
  rounds: number,
  seconds: number,
): Promise<readonly Round[]> {
  const servers = new Map<Variant, ServerProcess>()
  try {
    for (const variant of VARIANTS) servers.set(variant, await start(app, variant))
    for (const server of servers.values()) await load(server, WARM_UP_SECONDS)
    const measured: Round[] = []
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? [...servers] : [...servers].toReversed()
      const loads = new Map<Variant, Load>()
      for (const [variant, server] of order) loads.set(variant, await load(server, seconds))
      measured.push(Object.fromEntries(loads) as Round)
    }
    return measured
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }
}

function start(app: string, variant: Variant): Promise<ServerProcess> {
  const config = variant === 'hotNode()' ? 'hot-node.config.ts' : 'plain.config.ts'
  const args = [VITE_NODE, '--config', config, '--watch', `${app}.ts`]
  return ServerProcess.start({ args, cwd: APPS, startLimitMs: START_LIMIT_MS })
}

/** Throws if a request failed: a fast error is no result. */
async function load(server: ServerProcess, seconds: number): Promise<Load> {
  const origin = `http://127.0.0.1:${server.port}`
  const before = await readCpu(origin)
  const result = await autocannon({ url: `${origin}/items/42`, connections: CONNECTIONS, duration: seconds })
  const used = (await readCpu(origin)) - before
  const { requests, duration, errors, non2xx } = result
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed and ${non2xx} were refused:\n${server.output}`)
  return { rate: requests.total / duration, cpu: used / requests.total }
}

/** Microseconds of processor time the server has used. */
async function readCpu(origin: string): Promise<number> {
  const response = await fetch(`${origin}/cpu`)
  const { user, system } = (await response.json()) as NodeJS.CpuUsage
  return user + system
}
