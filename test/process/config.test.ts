import { expect, test } from 'vitest'
import { eventually, startServer } from '../support/process/index.ts'
import { expectAfter, expectBefore, expectNothingLost, patchedLine, remember } from './expectations.ts'
import { PLAYGROUNDS, type PlaygroundAxis } from './playgrounds.ts'

const hono = PLAYGROUNDS.find(({ name }) => name === 'hono') as PlaygroundAxis

test.for([
  ['vite.config.ts', (text: string) => text.replace('plugins:', "define: { __EDITED__: 'true' }, plugins:")],
  ['.env', (text: string) => `${text}ANOTHER=one\n`],
] as const)('edits are applied in place after a change of %s, and nothing is lost', async ([file, change]) => {
  const { handler, method, entryRoute } = hono
  const server = await startServer('hono', {
    prepare: (project) => {
      project.save('.env', 'GREETING=hello\n')
      // vite-node has Vite say nothing of its restarts.
      project.edit('vite.config.ts', 'import { defineConfig }', 'import { createLogger, defineConfig }')
      project.edit('vite.config.ts', 'hotNode()]', `hotNode()], customLogger: createLogger('info')`)
    },
  })
  const state = await remember(server, hono)

  for (const edit of [handler, entryRoute]) {
    // Vite makes a new server in the same process, with an empty module graph.
    server.project.save(file, change(server.project.read(file)))
    await server.log.waitForLine(/ \[vite\] server restarted\.$/)
    await expectBefore(server, edit)

    // Its new watcher may not have found all folders yet.
    server.project.edit(edit.file, edit.from, edit.to)
    await server.log.waitForLine(edit === handler ? patchedLine(edit.file) : / \[hot-node\] re-ran server\.ts: /)
    await expectAfter(server, edit)
    await expectNothingLost(server, hono, state)
  }
  server.project.save(file, change(server.project.read(file)))
  server.project.edit(method.file, method.from, method.to)
  await server.log.waitForLine(patchedLine(method.file))
  await expectAfter(server, method)
  await expectAfter(server, handler)
  // Vite may restart twice for one save, and after the update.
  await eventually(() => {
    const told = String(server.log).match(/ \[hot-node\] Vite has restarted, .*: the modules run on/g)
    expect(told?.length).toBeGreaterThanOrEqual(3)
  })
  // Nothing of the server is anybody else's business, such as the optimizer's that Vite has for browsers.
  expect(String(server.log)).not.toMatch(/EADDRINUSE|update failed|hot restart|dependenc(?:y|ies) optimized/)
})

test.for(['module runner', 'worker thread'] as const)(
  'a restart of Vite is said where the runner is gone: %s',
  async (host) => {
    const { handler } = hono
    const server = await startServer('hono', { host, prepare: (project) => project.save('.env', 'GREETING=hello\n') })
    const state = await remember(server, hono)
    server.project.save('.env', 'GREETING=bye\n')
    await server.log.waitForLine(
      /Vite has restarted, .*: its module runner is gone\. .*; elsewhere edits do nothing .* until the process is started again$/,
    )

    server.project.edit(handler.file, handler.from, handler.to)
    await expectNothingLost(server, hono, state)
    await expectBefore(server, handler)
    expect(String(server.log)).not.toMatch(/patched|re-ran/)
  },
)
