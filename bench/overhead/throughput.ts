import { join } from 'node:path'
import { VITE_NODE } from '../support/commands.ts'
import { applyLoad, type Load } from '../support/request-load.ts'
import { ServerProcess } from '../support/server-process.ts'

const APPS = join(import.meta.dirname, 'apps')
const PATH = '/items/42'
const WARM_UP_SECONDS = 2
const START_LIMIT_MS = 60_000

/** `plain` runs twice: how far its two processes lie apart is the noise in which the third has to be read. */
export const VARIANTS = ['plain', 'plain again', 'hotNode()'] as const
export type Variant = (typeof VARIANTS)[number]

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
    for (const server of servers.values()) await applyLoad(server, PATH, WARM_UP_SECONDS, readCpu)
    const measured: Round[] = []
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? [...servers] : [...servers].toReversed()
      const loads = new Map<Variant, Load>()
      for (const [variant, server] of order) loads.set(variant, await applyLoad(server, PATH, seconds, readCpu))
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

/** Microseconds of processor time the server has used. */
async function readCpu(origin: string): Promise<number> {
  const response = await fetch(`${origin}/cpu`)
  const { user, system } = (await response.json()) as NodeJS.CpuUsage
  return user + system
}
