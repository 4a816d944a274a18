import type { Server as HttpServer } from 'node:http'
import { Socket } from 'node:net'
import { type AnyServer, CONNECTION_COUNT } from '../../runtime/resources/server-internals.ts'

/**
 * All that reaches into Node's connections, in one place. Read in Node 20.20, 22.23, 24.21 and 26.10 (`lib/net.js`,
 * `lib/_http_server.js`, `lib/_http_common.js`).
 */
interface SocketInternals {
  /** The `TCP` of libuv. */
  _handle: ConnectionHandle | null
  /** Reads from the handle, past the socket. */
  parser?: { unconsume?(): void } | null
  /** The response under way, until all of it has been handed to the system. */
  _httpMessage?: object | null
  /** The server that counts it, and hears of its end. */
  _server: AnyServer | null
  server?: AnyServer
}

interface ConnectionHandle {
  /** Bytes that the system has not taken yet. */
  readonly writeQueueSize: number
  readStop(): void
}

/** A connection between two requests. */
export interface IdleConnection {
  readonly handle: object
  /** Forgets it here. The connection lives as long as another process has it. */
  release(): void
}

/** Connections on their way to another process. */
const taken = new WeakSet<Socket>()

/**
 * The connections of an HTTP server that have had a request, and its answer, and have begun no other. Node knows which, and
 * tells only by closing them. Those of TLS are not among them, as they have a state that only this process knows.
 */
export function takeIdleConnections(server: AnyServer): IdleConnection[] {
  return idleSockets(server).flatMap((socket) => {
    const { _handle: handle, parser } = socket
    if (!handle || 'encrypted' in socket) return []
    taken.add(socket)
    socket.setTimeout(0)
    handle.readStop()
    parser?.unconsume?.()
    return [{ handle, release: () => socket.destroy() }]
  })
}

/** Closes those that are in this process still. */
export function closeIdleConnections(server: AnyServer): void {
  for (const socket of idleSockets(server)) socket.destroy()
}

function idleSockets(server: AnyServer): (Socket & SocketInternals)[] {
  const { closeIdleConnections: close } = server as unknown as Partial<HttpServer>
  if (!close) return []
  const sockets: (Socket & SocketInternals)[] = []
  const { destroy } = Socket.prototype
  Socket.prototype.destroy = function (this: Socket & SocketInternals): Socket {
    sockets.push(this)
    return this
  }
  try {
    close.call(server)
  } finally {
    Socket.prototype.destroy = destroy
  }
  return sockets.filter((socket) => {
    const isBusy = socket._httpMessage || socket.writableLength > 0 || (socket._handle?.writeQueueSize ?? 0) > 0
    const isEnding = socket.destroyed || socket.writableEnded || socket.readableEnded
    return !isBusy && !isEnding && !taken.has(socket)
  })
}

/** Has a server answer on a connection that another process has accepted. */
export function adoptConnection(server: AnyServer, handle: object): void {
  const options: object = { handle, readable: true, writable: true, allowHalfOpen: true }
  const socket = new Socket(options) as Socket & SocketInternals
  socket._server = server
  socket.server = server
  server[CONNECTION_COUNT] += 1
  server.emit('connection', socket)
  // Node would wait for a first request as long as for one that has begun, and then answer that it came late.
  const { keepAliveTimeout = 0 } = server as unknown as Partial<HttpServer>
  const timer = setTimeout(() => socket.bytesRead === 0 && socket.destroy(), keepAliveTimeout).unref()
  if (keepAliveTimeout === 0) clearTimeout(timer)
  socket.once('close', () => clearTimeout(timer))
}
