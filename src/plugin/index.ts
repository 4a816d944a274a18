import type { SourceMapInput } from '@jridgewell/remapping'
import { type Environment, normalizePath, type Plugin, type ResolvedConfig, type ViteDevServer } from 'vite'
import { Channel } from './channel.ts'
import { interceptFullReloads, reloadBrowser } from './full-reload.ts'
import { HotCodeCache } from './hot-code-cache.ts'
import { keepInstances } from './importers.ts'
import { onInvalidated } from './invalidated.ts'
import { closeLocalChannel } from './local-channel.ts'
import { followLinks } from './links.ts'
import { RunnerForm, runnerForm } from './hooks/runner-form.ts'
import { runtimeModule } from './hooks/runtime-module.ts'
import {
  createLabeler,
  createModuleFilter,
  isForeign,
  isReload,
  toModuleId,
  transformModule,
} from './hooks/transform.ts'
import { watchedByVirtual } from './hooks/watched-by-virtual.ts'
import { type HotNodeOptions, resolveOptions } from './options.ts'
import { keepOutsideFilesWatched } from './outside-files.ts'
import { tellOfNewFolders } from './new-folders.ts'
import { Packages } from './packages.ts'
import { type OutcomeListener, Reporter, type TimingListener } from './report.ts'
import { Session } from './session.ts'
import { isTimed } from './timing.ts'
import { tellUntoldSaves } from './untold-saves.ts'
import { viteNodeOf } from './vite-node.ts'

/** What other plugins and tests may use: `plugin.api` of the plugin named `hot-node`. */
export interface HotNodeApi {
  /** Calls back with what each update came to. Returns how to stop. */
  onOutcome(listener: OutcomeListener): () => void
  /** Calls back with how long each update took, where that is measured (`DEBUG=hot-node:timing`). Returns how to stop. */
  onTiming(listener: TimingListener): () => void
  /** Applies what is saved and has not been: what failed is tried again, and every module is looked at. */
  update(): void
  /** Resolves when no update is under way. */
  settled(): Promise<void>
}

/**
 * The sessions of the newest Vite server in this process, by its root and the environment's name. After a changed config
 * Vite makes a new server, with a new plugin and an empty module graph, closes the old one, and the modules run on.
 */
const newest = new Map<string, ReadonlyMap<string, Session>>()

/**
 * Vite plugin that replaces the code of a running Node server in place when a file is saved.
 *
 * Does nothing in a build, under Vitest, or where `server.hmr` is off (`vite-node` without `--watch`).
 */
