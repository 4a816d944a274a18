import { describe, expect, test } from 'vitest'
import { sendTraffic, startServer } from '../support/process/index.ts'
import {
  expectAfter,
  expectBefore,
  expectNothingLost,
  expectOneTimer,
  patchedLine,
  remember,
  STAMP,
} from './expectations.ts'
import { PLAYGROUNDS } from './playgrounds.ts'

describe.for(PLAYGROUNDS)('$name', (playground) => {
  test.for(['handler', 'method'] as const)('the body of a %s is patched', async (kind) => {
    const edit = playground[kind]
    const server = await startServer(playground.name)
    const state = await remember(server, playground)
    await expectBefore(server, edit)

    server.project.edit(edit.file, edit.from, edit.to)

    const [line] = await server.log.waitForLine(patchedLine(edit.file))
    expect(line).toMatch(edit.label)
    await expectAfter(server, edit)
    await expectNothingLost(server, playground, state)
  })

  test.for(['entryRoute', 'moduleRoute'] as const)('a new route re-runs what it must: %s', async (kind) => {
    const edit = playground[kind]
    const server = await startServer(playground.name)
    const state = await remember(server, playground)
    await expectBefore(server, edit)
    const mark = server.log.mark()

    server.project.edit(edit.file, edit.from, edit.to)

    const [line] = await server.log.waitForLine(new RegExp(`${STAMP} re-ran .* · \\d+ ms$`))
    expect(line).toMatch(edit.label)
    expect(line).toContain(' · kept ')
    await expectAfter(server, edit)
    await expectNothingLost(server, playground, state)
    await expectOneTimer(server, 100)
    expect(server.log.since(mark)).not.toMatch(/EADDRINUSE|update failed/)
    for (const [, url] of server.log.since(mark).matchAll(/listening on (\S+)/g)) expect(url).toBe(server.url)
  })

  test('no request fails while the server is made again and again', async () => {
    const { file, from, to } = playground.entryRoute
    const server = await startServer(playground.name)
    const stop = sendTraffic(`${server.url}/status`)

    for (const [was, is] of [
      [from, to],
      [to, from],
      [from, to],
    ] as const) {
      server.project.edit(file, was, is)
      await server.log.waitForLine(new RegExp(`${STAMP} re-ran `))
    }

    const { answered, failures } = await stop()
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(0)
    await expectAfter(server, playground.entryRoute)
  })

  test('a request in flight ends on the code it began with', async () => {
    const { file, from, to } = playground.entryRoute
    const server = await startServer(playground.name, {
      prepare: (project) => project.edit(file, from, from + playground.slowRoute),
    })
    const old = server.get('/slow')
    await server.log.waitForLine(/^slow began$/)

    const text = server.project.read(file)
    server.project.save(file, text.replace(from, to).replace('the old code', 'the new code'))
    await server.log.waitForLine(new RegExp(`${STAMP} re-ran `))
    process.kill(server.pid, 'SIGUSR2')
    expect((await old).text).toContain('the old code')

    const fresh = server.get('/slow')
    await server.log.waitForLine(/^slow began$/)
    process.kill(server.pid, 'SIGUSR2')
    expect((await fresh).text).toContain('the new code')
  })

  test('a timer that changes is one timer afterwards', async () => {
    const server = await startServer(playground.name)
    const state = await remember(server, playground)

    server.project.edit(playground.timerFile, '_MS = 100\n', '_MS = 200\n')

    const [line] = await server.log.waitForLine(new RegExp(`${STAMP} re-ran .*`))
    expect(line).toContain(' · kept ')
    await expectNothingLost(server, playground, playground.timerOwnsTicks ? { ...state, ticks: 0 } : state)
    await expectOneTimer(server, 200)
  })
})
