import { createServer, createServerModuleRunner, isRunnableDevEnvironment, type Plugin } from 'vite'
import { type Answer, ask, type Exports } from './answer.ts'

export type ColdStart = { readonly answer: Answer } | { readonly failedToStart: string }

/** Starts copies of a server from the sources as they are now, and asks them: what every hot server must answer too. */
export interface ColdOracle {
  start(entry: string): Promise<ColdStart>
  close(): Promise<void>
}

/** A Vite server without `hotNode()`. Each start evaluates every module in a module runner of its own. */
export async function createColdOracle(root: string, plugins: Plugin[] = []): Promise<ColdOracle> {
  const server = await createServer({
    configFile: false,
    root,
    logLevel: 'silent',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins,
  })
  const environment = server.environments.ssr
  if (!isRunnableDevEnvironment(environment)) throw new Error('The ssr environment cannot run modules.')

  return {
    async start(entry) {
      environment.moduleGraph.invalidateAll()
      const runner = createServerModuleRunner(environment, { hmr: false, sourcemapInterceptor: false })
      const port = process.env.PORT
      process.env.PORT = '0'
      try {
        const exports: Exports = await runner.import(entry)
        const answer = await ask(exports)
        if (typeof exports.stop === 'function') await exports.stop()
        return { answer }
      } catch (error) {
        return { failedToStart: String(error) }
      } finally {
        if (port === undefined) delete process.env.PORT
        else process.env.PORT = port
        await runner.close()
      }
    },
    close: () => server.close(),
  }
}
