import { createServer, type InlineConfig, type ViteDevServer } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'
import type { Task } from '../messages.ts'
import { UNHELD, watchWithoutHolding } from './unheld-watchers.ts'

/** Makes a Vite server that serves nobody but the module runner in this process. */
export async function createViteServer({ root, config, mode }: Task): Promise<ViteDevServer> {
  watchWithoutHolding()
  const inline: InlineConfig = {
    root,
    appType: 'custom',
    clearScreen: false,
    server: { middlewareMode: true, ws: false, hmr: true, watch: { persistent: UNHELD } },
    optimizeDeps: { noDiscovery: true },
    // If the config has it as well, this one does nothing.
    plugins: [hotNode()],
    ...(config !== undefined && { configFile: config }),
    ...(mode !== undefined && { mode }),
  }
  return createServer(inline)
}
