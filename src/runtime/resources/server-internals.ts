import { Server } from 'node:net'

/**
 * All that reaches into Node's servers, in one place: fields and symbols of `net.Server`, `http.Server` and
 * `Http2Server` that have no public counterpart. Read in Node 20.20, 22.23, 24.21 and 26.10 (`lib/net.js`,
 * `lib/_http_server.js`, `lib/internal/http2/core.js`).
 */
export interface ServerInternals {
  /** What listens. `server.listening` says whether there is one. */
  _handle: Handle | null
  /** The path of a Unix socket or Windows pipe. */
  _pipeName?: string
  /** `server.unref()` was called. */
  _unref: boolean
  /** Connections that are open. Each socket decrements that of the server which accepted it when it closes. */
  _connections: number
  /** Raised to make a `listen()` that is still looking up its host invalid. */
  _listeningId: number
  /** Makes `_handle` listen, and emits `listening` on the next tick. */
  _listen2(address: string | null, port: number, addressType: number, backlog: number | undefined): void
  /** Emits `close` when there is neither a handle nor a connection. */
  _emitCloseIfDrained(): void
}

/** A `TCP` or `Pipe` of libuv. */
interface Handle {
  /** Called by libuv with each connection. */
  onconnection: (this: Handle, ...args: unknown[]) => void
  close(): void
  ref(): void
  unref(): void
  fchmod?(mode: number): number
}

export type AnyServer = Server & ServerInternals

/** Where a server counts its open connections. */
export const CONNECTION_COUNT = '_connections'

/** By what a socket that has closed tells the server that accepted it. */
export const CLOSE_IF_DRAINED = '_emitCloseIfDrained'

/** `UV_READABLE` and `UV_WRITABLE` of the pipe binding. */
const READABLE = 1
const WRITABLE = 2

export interface AdoptOptions {
  readonly backlog: number | undefined
  readonly readableAll: boolean | undefined
  readonly writableAll: boolean | undefined
}

/**
 * Moves a listening handle: the port or socket file stays open, and connections that wait are accepted by the new owner.
 * `next.listen(previous)` does it only for TCP: of a pipe it opens the descriptor a second time, and closing either would
 * remove the file.
 */
export function adoptHandle(next: AnyServer, previous: AnyServer, options: AdoptOptions): void {
  const handle = previous._handle
  if (!handle) return
  previous._handle = null
  next._handle = handle
  next._listeningId++
  if (previous._pipeName !== undefined) next._pipeName = previous._pipeName
  const mode = (options.readableAll ? READABLE : 0) | (options.writableAll ? WRITABLE : 0)
  if (mode !== 0) handle.fchmod?.(mode)
  next._listen2(previous._pipeName ?? null, -1, -1, options.backlog)
  if (!next._unref) handle.ref()
}

/** Moves a handle back, without a word to anybody: to its users, the server has been listening all along. */
export function returnHandle(previous: AnyServer, next: AnyServer): void {
  const handle = next._handle
  if (!handle) return
  next._handle = null
  previous._handle = handle
  const owner = symbolOf(handle, 'owner_symbol')
  if (owner) (handle as unknown as Record<symbol, unknown>)[owner] = previous
  if (previous._unref) handle.unref()
  else handle.ref()
}

/** A handle that nobody has: the server seems closed, while connections wait. */
export interface ParkedHandle {
  /** Gives it back, with the connections that waited. */
  unpark(): void
  close(): void
}

/** Takes the handle from a server that is asked to close, without closing it yet. */
export function parkHandle(server: AnyServer): ParkedHandle | undefined {
  const handle = server._handle
  if (!handle) return undefined
  const { onconnection } = handle
  const waiting: unknown[][] = []
  handle.onconnection = (...args) => void waiting.push(args)
  server._handle = null
  return {
    unpark() {
      server._handle = handle
      handle.onconnection = onconnection
      // Whoever takes the handle over in this turn is given the connections.
      process.nextTick(() => {
        for (const args of waiting) handle.onconnection(...args)
      })
    },
    close() {
      for (const [, client] of waiting) (client as Handle | undefined)?.close()
      handle.close()
    },
  }
}

/** Closes what listens, and nothing else: connections stay with the server. */
export function closeHandle(server: AnyServer): void {
  const handle = server._handle
  server._handle = null
  handle?.close()
}

/**
 * Makes two servers have one list of connections, so that closing idle or all connections of one reaches those that the
 * other has accepted. Node makes the list when a server first listens, unless it has one.
 */
export function shareConnections(next: AnyServer, previous: AnyServer): void {
  share(next, previous, 'http.server.connections')
  share(next, previous, 'sessions')
}

function share(next: AnyServer, previous: AnyServer, description: string): void {
  const symbol = symbolOf(previous, description)
  if (!symbol) return
  const [to, from] = [next, previous] as unknown as Record<symbol, unknown>[]
  const list = from?.[symbol]
  if (!to || !list) return
  const own = to[symbol]
  if (own instanceof Set && list instanceof Set) for (const session of own) list.add(session)
  else if (own && description !== 'sessions') return
  // A server of another protocol has no sessions.
  if (description === 'sessions' && !own) return
  to[symbol] = list
}

/** Ends the timer that looks for slow clients: only closing the server does, and it would keep it in memory. */
export function stopCheckingConnections(server: AnyServer): void {
  const symbol = symbolOf(server, 'http.server.connectionsCheckingInterval')
  if (symbol) clearInterval((server as unknown as Record<symbol, NodeJS.Timeout | undefined>)[symbol])
}

/** Properties of a server that are asked for each request or connection it handles. */
const SETTINGS: readonly (string | symbol)[] = [
  'keepAliveTimeout',
  'keepAliveTimeoutBuffer',
  'headersTimeout',
  'requestTimeout',
  'timeout',
  'maxRequestsPerSocket',
  'requireHostHeader',
  'rejectNonStandardBodyWrites',
  'joinDuplicateHeaders',
  'shouldUpgradeCallback',
]
const SETTING_SYMBOLS = ['ServerResponse', 'IncomingMessage', 'kUniqueHeaders', 'OptimizeEmptyRequestsOption']

/** The settings a server has of its own. */
export function settingsOf(server: AnyServer): (string | symbol)[] {
  const symbols = SETTING_SYMBOLS.map((description) => symbolOf(server, description))
  return [...SETTINGS, ...symbols].filter(
    (key): key is string | symbol => key !== undefined && Object.hasOwn(server, key),
  )
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description)
}
