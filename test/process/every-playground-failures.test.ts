import { describe, expect, test } from 'vitest'
import { startServer } from '../support/process/index.ts'
import {
  caughtUpLine,
  escaped,
  expectAfter,
  expectBefore,
  expectNothingLost,
  expectOneTimer,
  remember,
} from './expectations.ts'
import { PLAYGROUNDS } from './playgrounds.ts'

describe.for(PLAYGROUNDS)('$name', (playground) => {
  test('a syntax error is shown, the old code serves on, and the next good save recovers', async () => {
    const edit = playground.handler
    const server = await startServer(playground.name)
    const state = await remember(server, playground)
    const good = server.project.read(edit.file)
    const badLine = good.split('\n').length
    const mark = server.log.mark()

    server.project.save(edit.file, `${good.replace(edit.from, edit.to)}const broken = = 1\n`)

    await server.log.waitForLine(/ \[hot-node\] update failed: \S/)
    await server.log.waitForLine(new RegExp(`${escaped(edit.file)}:${badLine}:\\d+`))
    await server.log.waitForLine(/const broken = = 1/)
    await server.log.waitForLine(/^[\s│|·]*\^/)
    await server.log.waitForLine(new RegExp(`behind ${escaped(edit.file)} until the next good save`))
    expect(server.log.since(mark).match(/update failed/g)).toHaveLength(1)
    await expectBefore(server, edit)
    await expectNothingLost(server, playground, state)

    server.project.save(edit.file, good.replace(edit.from, edit.to))

    await server.log.waitForLine(caughtUpLine(edit.file))
    await expectAfter(server, edit)
    await expectNothingLost(server, playground, state)
  })

  test('an import of a name that is not there fails, and recovers when the name is exported', async () => {
    const edit = playground.handler
    const server = await startServer(playground.name)
    const state = await remember(server, playground)
    const good = server.project.read(edit.file).replace(edit.from, edit.to)

    server.project.save(
      edit.file,
      `import { missing } from '../store.ts'\n${good}\nexport const borrowed = (): unknown => missing\n`,
    )

    const [failure] = await server.log.waitForLine(/ \[hot-node\] update failed: .*$/)
    expect(failure).toContain('missing')
    await server.log.waitForLine(new RegExp(`behind ${escaped(edit.file)} until the next good save`))
    await expectBefore(server, edit)

    server.project.save('src/store.ts', `${server.project.read('src/store.ts')}\nexport const missing = 'found'\n`)

    await server.log.waitForLine(/ · up to date again$/)
    await expectAfter(server, edit)
    await expectNothingLost(server, playground, state)
  })

  test('a throw while re-running keeps the old server', async () => {
    const edit = playground.entryRoute
    const server = await startServer(playground.name)
    const state = await remember(server, playground)
    const indent = /^\n?(\s*)/.exec(edit.from)?.[1] ?? ''
    const mark = server.log.mark()

    server.project.edit(edit.file, edit.from, `${edit.to}${indent}throw new Error('no such luck')\n`)

    await server.log.waitForLine(/ \[hot-node\] update failed: .*no such luck/)
    await server.log.waitForLine(new RegExp(escaped(server.project.locate(edit.file, `new Error('no such luck')`))))
    await server.log.waitForLine(/behind server\.ts until the next good save/)
    await expectBefore(server, edit)
    await expectNothingLost(server, playground, state)
    await expectOneTimer(server, 100)

    server.project.edit(edit.file, `${indent}throw new Error('no such luck')\n`, '')

    await server.log.waitForLine(/ re-ran server\.ts: .* · up to date again$/)
    await expectAfter(server, edit)
    await expectNothingLost(server, playground, state)
    await expectOneTimer(server, 100)
    expect(server.log.since(mark)).not.toContain('EADDRINUSE')
  })
})
