import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load } from '../support/request-load.ts'
import type { Failure } from './lanes.ts'
import type { Latency } from './latency.ts'
import type { Memory } from './memory.ts'
import type { Engine } from './peers.ts'
import type { UnderLoad } from './under-load.ts'
import type { ValueEdits } from './value-edits.ts'

/** What one run measured of one peer. What is missing is among the failures of the record. */
export interface PeerRecord {
  readonly name: string
  readonly label: string
  readonly version: string
  readonly engine: Engine
  /** Lines that its user writes into the server. */
  readonly hmrLines: number
  readonly latency?: Latency
  readonly valueEdits?: ValueEdits
  readonly underLoad?: UnderLoad
  readonly memory?: Memory
  readonly steady?: Load
  readonly coldStart?: number
}

/** A plain server, which nothing watches. */
export interface PlainRecord {
  readonly name: Engine
  readonly steady?: Load
  readonly coldStart?: number
}

/** One run: all that its tables and its chart are made of. */
export interface FieldRecord {
  readonly command: string
  readonly machine: string
  readonly peers: readonly PeerRecord[]
  readonly plain: readonly PlainRecord[]
  readonly failures: readonly Failure[]
}

const FILE = join(import.meta.dirname, 'record.json')

/** The run that the README shows. */
export function readRecord(): FieldRecord {
  return JSON.parse(readFileSync(FILE, 'utf8')) as FieldRecord
}

export function writeRecord(record: FieldRecord): void {
  writeFileSync(FILE, `${JSON.stringify(record, undefined, 2)}\n`)
}
