import { expect, test } from 'vitest'
import { type Place, PLACES, withVersion } from '../../../bench/soak/places.ts'
import { startServer } from '../../support/process/index.ts'
import { STAMP } from '../expectations.ts'

/** After these, everything has run that will: caches are full, and code that is compiled once has been. */
const WARM_UP_ROUNDS = 10
const ROUNDS = 50

interface Memory {
  readonly functions: number
  readonly resources: readonly string[]
}

/**
 * A short `bench:soak`. Bytes tell nothing after a few hundred updates, because the engine goes on optimising; how many
 * functions there are tells more. Whatever an update leaves behind holds some: a cell, a module, a listener, a scope.
 */
test('updates leave nothing behind', { timeout: 120_000 }, async () => {
  const server = await startServer('bench/soak/app')
  const places = Object.keys(PLACES) as Place[]
  let text = server.project.read('app.ts')
  const wrong: string[] = []
  const edit = async (from: number, to: number): Promise<void> => {
    for (let version = from; version <= to; version += 1)
      for (const place of places) {
        server.project.save('app.ts', (text = withVersion(text, place, version)))
        const rung = PLACES[place] === 'patch' ? 'patched' : 're-ran'
        const [line] = await server.log.waitForLine(new RegExp(`${STAMP} .*`))
        if (!line.includes(` ${rung} app.ts: `)) wrong.push(`${place} ${version}: ${line}`)
      }
    const { versions } = (await server.get('/')).json<{ versions: Record<Place, number> }>()
    expect(new Set(Object.values(versions))).toEqual(new Set([to]))
  }
  const memory = async (): Promise<Memory> => (await server.get('/memory')).json<Memory>()

  await edit(1, WARM_UP_ROUNDS)
  const before = await memory()
  await edit(WARM_UP_ROUNDS + 1, WARM_UP_ROUNDS + ROUNDS)

  const after = await memory()
  expect(wrong).toEqual([])
  // Those that stand in for Node's own while something is tracked come and go, some fifty of them. One cell left behind
  // in each round would be four functions a round.
  expect(after.functions - before.functions).toBeLessThan(2 * ROUNDS)
  expect(after.resources.length).toBeLessThanOrEqual(before.resources.length + 1)
})
