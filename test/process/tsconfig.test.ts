import { expect, test } from 'vitest'
import { eventually, HOSTS, startServer } from '../support/process/index.ts'
import { expectNothingLost, remember } from './expectations.ts'
import { PLAYGROUNDS, type PlaygroundAxis } from './playgrounds.ts'

const http = PLAYGROUNDS.find(({ name }) => name === 'http') as PlaygroundAxis

const TSCONFIG = '{ "compilerOptions": { "target": "es2022", "useDefineForClassFields": true } }\n'

test.for(HOSTS)('a saved tsconfig.json runs nothing twice, and updates what it changes: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      project.save('tsconfig.json', TSCONFIG)
      project.edit(
        'server.ts',
        'const sockets',
        'class Fields {\n  field: unknown\n}\nconsole.log(`fields: ${Object.keys(new Fields())}`)\nconst sockets',
      )
    },
  })
  expect(String(server.log)).toContain('fields: field\n')
  const state = await remember(server, http)

  server.project.save('tsconfig.json', TSCONFIG)
  await server.log.waitForLine(/ \[hot-node\] full reload asked for, /)
  await expectNothingLost(server, http, state)

  server.project.save('tsconfig.json', TSCONFIG.replace('true', 'false'))
  await server.log.waitForLine(/^fields:\s*$/)
  await server.log.waitForLine(/ \[hot-node\] re-ran .*server\.ts: console\.log\(\)/)
  await eventually(async () => expect((await server.get('/status')).text).toContain('"timers":1'))

  expect(String(server.log).match(/^.*listening on /gm)).toHaveLength(1)
  expect(String(server.log)).not.toMatch(/EADDRINUSE|update failed|hot restart/)
})
