import { setTimeout as pause } from 'node:timers/promises'
import type { Lane } from './apps.ts'

const WARM_UP_EDITS = 20

/** Between two edits. Longer than the 50 ms in which Vite's watcher drops a second change of a file. */
const QUIET_MS = 120

/** One edit: milliseconds by part, from the beginning of the write. */
export interface Sample {
  readonly notice: number
  readonly spans: Readonly<Record<string, number>>
  readonly total: number
  /** Processor time between the edit before and this one. */
  readonly processor: number
}

/** Edits every lane in turn, so that noise of the machine falls on all alike. Throws for an edit that went wrong. */
export async function run(lanes: readonly Lane[], edits: number): Promise<readonly (readonly Sample[])[]> {
  const samples: Sample[][] = lanes.map(() => [])
  const used = lanes.map(() => 0)
  for (let version = 1; version <= WARM_UP_EDITS + edits; version++)
    for (const [index, { app, process }] of lanes.entries()) {
      await pause(QUIET_MS)
      let began = 0
      const { startedAt, spans, total, processor, says } = await process.edit(() => {
        began = performance.timeOrigin + performance.now()
        app.edit(version)
      })
      if (says !== `version ${version}`) throw new Error(`After edit ${version} it says "${says}".`)
      const notice = startedAt - began
      const sample = { notice, spans, total: notice + total, processor: processor - (used[index] ?? 0) }
      used[index] = processor
      if (version > WARM_UP_EDITS) samples[index]?.push(sample)
    }
  return samples
}
