import type { EventEmitter } from 'node:events'
import type { CustomPayload, DevEnvironment, ViteDevServer } from 'vite'
import { deliver } from './local-channel.ts'

/** Custom events that wait for vite-node to listen, which it does when its entry has run: no more, as that may never be. */
const MOST_EARLY = 1_000

/** The way to and from vite-node's runner. Read in vite-node 6. */
export interface ViteNode {
  /**
   * Hears what the runner sends, for whatever environment.
   *
   * @returns how to stop: the emitter is the same after Vite has restarted
   */
  onMessage(listener: (event: string, data: unknown) => void): () => void
  /**
   * Makes custom events of users go both ways, which vite-node's own channel drops.
   *
   * @returns how to stop those of the runner
   */
  carryCustomEvents(environment: DevEnvironment): () => void
}

/** vite-node's part of a server, if it runs the server's modules. */
export function viteNodeOf(server: ViteDevServer): ViteNode | undefined {
  const { emitter } = server as { readonly emitter?: EventEmitter }
  if (!emitter) return undefined
  const onMessage: ViteNode['onMessage'] = (listener) => {
    const hear = (json: string): void => {
      const { event, data } = JSON.parse(json) as { readonly event: string; readonly data: unknown }
      listener(event, data)
    }
    emitter.on('custom', hear)
    return () => emitter.off('custom', hear)
  }
  return {
    onMessage,
    carryCustomEvents(environment) {
      const { hot } = environment
      const send = hot.send.bind(hot) as (payload: unknown) => void
      const early: CustomPayload[] = []
      const sendEarly = (name: string | symbol): void => {
        if (name !== 'message') return
        emitter.off('newListener', sendEarly)
        // It is not among the listeners yet.
        queueMicrotask(() => early.splice(0).forEach(send))
      }
      emitter.on('newListener', sendEarly)
      // It takes payloads alone, and not `send(event, data)`.
      hot.send = (...args: readonly unknown[]) => {
        const payload = typeof args[0] === 'string' ? { type: 'custom', event: args[0], data: args[1] } : args[0]
        const isEarly = emitter.listenerCount('message') === 0 && early.length < MOST_EARLY
        if (isEarly && isOfUser(payload)) early.push(payload)
        else send(payload)
      }
      // Of what comes from the runner, listeners on the environment's channel hear nothing.
      // Later: what is sent while it hands over what was sent before, such as to an answer, it sends all of again.
      const stop = onMessage((event, data) => queueMicrotask(() => deliver(environment, event, data)))
      return () => {
        emitter.off('newListener', sendEarly)
        stop()
      }
    },
  }
}

/** The plugin repeats its own until they are answered. */
function isOfUser(payload: unknown): payload is CustomPayload {
  const { type, event } = payload as Partial<CustomPayload>
  return type === 'custom' && !event?.startsWith('hot-node:')
}
