import { existsSync, readFileSync } from 'node:fs'
import type { EnvironmentModuleGraph, Plugin, ViteDevServer } from 'vite'
import { fails, patch, recovers, rerun, type Row, tell } from '../../support/story/index.ts'

const FILE = 'routes.txt'

/** How a plugin says that what it makes a module of has changed. */
type Manner = (id: string, file: () => string) => Partial<Plugin>

/** A module of a plugin that lists the words of a file, and has state. */
function toPlugin(id: string, resolved: string, manner: Manner, isWatched: boolean): Plugin {
  let root = ''
  const file = (): string => `${root}/${FILE}`
  return {
    name: 'test:virtual',
    configResolved: (config) => {
      root = config.root
    },
    resolveId: (source) => (source === id ? resolved : undefined),
    load(loaded) {
      if (loaded !== resolved) return undefined
      if (isWatched) this.addWatchFile(file())
      const text = existsSync(file()) ? readFileSync(file(), 'utf8') : 'nothing'
      if (text.includes('!')) this.error(`${FILE} has an exclamation mark`)
      return `export const seen = new Map()
        export const words = ${JSON.stringify(text.split(' '))}
        export const describe = () => ${JSON.stringify(text)}`
    },
    ...manner(resolved, file),
  }
}

interface Names {
  readonly id?: string
  readonly resolved?: string
  readonly isWatched?: boolean
}

function toRow(name: string, manner: Manner, { id = 'virtual:routes', resolved, isWatched = false }: Names = {}): Row {
  return {
    name,
    files: { [FILE]: 'a b' },
    plugins: () => [toPlugin(id, resolved ?? `\0${id}`, manner, isWatched)],
    server: `
      import { describe, seen, words } from '${id}'
      const table = new Set(words)
      const cache = new Map()
      export const visit = () => seen.set('visits', (seen.get('visits') ?? 0) + 1)
      export const probe = () => [describe(), [...table]]
      export const state = () => [...seen]
      export const retained = () => ({ cache, seen, table })`,
    edits: [
      rerun({ [FILE]: 'a b c' }, { calls: ['visit'], recreated: ['table'] }),
      fails({ [FILE]: 'a b c !' }, { message: /has an exclamation mark/ }, { calls: ['visit'] }),
      recovers({ [FILE]: 'a b c' }, { sameAnswer: true }),
      rerun({ [FILE]: 'c' }, { calls: ['visit'], recreated: ['table'] }),
    ],
  }
}

/** What most do: a listener of the watcher invalidates the module where it is, and asks for more. */
function onChange(then: (server: ViteDevServer, id: string) => void): Manner {
  return (id, file) => ({
    configureServer(server) {
      server.watcher.on('change', (changed) => {
        if (changed === file()) then(server, id)
      })
    },
  })
}

function invalidate(graph: EnvironmentModuleGraph, id: string): void {
  const module = graph.getModuleById(id)
  if (module) graph.invalidateModule(module)
}

function invalidateEverywhere({ environments }: ViteDevServer, id: string): void {
  for (const { moduleGraph } of Object.values(environments)) invalidate(moduleGraph, id)
}

const nothingMore: Manner = () => ({})

tell('a virtual module', [
  toRow('that watches a file', nothingMore, { isWatched: true }),
  toRow('that watches a file, with the name of a script', nothingMore, { id: 'virtual:routes.ts', isWatched: true }),
  toRow('that watches a file, resolved to its own name', nothingMore, { resolved: 'virtual:routes', isWatched: true }),
  toRow('that hotUpdate adds to the modules of a file', (id, file) => ({
    hotUpdate(options) {
      const module = this.environment.moduleGraph.getModuleById(id)
      return options.file === file() && module ? [...options.modules, module] : undefined
    },
  })),
  toRow('that handleHotUpdate adds to the modules of a file', (id, file) => ({
    handleHotUpdate(context) {
      const module = context.server.moduleGraph.getModuleById(id)
      return context.file === file() && module ? [...context.modules, module] : undefined
    },
  })),
  toRow('that a plugin invalidates', onChange(invalidateEverywhere)),
  toRow(
    "that a plugin invalidates in the server's environment",
    onChange(({ environments: { ssr } }, id) => invalidate(ssr.moduleGraph, id)),
  ),
  toRow(
    'that a plugin invalidates, asking pages to load again',
    onChange((server, id) => {
      invalidateEverywhere(server, id)
      server.ws.send({ type: 'full-reload' })
    }),
  ),
  toRow(
    'that a plugin has reloaded',
    onChange((server, id) => {
      const module = server.moduleGraph.getModuleById(id)
      if (module) void server.reloadModule(module)
    }),
  ),
  {
    name: 'of which a plugin knows more than a file: full reload asked for',
    files: { [FILE]: 'a' },
    plugins: () => [
      toPlugin(
        'virtual:routes',
        '\0virtual:routes',
        onChange(({ environments: { ssr } }) => ssr.hot.send({ type: 'full-reload' })),
        false,
      ),
    ],
    server: `
      import { describe, seen } from 'virtual:routes'
      export const visit = () => seen.set('visits', (seen.get('visits') ?? 0) + 1)
      export const probe = () => describe()
      export const state = () => [...seen]`,
    edits: [patch({ [FILE]: 'b' }, { calls: ['visit'] })],
  },
])
