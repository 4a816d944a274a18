import { applyLoad, type Load } from '../support/request-load.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { median } from '../support/statistics.ts'
import { inTurn, type Part } from './lanes.ts'
import type { Program } from './peers.ts'
import { start } from './start.ts'

const WARM_UP_SECONDS = 1
const ROUND_SECONDS = 1

/** Asks servers that nobody edits, in turn, as fast as they answer. Medians of all rounds. */
export function measureSteady(programs: readonly Program[], rounds: number): Promise<Part<Load>> {
  return inTurn('steady state', programs, {
    begin: async (program) => {
      const { server } = await start(program)
      await load(server, WARM_UP_SECONDS)
      return { server, loads: [] as Load[] }
    },
    steps: rounds,
    alternate: true,
    step: async ({ server, loads }) => void loads.push(await load(server, ROUND_SECONDS)),
    finish: ({ loads }) => ({
      rate: median(loads.map(({ rate }) => rate)),
      cpu: median(loads.map(({ cpu }) => cpu)),
    }),
    end: ({ server }) => server.stop(),
  })
}

function load(server: ServerProcess, seconds: number): Promise<Load> {
  return applyLoad(server, '/steady', seconds, readCpu)
}

/** Microseconds of processor time the server has used. */
async function readCpu(origin: string): Promise<number> {
  const response = await fetch(`${origin}/cpu`)
  const { cpu } = (await response.json()) as { readonly cpu: number }
  return cpu
}
