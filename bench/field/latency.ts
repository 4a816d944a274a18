import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '../support/statistics.ts'
import { Connections, type Survivors } from './connections.ts'
import { type FieldAnswer, inTurn, type Part, type Place, PLACES, startLane } from './lanes.ts'
import type { Edit } from '../support/edit-run.ts'
import type { Peer } from './peers.ts'

const WARM_UP_EDITS = 3

/** Between two edits of a server. Longer than the 50 ms in which Vite's watcher drops a second change of a file. */
const QUIET_MS = 100

export interface Latency {
  readonly edits: number
  /** Edits that were not answered in time. */
  readonly missed: number
  /** Milliseconds from the end of the write to the first answer with the new code, of those that were. */
  readonly p50: number
  readonly p95: number
  /** Answered edits that kept the process, the connection and the stream. */
  readonly process: number
  readonly keptAlive: number
  readonly stream: number
  /** The places whose counter every answered edit kept. */
  readonly state: readonly Place[]
}

type Outcome = Edit<FieldAnswer> & Survivors
type Answered = Extract<Edit<FieldAnswer>, { readonly kind: 'answered' }>

/** Edits all peers in turn, with nothing else to do for them. */
export function measureLatency(peers: readonly Peer[], edits: number): Promise<Part<Latency>> {
  return inTurn('edits', peers, {
    begin: async (peer) => {
      const lane = await startLane(peer)
      return { ...lane, connections: new Connections(lane.server.port), outcomes: [] as Outcome[] }
    },
    steps: WARM_UP_EDITS + edits,
    step: async ({ run, connections, outcomes }, step) => {
      await pause(QUIET_MS)
      await connections.open()
      const edit = await run.edit()
      if (step >= WARM_UP_EDITS) outcomes.push({ ...edit, ...(await connections.look()) })
    },
    finish: ({ outcomes }) => summarize(outcomes),
    end: ({ run, connections }) => {
      connections.close()
      return run.close()
    },
  })
}

export function summarize(outcomes: readonly Outcome[]): Latency {
  const answered = outcomes.filter((outcome) => outcome.kind === 'answered')
  const times = answered.map(({ ms }) => ms)
  return {
    edits: outcomes.length,
    missed: outcomes.length - answered.length,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    process: answered.filter(hasKeptProcess).length,
    keptAlive: answered.filter(({ keptAlive }) => keptAlive).length,
    stream: answered.filter(({ stream }) => stream).length,
    state: toKeptPlaces(outcomes),
  }
}

/** The places whose counter has gone on in every edit, in one process. */
export function toKeptPlaces(edits: readonly Edit<FieldAnswer>[]): readonly Place[] {
  const isKept = (place: Place): boolean =>
    edits.every(
      (edit) =>
        edit.kind === 'answered' && hasKeptProcess(edit) && edit.answer.state[place] > (edit.before?.state[place] ?? 0),
    )
  return PLACES.filter(isKept)
}

function hasKeptProcess({ before, answer }: Answered): boolean {
  return before?.pid === answer.pid
}
