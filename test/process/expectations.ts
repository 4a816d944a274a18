import { expect } from 'vitest'
import { eventually, type ServerProcess } from '../support/process/index.ts'
import { type PlaygroundAxis, type Status, statusOf, type VisibleEdit } from './playgrounds.ts'

/** A line that ends an update, whatever it came to; a failure's last line is the one that says what is behind. */
export const ANY_OUTCOME = /\[hot-node\] (?:patched|re-ran|hot restart)\b|the running code is behind/

export const STAMP = String.raw`^\d\d?:\d\d:\d\d(?:\s[AP]M)? \[hot-node\]`

const PATCHED_ALL_KEPT = String.raw`.* · kept everything · \d+(?:\.\d+)? ms`

/** The line of a patch that kept everything. */
export function patchedLine(file: string): RegExp {
  return new RegExp(`${STAMP} patched ${escaped(file)}: ${PATCHED_ALL_KEPT}$`)
}

/** The same, after a failure. */
export function caughtUpLine(file: string): RegExp {
  return new RegExp(`${STAMP} patched ${escaped(file)}: ${PATCHED_ALL_KEPT} · up to date again$`)
}

/** Fails unless the process runs the new text. The answer is there as soon as the log line is. */
export async function expectAfter(server: ServerProcess, edit: VisibleEdit): Promise<void> {
  expect((await server.get(edit.path)).text).toContain(edit.after)
}

export async function expectBefore(server: ServerProcess, edit: VisibleEdit): Promise<void> {
  const { text } = await server.get(edit.path)
  expect(text).toContain(edit.before)
  expect(text).not.toContain(edit.after)
}

/** Puts something into the store and waits for the first tick, so that there is something to lose. */
export async function remember(server: ServerProcess, playground: PlaygroundAxis): Promise<Status> {
  await server.post(playground.remember.path, playground.remember.body)
  return eventually(async () => {
    const status = await statusOf(server)
    expect(status.ticks).toBeGreaterThan(0)
    return status
  })
}

/** Fails unless this is the same process with the same store, the same tick count going on, and one timer. */
export async function expectNothingLost(
  server: ServerProcess,
  playground: PlaygroundAxis,
  before: Status,
): Promise<void> {
  const now = await statusOf(server)
  expect(now.pid).toBe(before.pid)
  expect(now[playground.remembered]).toBe(before[playground.remembered])
  expect(now.ticks).toBeGreaterThanOrEqual(before.ticks)
  await eventually(async () => expect((await statusOf(server)).ticks).toBeGreaterThan(now.ticks))
  await eventually(async () => expect((await statusOf(server)).timers).toBe(1))
}

/**
 * Fails when ticks come faster than one timer with this interval makes them. A busy machine only makes them slower.
 */
export async function expectOneTimer(server: ServerProcess, intervalMs: number): Promise<void> {
  const TICKS = 6
  const tickAfter = (ticks: number): Promise<number> =>
    eventually(async () => {
      const now = (await statusOf(server)).ticks
      expect(now).toBeGreaterThan(ticks)
      return now
    })

  const first = await tickAfter((await statusOf(server)).ticks)
  const start = performance.now()
  const last = await tickAfter(first + TICKS - 1)
  const msPerTick = (performance.now() - start) / (last - first)
  expect(msPerTick).toBeGreaterThan(0.75 * intervalMs)
}

export function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
}
