import { createServer, type InlineConfig, isRunnableDevEnvironment, type Plugin, type ViteDevServer } from 'vite'
import { ViteNodeRunner } from 'vite-node/client'
import { createHotContext, handleMessage, viteNodeHmrPlugin } from 'vite-node/hmr'
import { ViteNodeServer } from 'vite-node/server'
import { installSourcemapsSupport } from 'vite-node/source-map'
import type { Exports } from './answer.ts'
import { ErrorPrepareStackTrace } from './node-stack-traces.ts'

/** What runs a server's modules. */
export interface Host {
  readonly server: ViteDevServer
  import(file: string): Promise<Exports>
  close(): Promise<void>
}

export type HostName = 'module runner' | 'vite-node' | 'ssrLoadModule'

/** The axis of every scenario: each is told once per host. */
export const HOSTS: readonly HostName[] = ['module runner', 'vite-node', 'ssrLoadModule']

export async function createHost(name: HostName, root: string, plugins: Plugin[]): Promise<Host> {
  const { prepareStackTrace } = Error
  Object.assign(Error, { prepareStackTrace: ErrorPrepareStackTrace })
  const host = await CREATORS[name](root, plugins)
  return {
    ...host,
    close() {
      Object.assign(Error, { prepareStackTrace })
      return host.close()
    },
  }
}

async function createModuleRunnerHost(root: string, plugins: Plugin[]): Promise<Host> {
  const server = await createServer(toConfig(root, plugins))
  const environment = server.environments.ssr
  if (!isRunnableDevEnvironment(environment)) throw new Error('The ssr environment cannot run modules.')
  return {
    server,
    import: (file) => environment.runner.import<Exports>(file),
    close: () => server.close(),
  }
}

/** As a server in front of Vite's middleware does it: its modules have no `import.meta.hot` of Vite's. */
async function createSsrHost(root: string, plugins: Plugin[]): Promise<Host> {
  const server = await createServer(toConfig(root, plugins))
  return {
    server,
    import: (file) => server.ssrLoadModule(file),
    close: () => server.close(),
  }
}

/** As vite-node's command line (6.0.0) does it for `vite-node --watch`. */
async function createViteNodeHost(root: string, plugins: Plugin[]): Promise<Host> {
  const server = await createServer(toConfig(root, [...plugins, viteNodeHmrPlugin()]))
  await server.environments.client.pluginContainer.buildStart({})
  const node = new ViteNodeServer(server)
  installSourcemapsSupport({ getSourceMap: (source) => node.getSourceMap(source) })
  const entries: string[] = []
  const runner = new ViteNodeRunner({
    root: server.config.root,
    base: server.config.base,
    fetchModule: (id) => node.fetchModule(id),
    resolveId: (id, importer) => node.resolveId(id, importer),
    createHotContext: (owner, url) => createHotContext(owner, server.emitter, entries, url),
  })
  await runner.executeId('/@vite/env')
  server.emitter.on('message', (payload) => {
    void handleMessage(runner, server.emitter, entries, payload)
  })
  return {
    server,
    import(file) {
      if (!entries.includes(file)) entries.push(file)
      return runner.executeFile(file)
    },
    close: () => server.close(),
  }
}

const CREATORS: Readonly<Record<HostName, (root: string, plugins: Plugin[]) => Promise<Host>>> = {
  'module runner': createModuleRunnerHost,
  'vite-node': createViteNodeHost,
  ssrLoadModule: createSsrHost,
}

function toConfig(root: string, plugins: Plugin[]): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'silent',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins,
  }
}
