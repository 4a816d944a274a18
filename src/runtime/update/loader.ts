import type { HotModule } from '../module.ts'
import type { Namespace } from '../namespace.ts'
import type { Registry } from '../registry.ts'

/** A new instance of something a module imports. */
export interface Reloaded {
  readonly module: HotModule
  readonly specifier: string
  readonly namespace: Namespace
}

/** Loads modules that a patch imports. */
export class Loader {
  readonly #registry: Registry
  /** Specifiers that failed to load, by importer: runners remember the failure, so the next try needs another id. */
  readonly #failed = new Set<string>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  async load(importer: HotModule, specifier: string): Promise<Namespace> {
    const key = `${importer.record.id} ${specifier}`
    const isRetry = this.#failed.has(key)
    const known = new Set(this.#registry.modules.values())
    try {
      const loaded = await importer.host.load(isRetry ? this.#registry.toReload(specifier) : specifier)
      this.#failed.delete(key)
      const namespace = this.#registry.namespaces.resolve(loaded)
      // Out of use meanwhile: a cold start would evaluate it, and runners evaluate a module once.
      if (this.#registry.moduleOf(namespace)?.status !== 'unused') return this.#note(namespace, known)
      const again = await importer.host.load(this.#registry.toReload(specifier))
      return this.#note(this.#registry.namespaces.resolve(again), known)
    } catch (error) {
      this.#failed.add(key)
      for (const [id, module] of this.#registry.modules)
        if (module.status === 'failed' && module.importers.size === 0) this.#drop(id, module, known)
      throw error
    }
  }

  /** Remembers a module that was loaded just now, as the update may fail that imports it. */
  #note(namespace: Namespace, known: ReadonlySet<HotModule>): Namespace {
    const module = this.#registry.moduleOf(namespace)
    if (module && !known.has(module)) this.#registry.loaded.add(module)
    return namespace
  }

  /** A module that threw is not there; what it imported is, and nobody may import that again. */
  #drop(id: string, module: HotModule, known: ReadonlySet<HotModule>): void {
    this.#registry.modules.delete(id)
    module.unlink()
    for (const namespace of module.imports.values()) this.#note(namespace, known)
  }

  /**
   * Asks again for what importers of deleted modules import: the same specifier may lead to another file now.
   * What does not load, or leads to the deleted module still, is left out.
   */
  async reresolve(deleted: readonly HotModule[]): Promise<Reloaded[]> {
    const found: Reloaded[] = []
    for (const target of deleted)
      for (const module of target.importers)
        for (const [specifier, current] of module.imports) {
          if (module.status === 'unused' || current !== target.namespace) continue
          const namespace = await this.load(module, specifier).catch(() => undefined)
          if (namespace && namespace !== current) found.push({ module, specifier, namespace })
        }
    return found
  }
}
