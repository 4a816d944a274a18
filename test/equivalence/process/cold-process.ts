import { setImmediate } from 'node:timers/promises'
import { ENTRY, type Files } from '../program/render.ts'
import { createMemoryRunner } from './memory-runner.ts'

/**
 * Starts a program afresh, as it would run without the plugin.
 *
 * @returns the exports of its entry
 * @throws what the start throws
 */
export async function startCold(files: Files): Promise<Record<string, unknown>> {
  const runner = createMemoryRunner({ files: () => files })
  try {
    const entry = await runner.import(ENTRY)
    // What nobody awaited goes on for a moment.
    await setImmediate()
    return entry
  } finally {
    await runner.close()
  }
}
