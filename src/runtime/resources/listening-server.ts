import { channel } from 'node:diagnostics_channel'
import type { AddressInfo } from 'node:net'
import { abandonAttempt } from './listen-attempt.ts'
import { compareAddresses, describeAddress, type ListenRequest } from './listen-arguments.ts'
import { answersFor, Lineage } from './lineage.ts'
import type { Resource } from './resource.ts'
import {
  adoptHandle,
  type AnyServer,
  closeHandle,
  parkHandle,
  type ParkedHandle,
  returnHandle,
  stopCheckingConnections,
} from './server-internals.ts'

export type Listen = (this: AnyServer, ...args: unknown[]) => AnyServer

/** Of each server what it was last made to listen for: one that failed may try elsewhere. */
const latest = new WeakMap<AnyServer, ListeningServer>()

/** A server that a unit made listen: `open` while the address is its own, `handed-over` once it is another's. */
export class ListeningServer implements Resource {
  readonly server: AnyServer
  readonly request: ListenRequest
  readonly #listen: Listen
  #lineage: Lineage
  #state: 'open' | 'handed-over' = 'open'
  /** It has listened, so that no handle means that somebody closed it. */
  #hasListened = false
  /** Whose address it took over, until that can no longer be taken back. */
  #previous: ListeningServer | undefined
  /** Who took its address over, for as long as that. */
  #successor: ListeningServer | undefined
  /** Whether it came with the handle, or only to the same port. */
  #hasItsHandle = false
  /** The number the system had given to it when its address was taken: "any free port" may be another next time. */
  #lastPort: number | undefined

  constructor(server: AnyServer, request: ListenRequest, listen: Listen) {
    this.server = server
    this.request = request
    this.#listen = listen
    this.#lineage = new Lineage(server)
    server.once('listening', () => (this.#hasListened = true))
  }

  /** The server did not refuse: what it was asked before no longer counts. */
  begin(): void {
    latest.set(this.server, this)
  }

  get label(): string {
    return `server on ${describeAddress(this.request.address)}`
  }

  /** Its handle, and where that listens, while the server has been asked to close and nobody took its place yet. */
  #parked: { readonly handle: ParkedHandle; readonly address: AddressInfo | string | null } | undefined

  /** Whether it listens, and no other does in its place. */
  get isListening(): boolean {
    return this.#state === 'open' && latest.get(this.server) === this && this.server.listening
  }

  get isHandedOver(): boolean {
    return this.#state === 'handed-over'
  }

  isEnded(): boolean {
    if (this.#state === 'handed-over' || this.#parked) return false
    return latest.get(this.server) !== this || (this.#hasListened && !this.server.listening)
  }

  /** How its address stands to another, if it is there to be had. */
  compare({ address }: ListenRequest): 'same' | 'same-port' | 'other' {
    if (!this.isListening && !this.#parked) return 'other'
    return compareAddresses(this.request.address, this.#parked?.address ?? this.server.address(), address)
  }

  /**
   * Is asked to close by code that runs again, which may be about to make another server listen there. So connections wait
   * until that is known.
   */
  park(): Resource {
    const address = this.server.address()
    const handle = parkHandle(this.server)
    this.#parked = handle && { handle, address }
    return {
      label: this.label,
      isEnded: () => !this.#parked,
      dispose: () => undefined,
      undo: () => this.#unpark(),
    }
  }

  #unpark(): void {
    this.#parked?.handle.unpark()
    this.#parked = undefined
  }

  /** Listens in the place of another server, with its handle. That answers until it is disposed of. */
  takeOver(previous: ListeningServer): void {
    this.#succeed(previous)
    const { options, backlog } = this.request
    const { readableAll, writableAll, signal } = options
    signal?.addEventListener('abort', () => this.server.close(), { once: true })
    this.#hasItsHandle = true
    adoptHandle(this.server, previous.server, { backlog, readableAll, writableAll })
  }

  /** Has another server stop listening, because its port is the same and its host another. Connections move on. */
  replace(previous: ListeningServer): void {
    this.#succeed(previous)
    closeHandle(previous.server)
  }

  /** When the run that made it is taken back: the server before it listens again. */
  undo(): void {
    abandonAttempt(this.server)
    const previous = this.#previous
    if (!previous) {
      // It may be looking up its host still, and would listen after that.
      if (!this.#hasListened && !this.server.listening) this.server.close()
      return this.dispose()
    }
    this.#previous = undefined
    previous.#successor = undefined
    previous.#state = 'open'
    latest.set(previous.server, previous)
    this.#lineage.abandon(this.server)
    if (previous.server.listening) return
    if (this.server.listening && this.#hasItsHandle) returnHandle(previous.server, this.server)
    else {
      closeHandle(this.server)
      previous.#listenAgain()
    }
    stopCheckingConnections(this.server)
  }

  /** Closes it, or has the server that took its address over answer. */
  dispose(): void {
    this.#parked?.handle.close()
    this.#parked = undefined
    if (this.#state === 'open') return closeGracefully(this.#lineage)
    if (this.#successor) {
      this.#successor.#previous = undefined
      this.#lineage.moveTo(this.#successor.server)
    }
    if (this.#successor?.server !== this.server) stopCheckingConnections(this.server)
    this.#successor = undefined
  }

  #succeed(previous: ListeningServer): void {
    previous.#unpark()
    const address = previous.server.address()
    previous.#lastPort = typeof address === 'object' ? address?.port : undefined
    previous.#state = 'handed-over'
    previous.#successor = this
    this.#previous = previous
    this.#lineage = previous.#lineage
    this.#lineage.prepare(this.server)
  }

  #listenAgain(): void {
    const { host, path } = this.request.options
    // Should the address be gone, nothing more can be done for it.
    this.server.once('error', ignore)
    this.server.once('listening', () => this.server.off('error', ignore))
    this.#listen.call(this.server, path === undefined ? { host, port: this.#lastPort } : { path })
  }
}

function ignore(): void {
  // See where it is used.
}

/** Closes a server. Requests under way are answered first, and each connection is closed once it has no more of them. */
function closeGracefully({ current: server, sessions }: Lineage): void {
  if (!server.listening) return
  const { closeIdleConnections } = server as { closeIdleConnections?: () => void }
  if (closeIdleConnections) {
    const finished = channel('http.server.response.finish')
    const closeIdle = (message: unknown): void => {
      // It is idle when all that is to be done at the end of a response has been.
      if (answersFor((message as { server: AnyServer }).server) === server)
        setImmediate(() => closeIdleConnections.call(server))
    }
    finished.subscribe(closeIdle)
    server.once('close', () => finished.unsubscribe(closeIdle))
  }
  server.close()
  closeIdleConnections?.call(server)
  // Of HTTP/2, before Node 24: closing the server leaves them open.
  for (const session of sessions) session.close()
}
