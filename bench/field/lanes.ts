import { type Answer, EditRun, type EditRunOptions } from '../support/edit-run.ts'
import { FieldApp } from './field-app.ts'
import type { Peer } from './peers.ts'
import { start, type Started } from './start.ts'

/** The places that hold a counter: the server, a module beside the edited one, one that imports it, and itself. */
export const PLACES = ['entry', 'aside', 'importer', 'edited'] as const
export type Place = (typeof PLACES)[number]

/** What the app answers. */
export interface FieldAnswer extends Answer {
  readonly state: Readonly<Record<Place, number>>
}

/** A peer whose server runs. */
export interface Lane extends Started {
  readonly peer: Peer
  readonly run: EditRun<FieldAnswer>
}

/** What could not be measured, and why. */
export interface Failure {
  readonly peer: string
  readonly part: string
  readonly message: string
}

/** What a part of the benchmark measured of each peer, and of whom it could not. */
export interface Part<T> {
  readonly results: ReadonlyMap<string, T>
  readonly failures: readonly Failure[]
}

/**
 * Starts all peers, takes each step of all of them in turn, so that noise of the machine falls on all alike, and ends them.
 * A peer that throws takes no further step, and its error is told.
 */
export async function inTurn<P extends { readonly name: string }, L, T>(
  part: string,
  programs: readonly P[],
  job: {
    readonly begin: (program: P) => Promise<L>
    readonly steps: number
    readonly step: (lane: L, step: number) => Promise<void>
    readonly finish: (lane: L) => T | Promise<T>
    readonly end: (lane: L) => Promise<void>
    /** Backwards in odd steps, where what comes before may slow what comes after. */
    readonly alternate?: boolean
  },
): Promise<Part<T>> {
  const lanes = new Map<string, L>()
  const results = new Map<string, T>()
  const failures: Failure[] = []
  const attempt = async (name: string, action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (error) {
      failures.push({ peer: name, part, message: String(error) })
    }
  }
  const isSound = (name: string): boolean => !failures.some(({ peer }) => peer === name)
  try {
    for (const program of programs) {
      await attempt(program.name, async () => void lanes.set(program.name, await job.begin(program)))
    }
    for (let step = 0; step < job.steps; step++) {
      const order = job.alternate && step % 2 === 1 ? [...lanes].toReversed() : [...lanes]
      for (const [name, lane] of order) if (isSound(name)) await attempt(name, () => job.step(lane, step))
    }
    for (const [name, lane] of lanes) {
      if (isSound(name)) await attempt(name, async () => void results.set(name, await job.finish(lane)))
    }
    return { results, failures }
  } finally {
    await Promise.all([...lanes.values()].map((lane) => job.end(lane)))
  }
}

/** Measures one peer after another, or all at the same time where no times are taken. A peer that throws has no result. */
export async function forEach<T>(
  part: string,
  peers: readonly Peer[],
  pace: 'one by one' | 'together',
  measure: (peer: Peer) => Promise<T>,
): Promise<Part<T>> {
  const results = new Map<string, T>()
  const failures: Failure[] = []
  const attempt = async (peer: Peer): Promise<void> => {
    try {
      results.set(peer.name, await measure(peer))
    } catch (error) {
      failures.push({ peer: peer.name, part, message: String(error) })
    }
  }
  if (pace === 'together') await Promise.all(peers.map(attempt))
  else for (const peer of peers) await attempt(peer)
  return { results, failures }
}

/** Starts a peer whose function is edited, or whose value is: then `path` is `/value`. */
export async function startLane(peer: Peer, options: EditRunOptions = {}): Promise<Lane> {
  const place = options.path === '/value' ? 'value' : 'function'
  const { app, server } = await start(peer, new FieldApp(peer, place))
  return { peer, app, server, run: new EditRun<FieldAnswer>(app, server, options) }
}
