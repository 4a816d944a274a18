import { expect, test } from 'vitest'
import { type Place, PLACES, withVersion } from '../../../bench/soak/places.ts'
import { eventually, startServer } from '../../support/process/index.ts'
import { STAMP } from '../expectations.ts'

/** After these, everything has run that will: caches are full, and code that is compiled once has been. */
const WARM_UP_ROUNDS = 10
/**
 * Listeners that have been removed are struck off their list when it is 64 long, which here it is every 32 rounds: so
 * both counts are made when it is as long.
 */
const ROUNDS = 64

interface Memory {
  readonly functions: number
  readonly resources: readonly string[]
}

/**
 * A short `bench:soak`. Bytes tell nothing after a few hundred updates, because the engine goes on optimising; how many
 * functions there are tells more. Whatever an update leaves behind holds some: a cell, a module, a listener, a scope.
 */
test('updates leave nothing behind', { timeout: 240_000 }, async () => {
  const server = await startServer('bench/soak/app')
  const places = Object.keys(PLACES) as Place[]
  let text = server.project.read('app.ts')
  const wrong: string[] = []
  // Another connection that is still open is some twenty functions of the server's.
  const ask = async <T>(path: string): Promise<T> =>
    (await fetch(server.url + path, { headers: { connection: 'close' } })).json() as Promise<T>
  const edit = async (from: number, to: number): Promise<void> => {
    for (let version = from; version <= to; version += 1)
      for (const place of places) {
        server.project.save('app.ts', (text = withVersion(text, place, version)))
        const rung = PLACES[place] === 'patch' ? 'patched' : 're-ran'
        const [line] = await server.log.waitForLine(new RegExp(`${STAMP} .*`))
        if (!line.includes(` ${rung} app.ts: `)) wrong.push(`${place} ${version}: ${line}`)
      }
    const { versions } = await ask<{ versions: Record<Place, number> }>('/')
    expect(new Set(Object.values(versions))).toEqual(new Set([to]))
  }
  const memory = (): Promise<Memory> =>
    eventually(async () => {
      const found = await ask<Memory>('/memory')
      expect(found.resources.filter((name) => name === 'TCPSocketWrap')).toHaveLength(1)
      return found
    })

  await edit(1, WARM_UP_ROUNDS)
  const before = await memory()
  await edit(WARM_UP_ROUNDS + 1, WARM_UP_ROUNDS + ROUNDS)

  const after = await memory()
  expect(wrong).toEqual([])
  // Those that stand in for Node's own while something is tracked come and go. Whatever is left behind by the edits of
  // one place is at least one function a round.
  expect(after.functions - before.functions).toBeLessThan(ROUNDS / 2)
  expect(after.resources.length).toBeLessThanOrEqual(before.resources.length + 1)
})
