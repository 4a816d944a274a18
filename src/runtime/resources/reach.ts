import { Server, Socket } from 'node:net'
import { isModuleNamespaceObject, isProxy } from 'node:util/types'

/**
 * Looks for the sockets that values hold, directly or not: in properties, arrays, maps and sets, nearest first. Nothing of
 * the user's is called, so what a getter answers is not seen, nor what closures and private fields hold. Servers hold the
 * sockets of all who use them, so they are left out.
 */
export class SocketSearch {
  readonly #seen = new Set<object>()
  readonly #most: number
  #looked = 0

  /** @param most how many values to look at, of which 20,000 take some ten milliseconds */
  constructor(most: number) {
    this.#most = most
  }

  /** There was more to look at. */
  get isCut(): boolean {
    return this.#looked >= this.#most
  }

  /** Sockets not found before. */
  within(roots: Iterable<unknown>): Socket[] {
    const sockets: Socket[] = []
    const queue: object[] = []
    const lookAt = (values: Iterable<unknown>): void => {
      for (const value of values) {
        if (this.isCut) return
        this.#looked++
        if (!isObject(value) || this.#seen.has(value)) continue
        this.#seen.add(value)
        // A trap of a proxy would be asked for its class.
        if (isProxy(value) || isModuleNamespaceObject(value) || ArrayBuffer.isView(value)) continue
        if (value instanceof Socket) sockets.push(value)
        else if (!(value instanceof Server)) queue.push(value)
      }
    }
    lookAt(roots)
    // It grows meanwhile.
    for (const object of queue) lookAt(contentsOf(object))
    return sockets
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function* contentsOf(object: object): Generator {
  if (object instanceof Map) for (const entry of Map.prototype.entries.call(object)) yield* entry
  if (object instanceof Set) yield* Set.prototype.values.call(object)
  for (const key of Reflect.ownKeys(object)) yield Reflect.getOwnPropertyDescriptor(object, key)?.value
}
