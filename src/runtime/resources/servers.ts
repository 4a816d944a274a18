import { errorMonitor, type EventEmitter } from 'node:events'
import { Server, type ListenOptions } from 'node:net'
import type { Ownership } from './ownership.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

/**
 * Notes the servers that listen, and hands a listening handle over when a unit that runs again listens on the same
 * address: the port never closes, so no connection is refused.
 *
 * Touches an internal of Node, `server._handle`, read in Node 20 to 26: `next.listen(previous)` takes it over, and the
 * previous server must let go of it, or closing it would close the port.
 */
export function watchServers(ownership: Ownership): void {
  const listen = Server.prototype.listen as Listen

  Server.prototype.listen = function (this: ServerWithHandle, ...args: unknown[]): Server {
    const run = ownership.current
    const address = run && toAddress(args)
    if (!run || address === undefined) return listen.apply(this, args)
    // A run that is over does not open a door again.
    if (run.state === 'over') return this
    const superseded = ownership.superseded
      .flatMap((one) => one.resources)
      .filter((resource) => resource instanceof ListeningServer)
    const previous = superseded.find((resource) => resource.canHandOver(address))
    const resource = new ListeningServer(this, address, args, previous?.lineage ?? { current: this }, listen)
    run.own(resource)
    resource.stopWaiting = awaitListening(this, run, ownership)
    // The port is the same and the host another: the handle is of no use, and in the way.
    const inTheWay = previous ? undefined : superseded.find((candidate) => candidate.isOnPortOf(address))
    if (inTheWay) resource.replace(inTheWay)
    const bound = args.map((argument) =>
      typeof argument === 'function' ? bind(ownership, run, argument as (...args: unknown[]) => unknown) : argument,
    )
    // Connections, and the requests on them, are no code of the run.
    return ownership.outside(() => {
      if (!previous) return listen.apply(this, bound)
      return resource.takeOver(previous.server, bound.find((argument) => typeof argument === 'function') as () => void)
    })
  } as typeof listen
}

/** Whether a run owns a server that listens. */
export function isListening(run: Run): boolean {
  return run.resources.some((resource) => resource instanceof ListeningServer && Boolean(resource.server._handle))
}

/** The start-up window stays open until it listens or failed to, and a run that is not the first fails if it does. */
function awaitListening(server: Server, run: Run, ownership: Ownership): () => void {
  let stopWaiting = (): void => undefined
  const release = ownership.window.hold()
  const emitter: EventEmitter = server
  const listening = new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown): void => {
      server.off('listening', settle)
      server.off('close', settle)
      emitter.off(errorMonitor, settle)
      if (!error) server.off('error', ignore)
      release()
      if (error) reject(error as Error)
      else resolve()
    }
    stopWaiting = settle
    server.once('listening', settle)
    server.once('close', settle)
    emitter.once(errorMonitor, settle)
    // The update fails, instead of the process.
    if (run.isProvisional) server.once('error', ignore)
  })
  run.expect(listening)
  return stopWaiting
}

function ignore(): void {
  // Said by the failed update.
}

/** A callback stays code of the run, whoever calls it. */
function bind(ownership: Ownership, run: Run, callback: (...args: unknown[]) => unknown) {
  return function (this: unknown, ...args: unknown[]): unknown {
    return ownership.within(run, () => callback.apply(this, args))
  }
}

type Listen = (this: Server, ...args: unknown[]) => Server
type ServerWithHandle = Server & { _handle?: object | null }

/** Servers that had one address one after the other. The last one answers, also on connections made to the others. */
interface Lineage {
  current: ServerWithHandle
}

/** Events by which a server hands a request to the user's code. */
const REQUEST_EVENTS = ['request', 'upgrade', 'connect', 'checkContinue', 'checkExpectation'] as const

class ListeningServer implements Resource {
  readonly server: ServerWithHandle
  readonly lineage: Lineage
  /** Nobody waits for it to listen any more. */
  stopWaiting: () => void = () => undefined
  readonly #address: string
  readonly #listen: Listen
  /** The server whose handle this one took. Cleared when that can no longer be taken back. */
  #previous: ServerWithHandle | undefined
  #takeBackListeners: (() => void) | undefined
  /** The server that had to close for this one. */
  #replaced: ListeningServer | undefined
  readonly #args: readonly unknown[]

