import { expect, test } from 'vitest'
import { sendTraffic, startServer } from '../../support/process/index.ts'
import { STAMP } from '../expectations.ts'

const EDITS = 12

test('no request fails while a start-up that waits runs again', { timeout: 120_000 }, async () => {
  const server = await startServer('test/servers/waiting')
  const wrong: string[] = []
  const stop = sendTraffic(server.url, {
    paceMs: 2,
    lanes: ['/', '/slow'].flatMap((path) => [
      { name: `new connections ${path}`, paths: [path], keepsAlive: false },
      { name: `kept alive ${path}`, paths: [path], keepsAlive: true },
    ]),
    check: (_path, body, previous) => findMixture(body, previous),
  })

  for (let edition = 1; edition <= EDITS; edition += 1) {
    server.project.edit('server.ts', `EDITION: number = ${edition - 1}\n`, `EDITION: number = ${edition}\n`)
    const [line] = await server.log.waitForLine(new RegExp(`${STAMP} (?:patched|re-ran|update failed).*`))
    if (!/ re-ran .*server\.ts: /.test(line)) wrong.push(line)
    const { text } = await server.get('/')
    if (text !== JSON.stringify([[edition, edition]])) wrong.push(`${edition}: ${text}`)
  }

  const { answered, failures } = await stop()
  expect(failures).toEqual([])
  expect(wrong).toEqual([])
  // They were answered while it waited, too.
  expect(answered).toBeGreaterThan(EDITS * 40)
})

/** What is wrong with an answer. */
function findMixture(body: string, previous: string | undefined): string | undefined {
  const [numbers] = JSON.parse(body) as [number[]]
  if (new Set(numbers).size > 1) return `mixes editions: ${body}`
  const [before] = previous ? (JSON.parse(previous) as [number[]]) : [[0]]
  return (numbers[0] as number) < (before[0] as number) ? `went back: ${body} after ${previous}` : undefined
}
