import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import type { SavedFile } from './batch.ts'
import { isReload, toModuleId } from './hooks/transform.ts'
import { invalidate } from './invalidated.ts'

/** The modules of one environment and the files they come from: more than Vite's graph remembers. */
export class KnownModules {
  readonly #environment: DevEnvironment
  /** Ids of all modules ever transformed. */
  readonly #ids = new Set<string>()
  /** Addresses of modules seen, by file: Vite forgets those of a deleted file, and all of them when it restarts. */
  readonly #urls = new Map<string, Set<string>>()

  constructor(environment: DevEnvironment) {
    this.#environment = environment
  }

  /** The modules that run were loaded by a Vite server before this one: its graph knows none of them. */
  inherit(previous: KnownModules): void {
    for (const id of previous.#ids) this.#ids.add(id)
    for (const [file, urls] of previous.#urls) for (const url of urls) this.#urlsOf(file).add(url)
    for (const [file, modules] of previous.#environment.moduleGraph.fileToModulesMap)
      for (const { id, url } of previous.resolveWatched([...modules]))
        if (id !== null && this.#ids.has(id)) this.#urlsOf(file).add(url)
  }

  /** A module was transformed, so it is one, hot or not. */
  note(id: string): void {
    this.#ids.add(id)
  }

  /** Whether this environment has transformed it. */
  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Ids of the modules that files are. */
  idsOf(files: Iterable<string>): string[] {
    const { moduleGraph } = this.#environment
    const modules = [...files].flatMap((file) => [...(moduleGraph.getModulesByFile(file) ?? [])])
    return modules.flatMap(({ id }) => (id === null ? [] : toModuleId(id)))
  }

  /** Files of modules that have been in an update, or in one that failed, and of all that Vite forgot by a restart. */
  get files(): Iterable<string> {
    return this.#urls.keys()
  }

  /** Whether a file is among {@link files}. */
  hasFile(file: string): boolean {
    return this.#urls.has(file)
  }

  /** `addWatchFile` gives a file a node in the graph though it is no module: what counts are those that watch it. */
  resolveWatched(
    modules: readonly EnvironmentModuleNode[],
    seen: Set<EnvironmentModuleNode> = new Set(),
  ): EnvironmentModuleNode[] {
    return modules.flatMap((module) => {
      if (seen.has(module)) return []
      seen.add(module)
      const isModule = module.id !== null && this.#ids.has(module.id)
      return isModule || module.importers.size === 0 ? [module] : this.resolveWatched([...module.importers], seen)
    })
  }

  /**
   * Addresses of the modules of a file: those of the event, those in the graph, and those that were there before the
   * file was deleted.
   */
  urlsOf({ file, modules, isCreated }: SavedFile): string[] {
    const graph = this.#environment.moduleGraph
    const urls = this.#urlsOf(file)
    // Vite expects nobody to know a file that is created; but it may have been deleted before.
    if (isCreated) graph.onFileChange(file)
    const found = this.resolveWatched([...(graph.getModulesByFile(file) ?? []), ...modules])
    const transformed = found.filter(({ id }) => id !== null && this.#ids.has(id))
    // A node that stands for a watched file, as `?raw` has one, is left with no importer when that is deleted.
    for (const module of transformed.length > 0 || urls.size > 0 ? transformed : found) {
      // Modules that other plugins derive from the file are not yet invalidated, or not for good.
      if (module.file !== file) invalidate(graph, module)
      urls.add(module.url)
    }
    // Of the instances of a module the first; the newest, where that never loaded.
    const byModule = new Map<string, string>()
    for (const url of urls) {
      const known = byModule.get(toModuleId(url))
      if (known === undefined || isReload(known)) byModule.set(toModuleId(url), url)
    }
    return [...byModule.values()]
  }
  #urlsOf(file: string): Set<string> {
    const urls = this.#urls.get(file) ?? new Set()
    this.#urls.set(file, urls)
    return urls
  }
}
