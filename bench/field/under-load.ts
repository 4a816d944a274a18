import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { getJson } from '../support/get-json.ts'
import { forEach, type Part, startLane } from './lanes.ts'
import type { Peer } from './peers.ts'

/** Clients, each of which asks, waits for the answer and for this long, and asks again. */
const CLIENTS = 8
const PACE_MS = 10

/** Between two edits, and before the first and after the last. */
const QUIET_MS = 150

export interface UnderLoad {
  readonly edits: number
  readonly missed: number
  readonly requests: number
  /** Refused, broken off, or not answered within two seconds. */
  readonly failed: number
}

/** Edits one peer after another while clients ask it. */
export function measureUnderLoad(peers: readonly Peer[], edits: number): Promise<Part<UnderLoad>> {
  return forEach('under load', peers, 'one by one', (peer) => editUnderLoad(peer, edits))
}

async function editUnderLoad(peer: Peer, edits: number): Promise<UnderLoad> {
  const { run, server } = await startLane(peer)
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const over = new AbortController()
  let requests = 0
  let failed = 0
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) {
      requests += 1
      await getJson(server.port, '/load', agent).catch(() => (failed += 1))
      await pause(PACE_MS)
    }
  }
  try {
    const clients = Array.from({ length: CLIENTS }, client)
    await pause(QUIET_MS)
    for (let edit = 0; edit < edits; edit++) {
      await run.edit()
      await pause(QUIET_MS)
    }
    over.abort()
    await Promise.all(clients)
    return { edits, missed: run.edits.filter(({ kind }) => kind === 'missed').length, requests, failed }
  } finally {
    over.abort()
    agent.destroy()
    await run.close()
  }
}
