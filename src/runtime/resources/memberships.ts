import { Socket } from 'node:dgram'

type Change = (this: Socket, ...args: string[]) => void

const DROP = { addMembership: 'dropMembership', addSourceSpecificMembership: 'dropSourceSpecificMembership' } as const
type AddName = keyof typeof DROP

interface Membership {
  readonly add: AddName
  readonly args: readonly string[]
}

/**
 * The multicast groups that sockets are members of. They belong to the handle: code that joins a group runs again on a
 * handle that is a member already, which Node refuses. Who took a handle over is told that it joined, and what it has not
 * joined by the time the update is over is left.
 */
export class Memberships {
  /** Groups joined by a socket's own code. */
  readonly #own = new WeakMap<Socket, Map<string, Membership>>()
  /** Groups of a handle that was taken over, which the code of the new socket has not joined yet; by that socket. */
  readonly #inherited = new WeakMap<Socket, Map<string, Membership>>()
  /** To whom a socket passed its handle. */
  readonly #heirs = new WeakMap<Socket, Socket>()
  readonly #methods = Socket.prototype as unknown as Record<string, Change>
  readonly #originals: Readonly<Record<string, Change>>

  constructor() {
    const names = (Object.keys(DROP) as AddName[]).flatMap((add) => [add, DROP[add]] as const)
    this.#originals = Object.fromEntries(names.map((name) => [name, this.#methods[name] as Change]))
    for (const add of Object.keys(DROP) as AddName[]) this.#watch(add)
  }

  inherit(next: Socket, previous: Socket): void {
    this.#inherited.set(next, new Map(this.#own.get(previous)))
    this.#heirs.set(previous, next)
  }

  /** Leaves what nobody claimed. Called when the handle of a socket is another's for good. */
  dropUnclaimed(previous: Socket): void {
    const heir = this.#heirs.get(previous)
    const unclaimed = heir && this.#inherited.get(heir)
    if (!unclaimed) return
    this.#inherited.delete(heir)
    for (const membership of unclaimed.values()) this.#apply(heir, membership, 'drop')
  }

  /** Leaves what only the new socket joined, before the handle goes back. */
  giveBack(next: Socket, previous: Socket): void {
    const before = this.#own.get(previous) ?? new Map<string, Membership>()
    const claimed = this.#own.get(next) ?? new Map<string, Membership>()
    const unclaimed = this.#inherited.get(next) ?? new Map<string, Membership>()
    for (const [key, membership] of claimed) if (!before.has(key)) this.#apply(next, membership, 'drop')
    for (const [key, membership] of before)
      if (!claimed.has(key) && !unclaimed.has(key)) this.#apply(next, membership, 'add')
    this.#own.delete(next)
    this.#inherited.delete(next)
    this.#heirs.delete(previous)
  }

  #watch(add: AddName): void {
    const drop = DROP[add]
    const { [add]: join, [drop]: leave } = this.#originals
    const inherited = this.#inherited
    const own = this.#own
    this.#methods[add] = function (...args) {
      const key = toKey(add, args)
      if (!inherited.get(this)?.delete(key)) join?.apply(this, args)
      own.set(this, (own.get(this) ?? new Map<string, Membership>()).set(key, { add, args }))
    }
    this.#methods[drop] = function (...args) {
      leave?.apply(this, args)
      own.get(this)?.delete(toKey(add, args))
    }
  }

  #apply(socket: Socket, { add, args }: Membership, what: 'add' | 'drop'): void {
    try {
      this.#originals[what === 'add' ? add : DROP[add]]?.apply(socket, [...args])
    } catch {
      // The interface may be gone, or the socket closed: then there is nothing to leave.
    }
  }
}

function toKey(add: AddName, args: readonly (string | undefined)[]): string {
  return [add, ...args.map((argument) => argument ?? '')].join('|')
}
