import { errorMonitor } from 'node:events'
import { Server } from 'node:net'
import { type Address, compareAddresses, toListenRequest } from '../../runtime/resources/listen-arguments.ts'
import { adoptHandle, type AnyServer } from '../../runtime/resources/server-internals.ts'
import type { Place } from '../messages.ts'

export type Handle = NonNullable<AnyServer['_handle']>

type Listen = (this: AnyServer, ...args: unknown[]) => AnyServer

/** How long after its evaluation the entry may take to listen where the process before it does. */
const SOON = 1_000
const LONGEST = 10_000

/** What a process listens on, and what the process before it did. */
export class ListeningHandles {
  /** What the program asked for when it came to listen on a handle. Handles move from server to server, addresses with them. */
  readonly #addresses = new WeakMap<Handle, Address>()
  /** Lent by the process before, and not taken yet. Filled by `inherit`, emptied by `listen()` of servers and `giveUp`. */
  readonly #inherited = new Map<Handle, Place>()
  /** Servers that have been asked to listen, and do not yet: how to forget each. */
  readonly #attempts = new Set<() => void>()
  /** Called when nothing is left to be taken. */
  #onAllTaken: (() => void) | undefined

  /** From here on, servers that are made to listen where the process before does take over its handle. */
  watch(): void {
    const begin = (server: AnyServer, address: Address): Handle | undefined => this.#begin(server, address)
    const listen = Server.prototype.listen as unknown as Listen
    Server.prototype.listen = function (this: AnyServer, ...args: unknown[]): AnyServer {
      const request = toListenRequest(args)
      const handle = request && begin(this, request.address)
      if (!handle) return listen.apply(this, args)
      const callback = args.find((argument) => typeof argument === 'function')
      if (callback) this.once('listening', callback as () => void)
      const { readableAll, writableAll, signal } = request.options
      signal?.addEventListener('abort', () => this.close(), { once: true })
      adoptHandle(this, { _handle: handle } as AnyServer, { backlog: request.backlog, readableAll, writableAll })
      return this
    } as unknown as typeof Server.prototype.listen
  }

  /** A server is to listen. Returns what it takes over, if there is something. */
  #begin(server: AnyServer, address: Address): Handle | undefined {
    const settle = (): void => {
      server.off('listening', settle)
      server.off(errorMonitor as never, settle)
      this.#attempts.delete(settle)
      if (server._handle) this.#addresses.set(server._handle, address)
      // The program is told on the same occasion, and may try elsewhere.
      setImmediate(() => this.#look())
    }
    this.#attempts.add(settle)
    server.once('listening', settle)
    server.once(errorMonitor as never, settle)
    return this.#take(address)
  }

  /** The servers that listen, each on one handle. */
  get servers(): AnyServer[] {
    const { _getActiveHandles: activeHandles } = process as unknown as { _getActiveHandles(): unknown[] }
    return activeHandles
      .call(process)
      .filter((one): one is AnyServer => one instanceof Server && (one as AnyServer)._handle !== null)
  }

  /**
   * What the next process may listen on: TCP ports. A Unix socket's file would go with the first that closes it, and on
   * Windows this has not been tried.
   */
  lend(): { readonly place: Place; readonly handle: Handle }[] {
    if (process.platform === 'win32') return []
    return this.servers.flatMap((server) => {
      const handle = server._handle
      const address = handle && this.#addresses.get(handle)
      return handle && address?.kind === 'port' ? [{ place: { address, bound: server.address() }, handle }] : []
    })
  }

  inherit(place: Place, handle: Handle): void {
    this.#inherited.set(handle, place)
  }

  /**
   * Resolves when everything inherited is listened on, and whatever else is to be. What has not been taken after a time is
   * closed, as nobody would answer there: sooner if something else is listened on.
   */
  allTaken(): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(sooner)
        clearTimeout(later)
        for (const handle of this.#inherited.keys()) handle.close()
        this.#inherited.clear()
        resolve()
      }
      const sooner = setTimeout(() => this.servers.length > 0 && finish(), SOON).unref()
      const later = setTimeout(finish, LONGEST).unref()
      this.#onAllTaken = finish
      this.#look()
    })
  }

  #look(): void {
    if (this.#inherited.size + this.#attempts.size === 0) this.#onAllTaken?.()
  }

  /** Of the same port on another host, it would be in the way. */
  #take(asked: Address): Handle | undefined {
    for (const [handle, { address, bound }] of this.#inherited) {
      const relation = compareAddresses(address, bound, asked)
      if (relation === 'other') continue
      this.#inherited.delete(handle)
      if (relation === 'same') return handle
      handle.close()
    }
    return undefined
  }
}
