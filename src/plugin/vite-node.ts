import type { EventEmitter } from 'node:events'
import type { DevEnvironment, ViteDevServer } from 'vite'
import { deliver } from './local-channel.ts'

/** The way to and from vite-node's runner. Read in vite-node 6. */
export interface ViteNode {
  /** Hears what the runner sends, for whatever environment. */
  onMessage(listener: (event: string, data: unknown) => void): void
  /** Makes custom events of users go both ways, which vite-node's own channel drops. */
  carryCustomEvents(environment: DevEnvironment): void
}

/** vite-node's part of a server, if it runs the server's modules. */
export function viteNodeOf(server: ViteDevServer): ViteNode | undefined {
  const { emitter } = server as { readonly emitter?: EventEmitter }
  if (!emitter) return undefined
  const onMessage: ViteNode['onMessage'] = (listener) => {
    emitter.on('custom', (json: string) => {
      const { event, data } = JSON.parse(json) as { readonly event: string; readonly data: unknown }
      listener(event, data)
    })
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
      onMessage((event, data) => deliver(environment, event, data))
    },
  }
}
