// Runs an entry as `vite-node --watch server.ts` does, but in Vite's own module runner, and likewise says when the entry
// is watched: `node module-runner.mjs server.ts`.
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createServer } from 'vite'

const entry = path.resolve(process.argv[2])
const server = await createServer({
  appType: 'custom',
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
})
await server.environments.ssr.runner.import(entry)
while (!server.watcher.getWatched()[path.dirname(entry)]?.includes(path.basename(entry))) await setTimeout(20)
console.log('[debug] watcher is ready')
