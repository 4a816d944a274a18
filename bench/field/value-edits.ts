import { setTimeout as pause } from 'node:timers/promises'
import { forEach, type Part, type Place, startLane } from './lanes.ts'
import { toKeptPlaces } from './latency.ts'
import type { Peer } from './peers.ts'

const EDITS = 3

/** Between two edits of a server. Longer than the 50 ms in which Vite's watcher drops a second change of a file. */
const QUIET_MS = 100

export interface ValueEdits {
  readonly edits: number
  readonly answered: number
  /** The places whose counter every edit kept. */
  readonly state: readonly Place[]
}

/** Edits a value that another module has read while it started: to show it, that module's value has to be made again. */
export function measureValueEdits(peers: readonly Peer[]): Promise<Part<ValueEdits>> {
  return forEach('value edits', peers, 'one by one', async (peer) => {
    const { run } = await startLane(peer, { path: '/value' })
    try {
      for (let edit = 0; edit < EDITS; edit++) {
        await pause(QUIET_MS)
        await run.edit()
      }
      const answered = run.edits.filter(({ kind }) => kind === 'answered')
      return { edits: EDITS, answered: answered.length, state: toKeptPlaces(run.edits) }
    } finally {
      await run.close()
    }
  })
}
