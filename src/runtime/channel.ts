import {
  CHANNEL_KEY,
  type Failed,
  FAILED_EVENT,
  INVALIDATED_EVENT,
  LOCAL_CHANNELS,
  NEXT_EVENT,
  OUTCOME_EVENT,
  type Outcome,
  RECEIVED_EVENT,
  type Update,
  UPDATE_EVENT,
} from '../protocol/index.ts'
import type { Updater } from './update/updater.ts'

/** The part of `import.meta.hot` that carries messages (vite.dev/guide/api-hmr). */
export interface HotChannel {
  on(event: string, listener: (data: unknown) => void): void
  send(event: string, data?: unknown): void
}

/**
 * The host's channel; or one that the plugin offers where it is in the same process, as the runner of `ssrLoadModule` gives
 * modules no `import.meta.hot`.
 */
export function findChannel(hot: HotChannel | undefined): HotChannel | undefined {
  const shared = globalThis as { readonly [key: symbol]: ReadonlyMap<string, () => HotChannel> | undefined }
  return hot ?? shared[Symbol.for(LOCAL_CHANNELS)]?.get(CHANNEL_KEY)?.()
}

/** Takes updates from the channel, says at once that they came, and later what they came to. */
export function connect(updater: Updater, hot: HotChannel | undefined): void {
  if (!hot) return
  hot.on(NEXT_EVENT, () => updater.hurry())
  hot.on(FAILED_EVENT, (data) => void updater.fail(data as Failed))
  updater.onInvalidated = (invalidated) => send(hot, INVALIDATED_EVENT, invalidated)
  hot.on(UPDATE_EVENT, (data) => {
    const update = data as Update
    send(hot, RECEIVED_EVENT, { number: update.number })
    void updater.apply(update).then((outcome: Outcome | undefined) => outcome && send(hot, OUTCOME_EVENT, outcome))
  })
}

/** A channel may be closed: under vite-node without --watch it is not even open, and nobody listens. */
function send(hot: HotChannel, event: string, data: unknown): void {
  try {
    hot.send(event, data)
  } catch {
    // Nobody to tell.
  }
}
