import { createFilter, type DevEnvironment, type Environment, type Plugin, type ViteDevServer } from 'vite'
import { isReload, toModuleId } from './hooks/transform.ts'

/** What a package manager writes lies here, and Vite's watcher does not look into it. */
const PACKAGES = '/node_modules/'

/** Vite leaves these to Node. */
const LEFT_TO_NODE = /\/(?:[^/.]+|[^/]+\.[cm]?js)$/

/** Has an import analysis of Vite's leave a name as it stands. It is how its plugin for aliases says that there is nothing. */
const AS_IT_STANDS = { 'vite:alias': { noResolved: true } }

/**
 * Packages that were not there, or that Node could not load, when they were first asked for. Read in Vite 8 and vite-node 6.
 */
export class Packages {
  /** Names that Vite has found nothing for: it never leaves them to Node after that. */
  readonly #missing = new Set<string>()
  /**
   * The query of the last time each package was loaded anew, by the address or path of its file. Node remembers what failed
   * as it remembers what did not: so it is asked under another address, and whoever imports the package from then on gets
   * what is there.
   */
  readonly #queries = new Map<string, string>()

  /** Has a runner of Vite's find what is loaded anew. */
  serve(environment: DevEnvironment): void {
    const fetchModule = environment.fetchModule.bind(environment)
    environment.fetchModule = async (id, importer, options) => {
      if (!isName(id) || !(isReload(id) || this.#queries.size > 0)) return fetchModule(id, importer, options)
      // Under the package's name, a runner may know the address that failed.
      const found = await fetchModule(toModuleId(id), importer, { ...options, cached: false })
      return 'externalize' in found ? { ...found, externalize: this.#toAddress(id, found.externalize) } : found
    }
  }

  /** @param hostOf what runs the modules of an environment; nothing, if it is none of ours */
  toPlugin(hostOf: (environment: Environment) => 'vite-node' | 'module runner' | undefined): Plugin {
    const resolved = <T extends { id: string }>(name: string, found: T | null, environment: Environment): T | null => {
      if (!found) this.#missing.add(name)
      if (!found?.id.includes(PACKAGES)) return found
      if (hostOf(environment) === 'vite-node') return { ...found, id: this.#toAddress(name, found.id) }
      return this.#missing.has(name) && isLeftToNode(name, found.id, environment)
        ? { ...found, meta: AS_IT_STANDS }
        : found
    }
    return {
      name: 'hot-node:packages',
      enforce: 'pre',
      apply: 'serve',
      resolveId: {
        order: 'pre',
        async handler(id, importer, options) {
          if (!importer || !isName(id) || !hostOf(this.environment)) return undefined
          return resolved(
            id,
            await this.resolve(toModuleId(id), importer, { ...options, skipSelf: true }),
            this.environment,
          )
        },
      },
    }
  }

  #toAddress(id: string, file: string): string {
    if (isReload(id)) this.#queries.set(file, id.slice(toModuleId(id).length + 1))
    const query = this.#queries.get(file)
    return query === undefined ? file : `${file}?${query}`
  }
}

/** Whether it is a name that may be a package's. */
function isName(id: string): boolean {
  return /^[\w@]/.test(id) && !/^\w+:/.test(id)
}

/** Whether Vite would leave a package to Node that it finds now. */
function isLeftToNode(name: string, file: string, { config }: Environment): boolean {
  const { noExternal } = config.resolve
  if (typeof noExternal === 'boolean') return !noExternal
  const [own] = /^(?:@[^/]+\/)?[^/]+/.exec(name) ?? [name]
  return (
    LEFT_TO_NODE.test(file) &&
    !([noExternal].flat().length > 0 && createFilter(noExternal, undefined, { resolve: false })(own))
  )
}

/**
 * Has Vite look for packages again. It remembers what it has not found until its watcher tells of a file that is created, and
 * a `package.json` until that is saved; of those of packages the watcher tells nothing.
 */
export async function forgetPackages({ config }: ViteDevServer, environment: DevEnvironment): Promise<void> {
  const { packageCache } = config as { readonly packageCache?: Map<string, unknown> }
  packageCache?.clear()
  await environment.pluginContainer.watchChange(`${config.root}${PACKAGES}package.json`, { event: 'create' })
}
