import type { EventEmitter } from 'node:events'
import type { DevEnvironment, Environment, HotPayload } from 'vite'
import { CHANNEL_KEY, LOCAL_CHANNELS } from '../protocol/index.ts'

type Listener = (data: unknown) => void

/** What a runtime is given (`HotChannel` there). */
interface Connection {
  on(event: string, listener: Listener): void
  send(event: string, data?: unknown): void
}

const keys = new WeakMap<Environment, string>()
let count = 0

/** By key, how a runtime in this process connects. All copies of the plugin share it. */
function channels(): Map<string, () => Connection> {
  const shared = globalThis as { [key: symbol]: Map<string, () => Connection> | undefined }
  return (shared[Symbol.for(LOCAL_CHANNELS)] ??= new Map())
}

/**
 * Opens a channel for a runtime in this process that has no `import.meta.hot`, as that of modules loaded with
 * `ssrLoadModule`. A runtime that is evaluated anew takes the place of the one before.
 *
 * @returns whether somebody is connected
 */
export function openLocalChannel(environment: DevEnvironment): () => boolean {
  const key = `${process.pid}-${++count}`
  keys.set(environment, key)
  let listeners: Map<string, Listener[]> | undefined
  const { hot } = environment
  const send = hot.send.bind(hot) as (...args: readonly unknown[]) => void
  hot.send = (...args: readonly [HotPayload | string, unknown?]) => {
    send(...args)
    const [first, data] = args
    const payload = typeof first === 'string' ? { type: 'custom' as const, event: first, data } : first
    if (payload.type === 'custom') for (const listener of listeners?.get(payload.event) ?? []) listener(payload.data)
  }
  channels().set(key, () => {
    const own = (listeners = new Map<string, Listener[]>())
    return {
      on: (event, listener) => void own.set(event, [...(own.get(event) ?? []), listener]),
      send: (event, data) => own === listeners && deliver(environment, event, data),
    }
  })
  return () => listeners !== undefined
}

export function closeLocalChannel(environment: Environment): void {
  channels().delete(keys.get(environment) ?? '')
}

/** The runtime's code, for an environment. */
export function withChannel(code: string, environment: Environment): string {
  return code.replaceAll(CHANNEL_KEY, keys.get(environment) ?? '')
}

/**
 * Has listeners on an environment's channel hear a custom event, as if its runner had sent it. Read in Vite 8: a server's
 * channel emits what it receives on `innerEmitter`.
 */
export function deliver(environment: DevEnvironment, event: string, data: unknown): void {
  const { hot } = environment
  const { api } = hot as { readonly api?: { readonly innerEmitter?: EventEmitter } }
  api?.innerEmitter?.emit(event, data, { send: hot.send.bind(hot) })
}
