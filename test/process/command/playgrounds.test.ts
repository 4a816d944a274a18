import { describe, expect, test } from 'vitest'
import { startServer } from '../../support/process/index.ts'
import { expectAfter, expectNothingLost, expectOneTimer, patchedLine, remember, STAMP } from '../expectations.ts'
import { PLAYGROUNDS } from '../playgrounds.ts'

describe.for(PLAYGROUNDS)('hot-node playground/$name', (playground) => {
  test('edits are applied in place, and nothing is lost', async () => {
    const { handler, method, entryRoute } = playground
    const server = await startServer(playground.name, { host: 'hot-node' })
    const state = await remember(server, playground)

    for (const { file, from, to } of [handler, method]) {
      server.project.edit(file, from, to)
      await server.log.waitForLine(patchedLine(file))
    }
    server.project.edit(entryRoute.file, entryRoute.from, entryRoute.to)
    await server.log.waitForLine(new RegExp(`${STAMP} re-ran .* · \\d+ ms$`))

    await expectAfter(server, handler)
    await expectAfter(server, entryRoute)
    await expectNothingLost(server, playground, state)
    await expectOneTimer(server, 100)
    expect(String(server.log)).not.toMatch(/EADDRINUSE|update failed|restart/)
  })
})
