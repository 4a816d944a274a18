import { reasonOf } from '../errors.ts'
import type { Registry } from '../registry.ts'
import type { Run } from '../resources/run.ts'

/** How many milliseconds the disposal of a resource may hold up an update. */
const LONGEST_DISPOSAL = 1000

/** Disposes of what runs owned that others have followed. Says what did not go well. */
export async function disposeOf(runs: readonly Run[]): Promise<string[]> {
  // What belongs to two of them goes with both.
  for (const run of runs) {
    run.finish()
    for (const cell of run.entered) cell.forget(run)
  }
  const disposals = runs.flatMap((run) => run.end('dispose').map((disposal) => ({ ...disposal, run })))
  const notes = await Promise.all(
    disposals.map(async ({ resource, run, done }) => {
      const outcome = await withinReason(done)
      return outcome === undefined ? [] : [`${run.unit.module.record.label}: its old ${resource.label} ${outcome}`]
    }),
  )
  return notes.flat()
}

/** Disposes of what was kept for code that has left the source. Says what went, and what did not go well. */
export async function releaseKept(registry: Registry): Promise<string[]> {
  const notes = registry.kept.release().map(async ({ key, done }) => {
    const outcome = done && (await withinReason(done))
    return outcome === undefined
      ? `keep('${key}') has left the source: ${done ? 'disposed of' : 'forgotten'}`
      : `keep('${key}') has left the source: it ${outcome}`
  })
  return Promise.all(notes)
}

/** @returns what to say of it, if anything */
export async function withinReason(done: Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, LONGEST_DISPOSAL, `was not disposed of within ${LONGEST_DISPOSAL} ms`)
  })
  const result = done.then(
    () => undefined,
    (error: unknown) => `could not be disposed of: ${reasonOf(error)}`,
  )
  try {
    return await Promise.race([result, limit])
  } finally {
    clearTimeout(timer)
  }
}
