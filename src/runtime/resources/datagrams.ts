import { Socket } from 'node:dgram'
import { subscribe } from 'node:diagnostics_channel'
import { errorMonitor, type EventEmitter } from 'node:events'
import { isBound, isClosed, takeHandle, wrapReceiving } from './datagram-internals.ts'
import { Memberships } from './memberships.ts'
import type { Ownership } from './ownership.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

type Bind = (this: Socket, ...args: unknown[]) => unknown

/**
 * Notes the datagram sockets that units create, and hands the handle over when a unit that runs again binds the same
 * fixed port: no datagram is lost, and none is refused a port in use.
 *
 * Node tells of each socket; only what binds one is wrapped.
 */
export function watchDatagrams(ownership: Ownership): void {
  const owned = new WeakMap<Socket, OwnedSocket>()
  const memberships = new Memberships()
  const prototype = Socket.prototype as unknown as Record<string, Bind | undefined>

  subscribe('udp.socket', (message) => {
    const run = ownership.current
    if (!run) return
    const { socket } = message as { readonly socket: Socket }
    const resource = new OwnedSocket(socket, run, memberships)
    owned.set(socket, resource)
    run.own(resource)
  })

  const { bind, bindSync } = prototype
  if (bind)
    prototype.bind = function (this: Socket, ...args) {
      const resource = owned.get(this)
      if (!resource) return bind.apply(this, args)
      expectBound(this, resource.run, ownership)
      this.prependOnceListener('listening', () => excludeReceiving(this, ownership))
      const previous = resource.previousFor(toAddress(this, args), ownership.superseded)
      if (!previous) return bind.apply(this, args)
      const callback = args.at(-1)
      if (typeof callback === 'function') this.once('listening', callback as () => void)
      resource.takeOver(previous)
      process.nextTick(() => {
        if (!isClosed(this)) this.emit('listening')
      })
      return this
    }
  // Since Node 24. It throws where `bind` emits.
  if (bindSync)
    prototype.bindSync = function (this: Socket, ...args) {
      const resource = owned.get(this)
      if (!resource) return bindSync.apply(this, args)
      const previous = resource.previousFor(toAddress(this, args), ownership.superseded)
      if (!previous) {
        const address = bindSync.apply(this, args)
        excludeReceiving(this, ownership)
        return address
      }
      resource.takeOver(previous)
      process.nextTick(() => {
        if (!isClosed(this)) this.emit('listening')
      })
      return this.address()
    }
}

/** Datagrams are no code of the run, as requests are none. */
function excludeReceiving(socket: Socket, ownership: Ownership): void {
  // One that was taken over is excluded already.
  if (excluded.has(socket)) return
  excluded.add(socket)
  wrapReceiving(socket, (receive) => ownership.outside(receive))
}

/** Sockets whose handle tells of datagrams outside of every run. */
const excluded = new WeakSet<Socket>()

class OwnedSocket implements Resource {
  readonly socket: Socket
  readonly run: Run
  readonly #memberships: Memberships
  /** What it was bound to, if that is a fixed port. Set once. */
  #address: string | undefined
  /** The socket has passed its handle on. */
  #isPassedOn = false
  /** Whose handle this one took, and how to give it back. Cleared when that can no longer be taken back. */
  #taken: { readonly from: OwnedSocket; readonly giveBack: () => void } | undefined

  constructor(socket: Socket, run: Run, memberships: Memberships) {
    this.socket = socket
    this.run = run
    this.#memberships = memberships
  }

  get label(): string {
    return `${typeOf(this.socket)} socket${this.#address ? ` on ${this.#address.split('|')[1] ?? ''}` : ''}`
  }

  isEnded(): boolean {
    return isClosed(this.socket)
  }

  /** The socket of a run that is being replaced whose handle this one can take to be bound there. */
  previousFor(address: string | undefined, superseded: readonly Run[]): OwnedSocket | undefined {
    if (isBound(this.socket) || isClosed(this.socket)) return undefined
    this.#address = address
    if (address === undefined) return undefined
    return superseded
      .flatMap((run) => run.resources)
      .filter((resource) => resource instanceof OwnedSocket)
      .find((resource) => resource.#address === address && !resource.#isPassedOn && isBound(resource.socket))
  }

  takeOver(previous: OwnedSocket): void {
    this.#taken = { from: previous, giveBack: takeHandle(this.socket, previous.socket) }
    previous.#isPassedOn = true
    excluded.add(this.socket)
    this.#memberships.inherit(this.socket, previous.socket)
  }

  undo(): void {
    const taken = this.#taken
    if (!taken || isClosed(this.socket)) return this.dispose()
    this.#memberships.giveBack(this.socket, taken.from.socket)
    taken.giveBack()
    taken.from.#isPassedOn = false
  }

  dispose(): void {
    this.#taken = undefined
    // The handle is another's now. What old code still has to send goes out by it.
    if (this.#isPassedOn) this.#memberships.dropUnclaimed(this.socket)
    else this.socket.close()
  }
}

/** The start-up window stays open until it is bound or failed to, and a run that is not the first fails if it does. */
function expectBound(socket: Socket, run: Run, ownership: Ownership): void {
  if (!ownership.current) return
  const release = ownership.window.hold()
  const emitter: EventEmitter = socket
  const bound = new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown): void => {
      socket.off('listening', settle)
      socket.off('close', settle)
      emitter.off(errorMonitor, settle)
      if (!error) socket.off('error', ignore)
      release()
      if (error) reject(error as Error)
      else resolve()
    }
    socket.once('listening', settle)
    socket.once('close', settle)
    emitter.once(errorMonitor, settle)
    // The update fails, instead of the process.
    if (run.isProvisional) socket.once('error', ignore)
  })
  run.expect(bound)
}

function ignore(): void {
  // Said by the failed update.
}

/** What a socket was asked to bind to, if that is a fixed port. None for a descriptor given from outside. */
function toAddress(socket: Socket, args: readonly unknown[]): string | undefined {
  const [first, second] = args
  const options = (typeof first === 'object' && first !== null ? first : { port: first, address: second }) as {
    readonly port?: unknown
    readonly address?: unknown
    readonly fd?: unknown
    readonly recvStart?: unknown
  }
  const port = Number(options.port)
  if (options.fd !== undefined || options.recvStart !== undefined || !(port > 0)) return undefined
  const anywhere = typeOf(socket) === 'udp4' ? '0.0.0.0' : '::'
  return `${typeOf(socket)}|${port}|${(typeof options.address === 'string' && options.address) || anywhere}`
}

/** `udp4` or `udp6`: Node says so, its types do not. */
function typeOf(socket: Socket): string {
  return (socket as Socket & { readonly type: string }).type
}
