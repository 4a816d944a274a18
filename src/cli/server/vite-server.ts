import { createServer, type InlineConfig, type ViteDevServer } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'
import type { Task } from '../messages.ts'

/**
 * Files are watched without keeping the process alive: a program that has nothing left to do ends. Elsewhere than on Linux
 * Vite's watcher cannot do that (FSEvents) or would not survive a deleted folder (Windows).
 */
const persistent = process.platform !== 'linux'

/** Makes a Vite server that serves nobody but the module runner in this process. */
export async function createViteServer({ root, config, mode }: Task): Promise<ViteDevServer> {
  const inline: InlineConfig = {
    root,
    appType: 'custom',
    clearScreen: false,
    server: { middlewareMode: true, ws: false, hmr: true, watch: { persistent } },
    optimizeDeps: { noDiscovery: true },
    // If the config has it as well, this one does nothing.
    plugins: [hotNode()],
    ...(config !== undefined && { configFile: config }),
    ...(mode !== undefined && { mode }),
  }
  return createServer(inline)
}
