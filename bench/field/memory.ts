import { readdirSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { EditRun } from '../support/edit-run.ts'
import { getJson } from '../support/get-json.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { type FieldAnswer, forEach, type Part, startLane } from './lanes.ts'
import type { Peer } from './peers.ts'

/** The first edits warm the process up, and do not count. */
const WARM_UP_EDITS = 20

/** Between two edits of a server. Longer than the 50 ms in which Vite's watcher drops a second change of a file. */
const QUIET_MS = 60

/** Between two requests: all peers are asked at once, and no time is taken. */
const PACE_MS = 15

const COLLECT_LIMIT_MS = 10_000

/** A peer that has not answered so many edits in a row answers none any more, and each would be waited for. */
const MOST_MISSED = 10

export interface Memory {
  readonly edits: number
  readonly missed: number
  /** Megabytes of all processes of the peer, after the last edit. Undefined where the system does not tell. */
  readonly megabytes: number | undefined
  /** Bytes by which an edit made the heap of the server's process grow; of those that have had one process. */
  readonly growth: number | undefined
}

interface Heap {
  readonly heapUsed: number
  readonly pid: number
}

/** Edits all peers at the same time, each as often as `editsOf` says, and looks at what they hold. */
export function measureMemory(peers: readonly Peer[], editsOf: (peer: Peer) => number): Promise<Part<Memory>> {
  return forEach('memory', peers, 'together', async (peer) => {
    const edits = editsOf(peer)
    const { run, server } = await startLane(peer, { paceMs: PACE_MS })
    try {
      await editOften(run, Math.min(WARM_UP_EDITS, edits))
      const warm = await readHeap(server)
      run.forget()
      await editOften(run, edits)
      const last = await readHeap(server)
      return {
        edits: run.edits.length,
        missed: run.edits.filter(({ kind }) => kind === 'missed').length,
        megabytes: readGroupMegabytes(server.group),
        growth: warm.pid === last.pid ? (last.heapUsed - warm.heapUsed) / run.edits.length : undefined,
      }
    } finally {
      await run.close()
    }
  })
}

async function editOften(run: EditRun<FieldAnswer>, edits: number): Promise<void> {
  let missed = 0
  for (let edit = 0; edit < edits && missed < MOST_MISSED; edit++) {
    const { kind } = await run.edit()
    missed = kind === 'missed' ? missed + 1 : 0
    await pause(QUIET_MS)
  }
}

/** What the server's process holds, after a forced collection. */
async function readHeap({ port }: ServerProcess): Promise<Heap> {
  const agent = new Agent()
  try {
    return await getJson<Heap>(port, '/heap', agent, COLLECT_LIMIT_MS)
  } finally {
    agent.destroy()
  }
}

/** What a process group holds, each shared page divided among those who share it. Undefined where there is no `/proc`. */
export function readGroupMegabytes(group: number): number | undefined {
  let kilobytes = 0
  for (const pid of listProcesses()) {
    try {
      // After the name in parentheses: state, parent, group.
      const [, , processGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      if (Number(processGroup) !== group) continue
      kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return kilobytes === 0 ? undefined : kilobytes / 1024
}

function listProcesses(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
