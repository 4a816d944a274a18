import { setTimeout as pause } from 'node:timers/promises'
import { type Edit, EditRun } from '../support/edit-run.ts'
import { ServerProcess } from '../support/server-process.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { App, type AppSize } from './app.ts'
import type { LaneAnswer } from './answer.ts'
import { type Contender, toArguments } from './contenders.ts'

const WARM_UP_EDITS = 3
const START_LIMIT_MS = 180_000

/** Between two edits. Longer than the 50 ms in which Vite's watcher drops a second change of a file. */
const QUIET_MS = 120

/** One contender in one app. */
export interface Lane {
  readonly contender: Contender
  readonly size: AppSize
}

export interface LaneResult extends Lane {
  readonly startMs: number
  readonly edits: readonly Edit<LaneAnswer>[]
}

/** Starts every lane, then edits them in turn, one edit each, so that noise of the machine falls on all alike. */
export async function race(lanes: readonly Lane[], edits: number): Promise<readonly LaneResult[]> {
  const started: { lane: Lane; run: EditRun<LaneAnswer>; startMs: number }[] = []
  try {
    for (const lane of lanes) started.push(await start(lane))
    for (let round = -WARM_UP_EDITS; round < edits; round++) {
      if (round === 0) for (const { run } of started) run.forget()
      for (const { run } of started) {
        await pause(QUIET_MS)
        await run.edit()
      }
    }
    return started.map(({ lane, run, startMs }) => ({ ...lane, startMs, edits: run.edits }))
  } finally {
    await Promise.all(started.map(({ run }) => run.close()))
  }
}

async function start(lane: Lane): Promise<{ lane: Lane; run: EditRun<LaneAnswer>; startMs: number }> {
  const { contender, size } = lane
  const app = App.create(createTempFolder(`${contender.name}-${size.modules}`), contender.shape, size)
  const begun = performance.now()
  const launch = { args: toArguments(app.entry), cwd: app.folder, startLimitMs: START_LIMIT_MS }
  const server = await ServerProcess.start(launch)
  return { lane, run: new EditRun(app, server), startMs: performance.now() - begun }
}
