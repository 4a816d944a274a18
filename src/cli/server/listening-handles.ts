import { Server } from 'node:net'
import { type Address, compareAddresses, toListenRequest } from '../../runtime/resources/listen-arguments.ts'
import { adoptHandle, type AnyServer } from '../../runtime/resources/server-internals.ts'
import type { Place } from '../messages.ts'

export type Handle = NonNullable<AnyServer['_handle']>

type Listen = (this: AnyServer, ...args: unknown[]) => AnyServer

/** What a process listens on, and what the process before it did. */
export class ListeningHandles {
  /** What the program asked for when it came to listen on a handle. Handles move from server to server, addresses with them. */
  readonly #addresses = new WeakMap<Handle, Address>()
  /** Lent by the process before, and not taken yet. Filled by `inherit`, emptied by `listen()` of servers and `giveUp`. */
  readonly #inherited = new Map<Handle, Place>()
  /** Called when nothing is left to be taken. */
  #onAllTaken: (() => void) | undefined

  /** From here on, servers that are made to listen where the process before does take over its handle. */
  watch(): void {
    const take = (address: Address): Handle | undefined => this.#take(address)
    const note = ({ _handle: handle }: AnyServer, address: Address): void => {
      if (handle) this.#addresses.set(handle, address)
    }
    const listen = Server.prototype.listen as unknown as Listen
    Server.prototype.listen = function (this: AnyServer, ...args: unknown[]): AnyServer {
      const request = toListenRequest(args)
      if (!request) return listen.apply(this, args)
      const handle = take(request.address)
      if (!handle) {
        this.once('listening', () => note(this, request.address))
        return listen.apply(this, args)
      }
      const callback = args.find((argument) => typeof argument === 'function')
      if (callback) this.once('listening', callback as () => void)
      const { readableAll, writableAll, signal } = request.options
      signal?.addEventListener('abort', () => this.close(), { once: true })
      adoptHandle(this, { _handle: handle } as AnyServer, { backlog: request.backlog, readableAll, writableAll })
      note(this, request.address)
      return this
    } as unknown as typeof Server.prototype.listen
  }

  /** The servers that listen, each on one handle. */
  get servers(): AnyServer[] {
    const { _getActiveHandles: activeHandles } = process as unknown as { _getActiveHandles(): unknown[] }
    return activeHandles
      .call(process)
      .filter((one): one is AnyServer => one instanceof Server && (one as AnyServer)._handle !== null)
  }

  /** What the next process may listen on: TCP ports. A Unix socket's file would go with the first that closes it. */
  lend(): { readonly place: Place; readonly handle: Handle }[] {
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
   * Resolves when everything inherited is listened on. What has not been taken after a time is closed, as nobody would answer
   * there.
   */
  allTaken(longest: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer)
        for (const handle of this.#inherited.keys()) handle.close()
        this.#inherited.clear()
        resolve()
      }
      const timer = setTimeout(finish, longest).unref()
      this.#onAllTaken = finish
      if (this.#inherited.size === 0) finish()
    })
  }

  #take(asked: Address): Handle | undefined {
    for (const [handle, { address, bound }] of this.#inherited) {
      if (compareAddresses(address, bound, asked) !== 'same') continue
      this.#inherited.delete(handle)
      // A server says that it listens on the next tick.
      if (this.#inherited.size === 0) setImmediate(() => this.#onAllTaken?.())
      return handle
    }
    return undefined
  }
}
