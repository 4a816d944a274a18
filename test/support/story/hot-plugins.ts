import type { Plugin } from 'vite'
import { hotNode, type HotNodeOptions } from 'vite-plugin-hot-node'
import type { Outcome } from '../../../src/protocol/outcome.ts'

/** What `hotNode()` tells other plugins. */
interface HotNodeApi {
  onOutcome(listener: (outcome: Outcome) => void): () => void
  settled(): Promise<void>
}

export interface HotPlugins extends HotNodeApi {
  readonly plugins: Plugin[]
}

export function createHotPlugins(options?: HotNodeOptions): HotPlugins {
  const plugins: Plugin[] = hotNode({ logLevel: 'silent', ...options })
  const api = plugins.find((plugin) => plugin.name === 'hot-node')?.api as HotNodeApi | undefined
  if (!api) throw new Error("hotNode() returned no plugin named 'hot-node' with an api.")
  return { plugins, onOutcome: (listener) => api.onOutcome(listener), settled: () => api.settled() }
}
