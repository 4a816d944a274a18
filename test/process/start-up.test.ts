import { expect, test } from 'vitest'
import { startServer } from '../support/process/index.ts'

const CONNECT = `
async function connect(url: string): Promise<void> {
  if (url === 'bad:') {
    await new Promise((resolve) => process.once('SIGUSR2', resolve))
    throw new Error('no database')
  }
  console.log('connected to ' + url)
}
`

test.for([
  ['an expression', `connect('bad:')\n`],
  ['a declaration', `export const connected = connect('bad:')\n`],
  ['a statement inside another', `if (process.env.NODE_ENV !== 'test') { void connect('bad:') }\n`],
])('a rejection at start-up is reported once, and repaired by an edit: %s', async ([, statement]) => {
  const server = await startServer('http', {
    prepare: (project) => project.save('server.ts', `${project.read('server.ts')}${CONNECT}${statement}`),
  })
  process.kill(server.pid, 'SIGUSR2')
  await server.log.waitForLine(/^\[vite-node\] Failed to execute file:/)
  await server.log.waitForLine(/Error: no database/)

  server.project.edit('server.ts', `connect('bad:')`, `connect('good:')`)

  await server.log.waitForLine(/^connected to good:$/)
  await server.log.waitForLine(/ \[hot-node\] re-ran server\.ts: /)
  expect(String(server.log).match(/no database/g)).toHaveLength(1)
})
