import { median } from '../support/statistics.ts'
import { countCells } from './cells.ts'
import type { Options } from './options.ts'
import { RunningApp, type Start, type Update } from './running-app.ts'
import { type AppShape, SMALLEST } from './shape.ts'

/** Edits that warm a process up, and do not count. */
const WARM_UP_EDITS = 3

/** Medians of the updates of one kind. */
export type Times = Update

/** What updates took at one size. */
export interface UpdateRow {
  readonly size: number
  readonly patch: Times
  /** Absent where only patches are measured. */
  readonly rerun?: Times
}

/** What an app costs before anybody edits it, with the plugin and without. Medians. */
export interface StartRow {
  readonly size: number
  /** Cells of its modules. */
  readonly cells: number
  readonly plain: Start & { readonly heapUsed: number }
  readonly hot: Start & { readonly heapUsed: number }
  /** The second start with the plugin. */
  readonly again: Start
}

/** Starts apps of each size in turn, with and without the plugin, so that noise of the machine falls on both. */
export async function measureStarts({ sizes, rounds }: Options): Promise<StartRow[]> {
  const rows: StartRow[] = []
  for (const modules of sizes.modules) {
    const plain: StartRow['plain'][] = []
    const hot: StartRow['hot'][] = []
    const again: Start[] = []
    let cells = 0
    const read = async (running: RunningApp): Promise<StartRow['hot']> => ({
      ...(await running.started()),
      heapUsed: (await running.memory()).heapUsed,
    })
    for (let round = 0; round < rounds; round++) {
      await withApp(await RunningApp.start({ ...SMALLEST, modules }, false), async (running) => {
        plain.push(await read(running))
      })
      const first = await RunningApp.start({ ...SMALLEST, modules }, true)
      await withApp(first, async (running) => {
        await running.kept()
        hot.push(await read(running))
        cells ||= [...running.app.sources()].reduce((sum, source) => sum + countCells(source), 0)
        await withApp(await running.again(), async (second) => {
          again.push(await second.started())
        })
      })
    }
    rows.push({ size: modules, cells, plain: medians(plain), hot: medians(hot), again: medians(again) })
  }
  return rows
}

/** Edits a function and a value of one module, in apps of several shapes. */
export async function measureEdits(
  sizes: readonly number[],
  toShape: (size: number) => AppShape,
  { edits }: Options,
): Promise<UpdateRow[]> {
  const rows: UpdateRow[] = []
  for (const size of sizes)
    await withApp(await RunningApp.start(toShape(size), true), async (running) => {
      const patches: Update[] = []
      const reruns: Update[] = []
      for (let edit = -WARM_UP_EDITS; edit < edits; edit++) {
        const patch = await running.update((app) => app.patch(), 'patch')
        const rerun = await running.update((app) => app.rerun(), 're-run')
        if (edit < 0) continue
        patches.push(patch)
        reruns.push(rerun)
      }
      rows.push({ size, patch: medians(patches), rerun: medians(reruns) })
    })
  return rows
}

/** Edits a function in each of several files, saved at once. */
export async function measureFiles({ sizes: { files: sizes }, edits }: Options): Promise<UpdateRow[]> {
  const rows: UpdateRow[] = []
  const modules = Math.max(SMALLEST.modules, ...sizes)
  await withApp(await RunningApp.start({ ...SMALLEST, modules }, true), async (running) => {
    for (const files of sizes) {
      const patches: Update[] = []
      for (let edit = -WARM_UP_EDITS; edit < edits; edit++) {
        const patch = await running.update((app) => app.patchMany(files), 'patch')
        if (edit >= 0) patches.push(patch)
      }
      rows.push({ size: files, patch: medians(patches) })
    }
  })
  return rows
}

async function withApp(running: RunningApp, use: (running: RunningApp) => Promise<void>): Promise<void> {
  try {
    await use(running)
  } finally {
    await running.stop()
  }
}

function medians<T extends object>(samples: readonly T[]): T {
  const [first] = samples
  const keys = Object.keys(first ?? {}) as (keyof T)[]
  return Object.fromEntries(keys.map((key) => [key, median(samples.map((sample) => sample[key] as number))])) as T
}
