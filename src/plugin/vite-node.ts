import type { EventEmitter } from 'node:events'
import type { DevEnvironment, ViteDevServer } from 'vite'
import { deliver } from './local-channel.ts'

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
      // It takes payloads alone, and not `send(event, data)`.
      hot.send = (...args: readonly unknown[]) =>
        send(typeof args[0] === 'string' ? { type: 'custom', event: args[0], data: args[1] } : args[0])
      // Of what comes from the runner, listeners on the environment's channel hear nothing.
      return onMessage((event, data) => deliver(environment, event, data))
    },
  }
}
