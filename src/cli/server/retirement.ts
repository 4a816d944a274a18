import { channel } from 'node:diagnostics_channel'
import { type AddressInfo, Server } from 'node:net'
import type { AnyServer } from '../../runtime/resources/server-internals.ts'
import { closeIdleConnections, type IdleConnection, takeIdleConnections } from './connection-internals.ts'

/** How long what is under way may take after another process has taken over. */
const LONGEST_DRAIN = 10_000

const { close } = Server.prototype
const finished = channel('http.server.response.finish')

/**
 * Ends servers in favour of another process. They accept nothing more. Requests under way are answered. Connections that are
 * kept alive move to the other process, each when no request is under way on it; those of TLS and of Unix sockets are closed
 * then. Resolves when all are closed or have moved,
 * or after a time.
 *
 * @param move gives a connection to a port to the other process
 */
export async function retireServers(
  servers: readonly AnyServer[],
  move: (port: number, connection: IdleConnection) => void,
): Promise<void> {
  const closed = servers.map((server) => {
    const address = server.address() as AddressInfo | string
    const moveIdle = (): void => {
      if (typeof address !== 'string')
        for (const connection of takeIdleConnections(server)) move(address.port, connection)
      // Those that cannot move.
      closeIdleConnections(server)
    }
    // A connection is idle when all that is to be done at the end of a response has been.
    const moveSoon = (): void => void setImmediate(moveIdle)
    finished.subscribe(moveSoon)
    moveIdle()
    return closeWithout(server).then(() => finished.unsubscribe(moveSoon))
  })
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_DRAIN)
  })
  await Promise.race([Promise.all(closed), patience])
  clearTimeout(timer)
}

/** Closes a server, but no idle connection. The program may close it once more, and is to find that it had been listening. */
function closeWithout(server: AnyServer): Promise<void> {
  let isClosed = false
  const closed = new Promise<void>((resolve) => {
    server.once('close', () => {
      isClosed = true
      resolve()
    })
  })
  close.call(server)
  server.close = (callback?: (error?: Error) => void) => {
    if (callback && isClosed) process.nextTick(callback)
    else if (callback) server.once('close', () => callback())
    return server
  }
  return closed
}
