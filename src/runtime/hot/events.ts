import type { HotChannel } from '../channel.ts'
import type { AnyCallback, Handler } from './handlers.ts'

/** Those that the runtime dispatches. The host may do so for updates of its own, of which there are none. */
const OWN = new Set(
  ['beforeUpdate', 'afterUpdate', 'beforeFullReload', 'beforePrune', 'invalidate', 'error'].map(
    (name) => `vite:${name}`,
  ),
)

/** Events of `import.meta.hot`: those that the runtime dispatches itself, and those that come over the host's channel. */
export class HotEvents {
  readonly #listeners = new Map<string, Set<Handler>>()
  /** None under a host without one. Written by `connect`. */
  #channel: HotChannel | undefined

  /** From here on, custom events come and go. */
  connect(channel: HotChannel): void {
    this.#channel = channel
    for (const event of this.#listeners.keys()) this.#receive(event)
  }

  /** Listeners of an event. */
  of(event: string): Set<Handler> {
    const known = this.#listeners.get(event)
    if (known) return known
    const listeners = new Set<Handler>()
    this.#listeners.set(event, listeners)
    this.#receive(event)
    return listeners
  }

  remove(event: string, callback: AnyCallback): void {
    const listeners = this.#listeners.get(event) ?? new Set()
    for (const listener of listeners) if (listener.callback === callback) listeners.delete(listener)
  }

  /** Does nothing under a host without a channel. */
  send(event: string, data: unknown): void {
    this.#channel?.send(event, data)
  }

  /**
   * Calls the listeners of an event, one after the other.
   *
   * @param call how a callback is called
   */
  async dispatch(event: string, payload: unknown, call: Call): Promise<void> {
    // Those that are added meanwhile hear of the next one.
    const handlers = [...(this.#listeners.get(event) ?? [])]
    for (const handler of handlers) await call(handler, payload, `'${event}' listener`)
  }

  #receive(event: string): void {
    if (!OWN.has(event)) this.#channel?.on(event, (data) => void this.dispatch(event, data, callPlainly))
  }
}

/** Calls a handler and waits for what it returns. Does not throw. */
export type Call = (handler: Handler, argument: unknown, label: string) => Promise<void>

/** Where there is no update whose outcome could tell of an error. */
export const callPlainly: Call = async ({ callback }, argument, label) => {
  try {
    await callback(argument as never)
  } catch (error) {
    console.error(`[hot-node] ${label} threw:`, error)
  }
}
