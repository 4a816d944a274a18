import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import type { SavedFile } from './batch.ts'
import { isReload, toModuleId } from './hooks/transform.ts'

/** The modules of one environment and the files they come from: more than Vite's graph remembers. */
export class KnownModules {
  /** A Vite server before this one loaded the modules that run: its graph knows none of them. */
  readonly isResumed: boolean
  readonly #environment: DevEnvironment
  /** Ids of all modules ever transformed. */
  readonly #ids = new Set<string>()
  /** Addresses of modules seen, by file: Vite forgets those of a deleted file. */
  readonly #urls = new Map<string, Set<string>>()

  constructor(environment: DevEnvironment, isResumed: boolean) {
    this.#environment = environment
    this.isResumed = isResumed
  }

  /** A module was transformed, so it is one, hot or not. */
  note(id: string): void {
    this.#ids.add(id)
  }

  /** Whether this environment has transformed it. */
  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Whether modules of a file have been in an update, or in one that failed. */
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
    const urls = this.#urls.get(file) ?? new Set<string>()
    this.#urls.set(file, urls)
    // Vite expects nobody to know a file that is created; but it may have been deleted before.
    if (isCreated) graph.onFileChange(file)
    for (const module of this.resolveWatched([...(graph.getModulesByFile(file) ?? []), ...modules])) {
      // Modules that other plugins derive from the file are not yet invalidated, or not for good.
      if (module.file !== file) graph.invalidateModule(module)
      urls.add(module.url)
    }
    if (urls.size === 0 && this.isResumed) urls.add(file)
    // Of the instances of a module the first; the newest, where that never loaded.
    const byModule = new Map<string, string>()
    for (const url of urls) {
      const known = byModule.get(toModuleId(url))
      if (known === undefined || isReload(known)) byModule.set(toModuleId(url), url)
    }
    return [...byModule.values()]
  }
}