  constructor(server: ServerWithHandle, address: string, args: readonly unknown[], lineage: Lineage, listen: Listen) {
    this.#args = args
    this.server = server
    this.lineage = lineage
    this.#address = address
    this.#listen = listen
  }

  get label(): string {
    return `server on ${this.#address.replace(/\|.*/, '').replace(/^path:/, '')}`
  }

  isEnded(): boolean {
    // One that handed its handle over may have to be looked after still.
    return false
  }

  /** Whether it listens there, and nobody has taken that over. */
  canHandOver(address: string): boolean {
    return this.#address === address && Boolean(this.server._handle)
  }

  /** Whether it listens on the same port, for another host. */
  isOnPortOf(address: string): boolean {
    const [port] = this.#address.split('|')
    return Boolean(this.server._handle) && port !== '0' && !port?.startsWith('path:') && address.startsWith(`${port}|`)
  }

  /** Closes a server so that this one can have its port. */
  replace(other: ListeningServer): void {
    this.#replaced = other
    other.server.close()
  }

  takeOver(previous: ServerWithHandle, callback: (() => void) | undefined): Server {
    this.#previous = previous
    const result = this.#listen.call(this.server, previous, ...(callback ? [callback] : []))
    previous._handle = null
    this.lineage.current = this.server
    this.#takeBackListeners = forward(previous, this.lineage)
    return result
  }

  /** When a run is taken back: the previous server listens again. */
  undo(): void {
    // One whose handle is taken from it at once will never say that it listens.
    this.stopWaiting()
    const previous = this.#previous
    if (!previous || !this.server._handle) {
      this.dispose()
      const replaced = this.#replaced
      if (replaced) this.#listen.apply(replaced.server, [...replaced.#args])
      return
    }
    this.#listen.call(previous, this.server)
    this.server._handle = null
    this.lineage.current = previous
    this.#takeBackListeners?.()
    stopChecking(this.server)
  }

  dispose(): void {
    this.#previous = undefined
    if (this.server._handle) {
      this.server.close()
      if ('closeIdleConnections' in this.server)
        (this.server as { closeIdleConnections(): void }).closeIdleConnections()
    } else stopChecking(this.server)
  }
}

/** Requests on connections the previous server still holds go to the current one. */
function forward(previous: ServerWithHandle, lineage: Lineage): () => void {
  const undo: (() => void)[] = []
  for (const event of REQUEST_EVENTS) {
    const listeners = previous.rawListeners(event) as ((...args: unknown[]) => void)[]
    if (listeners.length === 0 && event !== 'request' && event !== 'upgrade') continue
    previous.removeAllListeners(event)
    const pass = (...args: unknown[]): void => {
      lineage.current.emit(event, ...args)
    }
    if (listeners.length > 0 || event === 'upgrade') previous.on(event, pass)
    undo.push(() => {
      previous.removeListener(event, pass)
      for (const listener of listeners) previous.on(event, listener)
    })
  }
  return () => {
    for (const step of undo) step()
  }
}

/** A server without a handle is never closed; its timer that looks for slow clients would keep it for ever. */
function stopChecking(server: Server): void {
  const symbol = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === 'http.server.connectionsCheckingInterval',
  )
  if (symbol) clearInterval((server as unknown as Record<symbol, NodeJS.Timeout | undefined>)[symbol])
}

/** What a server was asked to listen on. None for a handle or descriptor given from outside. */
function toAddress(args: readonly unknown[]): string | undefined {
  const [first, second] = args
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first)))
    return `${first}|${typeof second === 'string' ? second : ''}`
  if (typeof first === 'string') return `path:${first}`
  if (first === undefined || first === null || typeof first === 'function') return '0|'
  const options = first as ListenOptions & { _handle?: unknown; handle?: unknown; fd?: unknown }
  if (options._handle || options.handle || options.fd !== undefined) return undefined
  if (options.path !== undefined) return `path:${options.path}`
  return options.port === undefined ? undefined : `${options.port}|${options.host ?? ''}`
}
