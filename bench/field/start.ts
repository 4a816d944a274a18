import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { ServerProcess } from '../support/server-process.ts'
import { FieldApp } from './field-app.ts'
import type { Program } from './peers.ts'

const START_LIMIT_MS = 30_000

export interface Started {
  readonly app: FieldApp
  readonly server: ServerProcess
}

/** Starts the app. A server that is edited listens on one port for good, so it is told a free one. */
export async function start(program: Program, app: FieldApp = new FieldApp(program)): Promise<Started> {
  const port = await findFreePort()
  const command = program.command?.()
  const server = await ServerProcess.start({
    ...(command !== undefined && { command }),
    args: program.args(app.server),
    cwd: app.folder,
    startLimitMs: START_LIMIT_MS,
    env: { PORT: String(port), DENO_NO_UPDATE_CHECK: '1' },
  })
  return { app, server }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
