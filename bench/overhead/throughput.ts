import { join } from 'node:path'
import autocannon from 'autocannon'
import { VITE_NODE } from '../support/commands.ts'
import { ServerProcess } from '../support/server-process.ts'

const APPS = join(import.meta.dirname, 'apps')
const CONNECTIONS = 10
const WARM_UP_SECONDS = 1
const START_LIMIT_MS = 60_000

/** `plain` runs twice: how far its two processes lie apart is the noise in which the third has to be read. */
export const VARIANTS = ['plain', 'plain again', 'hotNode()'] as const
export type Variant = (typeof VARIANTS)[number]

/** Requests per second of each variant in one round. */
export type Round = Readonly<Record<Variant, number>>

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
      const rates = new Map<Variant, number>()
      for (const [variant, server] of order) rates.set(variant, await load(server, seconds))
      measured.push(Object.fromEntries(rates) as Round)
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

/** Requests per second. Throws if one of them failed: a fast error is no result. */
async function load(server: ServerProcess, seconds: number): Promise<number> {
  const url = `http://127.0.0.1:${server.port}/items/42`
  const { requests, duration, errors, non2xx } = await autocannon({ url, connections: CONNECTIONS, duration: seconds })
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed and ${non2xx} were refused:\n${server.output}`)
  return requests.total / duration
}
