import { Socket } from 'node:net'

/**
 * All that reaches into Node to tell connections that last from others, in one place: `process._getActiveHandles()`,
 * fields of sockets (`parser`, `_httpMessage`, `_parent`, `server`). Read in Node 20.20, 22.23, 24.21 and 26.10.
 */
interface SocketInternals extends Socket {
  /** Of one that was accepted, the server. */
  readonly server?: unknown
  /** While it speaks HTTP; `null` once it was upgraded. */
  readonly parser?: object | null
  /** The response or request under way. */
  readonly _httpMessage?: { readonly headersSent?: boolean } | null
  /** Under TLS, the socket around which it is. */
  readonly _parent?: Socket | null
}

interface ProcessInternals {
  _getActiveHandles?(): unknown[]
}

/** Who began a connection: a client of this process, or this process itself. */
export type Side = 'accepted' | 'opened'

/** Connections that are open now. Those that do not keep the process alive, as an agent's idle ones, are left out. */
export class OpenConnections {
  readonly #sockets: ReadonlySet<unknown>

  constructor() {
    const handles = (process as ProcessInternals)._getActiveHandles?.() ?? []
    this.#sockets = new Set(handles.filter((handle) => handle instanceof Socket))
  }

  get size(): number {
    return this.#sockets.size
  }

  /**
   * Whether a connection is open and there to last: an upgraded one, a response that streams, a client of a database; not
   * one that waits for its next request. And not the pipes of this process and of its children.
   */
  sideOf(socket: Socket): Side | undefined {
    const { _parent, parser, server, _httpMessage } = socket as SocketInternals
    const isOpen = !socket.destroyed && !socket.writableEnded && this.#sockets.has(_parent ?? socket)
    if (!isOpen) return undefined
    if (server) return !parser || _httpMessage?.headersSent ? 'accepted' : undefined
    return !parser && socket.remoteAddress !== undefined ? 'opened' : undefined
  }
}
