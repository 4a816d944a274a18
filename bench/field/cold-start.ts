import { Agent } from 'node:http'
import { getJson } from '../support/get-json.ts'
import { median } from '../support/statistics.ts'
import { FieldApp } from './field-app.ts'
import { inTurn, type Part } from './lanes.ts'
import type { Program } from './peers.ts'
import { start } from './start.ts'

/** Milliseconds from the start of the command to the first answer, the median of all rounds. */
export function measureColdStart(programs: readonly Program[], rounds: number): Promise<Part<number>> {
  return inTurn('cold start', programs, {
    begin: async (program) => ({ program, app: new FieldApp(program), times: [] as number[] }),
    steps: rounds,
    step: async ({ program, app, times }) => {
      const begun = performance.now()
      const { server } = await start(program, app)
      const agent = new Agent()
      try {
        await getJson(server.port, '/', agent)
        times.push(performance.now() - begun)
      } finally {
        agent.destroy()
        await server.stop()
      }
    },
    finish: ({ times }) => median(times),
    end: async () => {},
  })
}
