// Runs an entry as `vite-node --watch server.ts` does, but in Vite's own module runner, and likewise says when the entry
// is watched: `node module-runner.mjs server.ts`. With `--own` it makes that runner, and does not take the environment's;
// with `--environment api` it runs in an environment that Vite does not know by itself.
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createServer, createServerModuleRunner } from 'vite'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { own: { type: 'boolean' }, environment: { type: 'string', default: 'ssr' } },
})
const entry = path.resolve(positionals[0])
const server = await createServer({
  appType: 'custom',
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
  environments: { [values.environment]: { consumer: 'server' } },
})
const environment = server.environments[values.environment]
const runner = values.own ? createServerModuleRunner(environment) : environment.runner
await runner.import(entry)
while (!server.watcher.getWatched()[path.dirname(entry)]?.includes(path.basename(entry))) await setTimeout(20)
console.log('[debug] watcher is ready')
