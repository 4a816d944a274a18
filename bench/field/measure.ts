import type { Load } from '../support/request-load.ts'
import { describeMachine } from '../support/machine.ts'
import { measureColdStart } from './cold-start.ts'
import { countHmrLines } from './field-app.ts'
import type { Part } from './lanes.ts'
import { type Latency, measureLatency } from './latency.ts'
import { type Memory, measureMemory } from './memory.ts'
import type { Options } from './options.ts'
import { type Engine, type Peer, peers, plainPrograms } from './peers.ts'
import type { FieldRecord } from './record.ts'
import { measureSteady } from './steady.ts'
import { measureUnderLoad, type UnderLoad } from './under-load.ts'
import { measureValueEdits, type ValueEdits } from './value-edits.ts'

const EDITS_UNDER_LOAD = 10

/** Edits after which memory is measured, of a peer that begins a new process with each. */
const RESTARTS = 10

/** What the parts that have run have measured. */
interface Parts {
  coldStart?: Part<number>
  latency?: Part<Latency>
  valueEdits?: Part<ValueEdits>
  underLoad?: Part<UnderLoad>
  memory?: Part<Memory>
  steady?: Part<Load>
}

/** Runs every part, one after the other, and gives the record so far after each. Says on standard error where it is. */
export async function* measure(options: Options): AsyncGenerator<FieldRecord> {
  const chosen = peers.filter(({ name }) => options.only.includes(name))
  const programs = [...chosen, ...toEngines(chosen).map((engine) => plainPrograms[engine])]
  const machine = describeMachine()
  const parts: Parts = {}
  const record = (): FieldRecord => ({ command: toCommand(options), machine, ...toResults(chosen, parts) })
  const keepsProcess = ({ name }: Peer): boolean => (parts.latency?.results.get(name)?.process ?? 0) > 0
  const toEdits = (peer: Peer): number => (keepsProcess(peer) ? options.memoryEdits : RESTARTS)

  parts.coldStart = await tell('cold start', measureColdStart(programs, options.rounds))
  yield record()
  parts.latency = await tell('edits', measureLatency(chosen, options.edits))
  yield record()
  parts.valueEdits = await tell('edits of a value', measureValueEdits(chosen))
  yield record()
  parts.underLoad = await tell('edits under load', measureUnderLoad(chosen, EDITS_UNDER_LOAD))
  yield record()
  parts.steady = await tell('steady state', measureSteady(programs, options.rounds))
  yield record()
  parts.memory = await tell('memory', measureMemory(chosen, toEdits))
  yield record()
}

function toResults(chosen: readonly Peer[], parts: Parts): Pick<FieldRecord, 'peers' | 'plain' | 'failures'> {
  return {
    peers: chosen.map((peer) => ({
      name: peer.name,
      label: peer.label,
      version: peer.version(),
      engine: peer.engine,
      hmrLines: countHmrLines(peer),
      ...pick('latency', parts.latency, peer.name),
      ...pick('valueEdits', parts.valueEdits, peer.name),
      ...pick('underLoad', parts.underLoad, peer.name),
      ...pick('memory', parts.memory, peer.name),
      ...pick('steady', parts.steady, peer.name),
      ...pick('coldStart', parts.coldStart, peer.name),
    })),
    plain: toEngines(chosen).map((name) => ({
      name,
      ...pick('steady', parts.steady, name),
      ...pick('coldStart', parts.coldStart, name),
    })),
    failures: Object.values(parts).flatMap(({ failures }: Part<unknown>) => failures),
  }
}

function toEngines(chosen: readonly Peer[]): readonly Engine[] {
  return [...new Set(chosen.map(({ engine }) => engine))]
}

function pick<K extends string, T>(key: K, part: Part<T> | undefined, name: string): { readonly [key in K]?: T } {
  const result = part?.results.get(name)
  return (result === undefined ? {} : { [key]: result }) as { readonly [key in K]?: T }
}

async function tell<T>(part: string, running: Promise<Part<T>>): Promise<Part<T>> {
  const begun = performance.now()
  const result = await running
  console.error(`${part}: ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  return result
}

function toCommand({ edits, memoryEdits, rounds }: Options): string {
  return `npm run bench:field -- --edits ${edits} --memory-edits ${memoryEdits} --rounds ${rounds}`
}