export function hotNode(userOptions?: HotNodeOptions): Plugin[] {
  const options = resolveOptions(userOptions)
  const isIncluded = createModuleFilter(options)
  /**
   * Empty where the plugin does nothing. While Vite restarts with the same plugin, as it does unless a config file made
   * it, there are those of two servers.
   */
  const sessions = new Map<Environment, Session>()
  let config: ResolvedConfig | undefined
  let reporter: Reporter | undefined
  /** Of the newest Vite server. */
  let cache: HotCodeCache | undefined
  const form = new RunnerForm()
  const packages = new Packages()

  const api: HotNodeApi = {
    onOutcome: (listener) => reporter?.onOutcome(listener) ?? (() => undefined),
    onTiming: (listener) => reporter?.onTiming(listener) ?? (() => undefined),
    update: () => {
      for (const session of sessions.values()) session.update()
    },
    settled: async () => {
      for (const session of sessions.values()) await session.settled()
    },
  }
  const plugin: Plugin = {
    name: 'hot-node',
    enforce: 'post',
    apply: 'serve',
    api,
    configResolved(resolved) {
      config = resolved
      cache = new HotCodeCache(resolved.cacheDir, resolved.root)
      // Vite restarts with the same plugin where it is no config file's: who listens goes on listening.
      reporter ??= new Reporter(options, resolved.root)
    },
    configureServer(server) {
      if (!config || !reporter || !isWanted(config) || !isFirst(plugin, config)) return
      const toLabel = createLabeler(config.root)
      const own = new Map<string, Session>()
      newest.set(config.root, own)
      // Numbers follow the clock, so that they go on where a plugin before a changed Vite config left off.
      let number = Date.now()
      const nextNumber = (): number => ++number
      for (const environment of environmentsOf(server)) {
        const channel = new Channel(environment, server, nextNumber)
        const onApplied = (files: readonly string[]): void => {
          if (options.reloadBrowser && !channel.isViteNode) reloadBrowser(server, files)
        }
        const session = new Session(environment, channel, reporter, { toLabel, server, onApplied })
        sessions.set(environment, session)
        own.set(environment.name, session)
        form.takeOver(environment, channel.isViteNode)
        // Under vite-node, another environment may transform it.
        onInvalidated(environment, (id) => {
          for (const one of channel.isViteNode ? own.values() : [session]) one.saveInvalidated(id)
        })
        if (!channel.isViteNode) {
          keepInstances(
            environment,
            () => session.isBusy,
            (url) => session.unevaluated.take(url),
          )
          packages.serve(environment)
        }
        interceptFullReloads(environment, () => {
          session.refresh()
          // vite-node has one runner for all environments.
          if (!channel.isViteNode) return session.isUsed
          for (const other of own.values()) if (other !== session) other.update()
          return [...own.values()].some(({ isUsed }) => isUsed)
        })
      }
      const isKnown = (file: string): boolean => [...own.values()].some((session) => session.knows(file))
      keepOutsideFilesWatched(server, isKnown)
      followLinks(
        server,
        (link) => [...own.values()].some((session) => session.isReachedBy(link)),
        (link) => own.forEach((session) => session.isReachedBy(link) && session.saveLink(link)),
      )
      tellOfNewFolders(server)
      tellUntoldSaves(server, {
        isKnown,
        onNoticed: (file) => own.forEach((session) => session.notice(file)),
        onDismissed: (file) => own.forEach((session) => session.dismiss(file)),
      })
      for (const event of ['change', 'add', 'unlink'] as const)
        server.watcher.on(event, (file) => {
          for (const session of own.values()) session.announce(normalizePath(file))
        })
    },
    buildStart: {
      // After those of other plugins: their hooks may need what they prepare here.
      order: 'post',
      sequential: true,
      handler() {
        // Vite calls it for one environment alone.
        for (const session of newestOf(this.environment)) session.begin()
      },
    },
    closeBundle() {
      const session = sessions.get(this.environment)
      const successor = newest.get(this.environment.getTopLevelConfig().root)?.get(this.environment.name)
      sessions.delete(this.environment)
      closeLocalChannel(this.environment)
      session?.close()
      if (session && successor && successor !== session) session.handOver(successor)
    },
    ...runtimeModule(
      (environment) => sessions.has(environment),
      async (environment) => (await form.runtimeFor(environment)) !== undefined,
    ),
    transform(code, id) {
      const session = sessions.get(this.environment)
      session?.modules.note(id)
      form.note(this.environment, id, undefined)
      if (!session || isForeign(id)) return null
      session.reach('transform', toModuleId(id))
      session.scripts.note(toModuleId(id), code)
      const isLinkedLater = form.has(this.environment)
      const hot = transformModule(code, id, { toLabel: session.toLabel, isIncluded, isLinkedLater, cache })
      session.noteTransform(toModuleId(id), hot, () => this.getCombinedSourcemap() as unknown as SourceMapInput)
      if (hot.kind === 'invalid' || !hot.module) return null
      if (hot.kind === 'hot' && isLinkedLater) form.note(this.environment, id, hot.module.record.prefix)
      // vite-node names all instances of a module alike; this tells the runtime which one a frame is of.
      const name = isReload(id) ? `\n//# sourceURL=${id}\n` : ''
      return { code: hot.module.code + name, map: hot.module.map() as never }
    },
    hotUpdate({ type, file, modules }) {
      const session = sessions.get(this.environment)
      if (!session) return undefined
      session.noteDelivery(file)
      // Vite notes imports in the graph of the importer's environment, even where another one transforms them.
      const known = session.modules
      const own = known.resolveWatched(modules).filter(({ id }) => id !== null && known.has(id))
      const others = type === 'delete' ? [...newestOf(this.environment)].filter((one) => one.knows(file)) : []
      const ids = [...new Set(others.flatMap((other) => session.idsOfDeleted(file, other)))]
      const isScript = session.scripts.find(file) !== undefined && type !== 'delete'
      if (own.length > 0 || isScript || known.hasFile(file) || ids.length > 0) {
        cache?.stop()
        session.save({ file, isDeleted: type === 'delete', isCreated: type === 'create', modules: own, ids })
      } else session.retry(type === 'create')
      return modules.length > 0 ? [] : undefined
    },
  }
  const plugins = [
    plugin,
    runnerForm(form),
    watchedByVirtual((environment) => sessions.has(environment)),
    packages.toPlugin((environment) => sessions.get(environment)?.host),
  ]
  return isTimed ? [...plugins, timeReading((environment) => sessions.get(environment))] : plugins
}

/** Tells when a module has been read: no plugin transforms it earlier. */
function timeReading(sessionOf: (environment: Environment) => Session | undefined): Plugin {
  return {
    name: 'hot-node:timing',
    enforce: 'pre',
    apply: 'serve',
    transform: {
      order: 'pre',
      handler(_, id) {
        sessionOf(this.environment)?.reach('read', toModuleId(id))
      },
    },
  }
}

/** The sessions of the newest server in the place of an environment's. */
function newestOf(environment: Environment): Iterable<Session> {
  return newest.get(environment.getTopLevelConfig().root)?.values() ?? []
}

function isWanted(config: ResolvedConfig): boolean {
  return config.server.hmr !== false && !config.plugins.some(({ name }) => name === 'vitest')
}

/** Of several, the first does all: the command adds one to whatever the config has. */
function isFirst(plugin: Plugin, { plugins }: ResolvedConfig): boolean {
  return plugins.find(({ name }) => name === plugin.name) === plugin
}

/** Environments whose modules run in Node: under vite-node also the client's, which transforms what is no script. */
function environmentsOf(server: ViteDevServer): ViteDevServer['environments'][string][] {
  const isViteNode = viteNodeOf(server) !== undefined
  return Object.values(server.environments).filter(({ config }) => config.consumer === 'server' || isViteNode)
}
