import { expect, test } from 'vitest'
import { eventually, startServer } from '../../support/process/index.ts'
import { STAMP } from '../expectations.ts'

const RERUNS = 200

interface Report {
  readonly edition: number
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>
}

test(`after ${RERUNS} re-runs there is as much of everything as after the start`, { timeout: 180_000 }, async () => {
  const server = await startServer('test/servers/resources')
  const report = async (): Promise<Report> => (await server.get('/')).json<Report>()
  // Three timers of its own; Vite has some while it starts.
  const { counts } = await eventually(async () => {
    const started = await report()
    expect(started.counts['resources']?.['Timeout']).toBe(3)
    return started
  })

  for (let edition = 1; edition <= RERUNS; edition += 1) {
    server.project.edit('src/edition.ts', `number = ${edition - 1}\n`, `number = ${edition}\n`)
    const [line] = await server.log.waitForLine(new RegExp(`${STAMP} (?:patched|re-ran|update failed).*`))
    expect(line).toMatch(/ re-ran .* · \d+ ms$/)
  }

  // A process that was told to end, and a connection that was closed, are gone a moment later.
  await eventually(async () => expect(await report()).toEqual({ edition: RERUNS, counts }))
  expect(String(server.log)).not.toMatch(/MaxListenersExceededWarning|EADDRINUSE/)
})
