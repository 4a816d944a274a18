import { type ModuleId, type ModuleRecord, type Relinked, RELOAD_QUERY } from '../../protocol/index.ts'
import { importFailed } from '../errors.ts'
import type { HotModule } from '../module.ts'
import type { Namespace } from '../namespace.ts'
import type { Registry } from '../registry.ts'
import type { Journal } from './journal.ts'

/** A new instance of something a module imports. */
export interface Reloaded {
  readonly module: HotModule
  readonly specifier: string
  readonly namespace: Namespace
}

/** A module with units that have run without what came back into use: those that read a specifier, or all. */
export interface Returned {
  readonly module: HotModule
  readonly specifier?: string
}

/** Loads modules that a patch imports. */
export class Loader {
  /** What the update under way makes of modules. One that comes back may import something else than it did. */
  versions: ReadonlyMap<ModuleId, ModuleRecord> = new Map()
  readonly #registry: Registry
  /** Specifiers that failed to load, by importer: runners remember the failure, so the next try needs another id. */
  readonly #failed = new Set<string>()
  /** Modules that are being evaluated anew because running code asked for them. */
  readonly #reviving = new Map<HotModule, Promise<void>>()
  /** Emptied by `takeReturned`. */
  readonly #returned: Returned[] = []

  constructor(registry: Registry) {
    this.#registry = registry
  }

  async load(importer: HotModule, specifier: string): Promise<Namespace> {
    const known = new Set(this.#registry.modules.values())
    const namespace = await this.#ask(importer, specifier, known)
    await this.#revive(this.#registry.moduleOf(namespace))
    await this.#reviveFor(known)
    return this.#note(namespace, known)
  }

  /** The same for what a module asks for while it runs. Several may ask at once. */
  async revive(namespace: Namespace): Promise<void> {
    const module = this.#registry.moduleOf(namespace)
    if (module?.status !== 'unused') return
    const reviving = this.#reviving.get(module) ?? this.#revive(module).finally(() => this.#reviving.delete(module))
    this.#reviving.set(module, reviving)
    await reviving
  }

  /** Modules that have to hear of what has come back into use. An update that fails leaves that to the next. */
  takeReturned(journal: Journal): Returned[] {
    const returned = this.#returned.splice(0)
    journal.push(() => this.#returned.push(...returned))
    return returned
  }

  async #ask(importer: HotModule, specifier: string, known: ReadonlySet<HotModule>): Promise<Namespace> {
    const key = `${importer.record.id} ${specifier}`
    const isRetry = this.#failed.has(key)
    try {
      const address = importer.toAddress(specifier)
      const loaded = await (isRetry ? this.#askAgain(importer, address) : importer.host.load(address))
      this.#failed.delete(key)
      return this.#registry.namespaces.resolve(loaded)
    } catch (error) {
      this.#failed.add(key)
      for (const [id, module] of this.#registry.modules)
        if (module.status === 'failed' && module.importers.size === 0) this.#drop(id, module, known)
      throw error
    }
  }

  /**
   * Asks for what did not load. A package that just was not there is found by its name, and is then the same for all who
   * import it. One that was there and did not load is remembered as such by Node, or by the runner.
   */
  async #askAgain(importer: HotModule, address: string): Promise<Namespace> {
    const loadAnew = (): Promise<Namespace> => importer.host.load(this.#registry.toReload(address))
    if (!isPackage(address)) return loadAnew()
    try {
      return await importer.host.load(address)
    } catch (error) {
      return await loadAnew().catch((second: unknown) => {
        // It is not there still.
        throw String(second).includes(RELOAD_QUERY) ? error : second
      })
    }
  }

  /** What running code asked for, and the runner failed to load: it may only remember that it did. */
  async recover(importer: HotModule, specifier: string, error: unknown): Promise<Namespace> {
    const registry = this.#registry
    return registry.failures.retry(importer, specifier, error, async () => {
      const known = new Map(registry.modules)
      const address = registry.toReload(importer.toAddress(specifier))
      const namespace = registry.namespaces.resolve(await importer.host.load(address))
      const target = known.get(registry.moduleOf(namespace)?.record.id ?? '')
      return target?.status === 'running' && this.#isSecond(namespace, target) ? target.namespace : namespace
    })
  }

  /**
   * Has a module that went out of use evaluated anew, after what it imports: a cold start would, and runners evaluate a
   * module once. The new instance takes the place of the old one for all who import it. A virtual module has one instance;
   * its units are to run again.
   */
  async #revive(module: HotModule | undefined, asked: Set<HotModule> = new Set()): Promise<void> {
    if (module?.status !== 'unused' || asked.has(module)) return
    asked.add(module)
    const record = this.versions.get(module.record.id) ?? module.record
    for (const [specifier, namespace] of module.imports)
      if (record.imports.some((item) => item.specifier === specifier))
        await this.#revive(this.#registry.moduleOf(namespace), asked)
    if (module.address === undefined) {
      module.status = 'running'
      module.relink()
      this.#returned.push({ module })
    } else if (module.isOpaque) await this.#registry.ownership.run(module.whole, false)
    else await module.reload()
    this.#registry.loaded.add(this.#registry.moduleOf(module.namespace) ?? module)
  }

  /** Modules that were loaded just now may import others that went out of use, and have found them as those were left. */
  async #reviveFor(known: ReadonlySet<HotModule>): Promise<void> {
    for (const module of this.#registry.modules.values()) {
      if (known.has(module) || module.status !== 'running') continue
      for (const [specifier, namespace] of module.imports) {
        const target = this.#registry.moduleOf(namespace)
        if (target?.status !== 'unused') continue
        await this.#revive(target)
        this.#returned.push({ module, specifier })
      }
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
    this.#registry.noteGraphChange()
    this.#registry.failures.modules.delete(module)
    module.unlink()
    for (const namespace of module.imports.values()) this.#note(namespace, known)
  }

  /** A runner that knows the text of a deleted file may have evaluated it once more: that instance is nobody's. */
  #isSecond(namespace: Namespace, target: HotModule): boolean {
    const { modules } = this.#registry
    const loaded = this.#registry.moduleOf(namespace)
    if (!loaded || loaded === target || loaded.record.id !== target.record.id) return false
    loaded.discard()
    if (modules.get(target.record.id) === loaded) modules.set(target.record.id, target)
    return true
  }

  /**
   * Asks for what imports lead to now that they go by way of a changed link. Those that lead to the same as before are left
   * out.
   *
   * @throws HotError `import_failed`
   */
  async relink(relinked: readonly Relinked[]): Promise<Reloaded[]> {
    const found: Reloaded[] = []
    for (const { importer, specifier, address } of relinked) {
      const module = this.#registry.modules.get(importer)
      const current = module?.imports.get(specifier)
      if (!module || module.status === 'unused' || !current) continue
      module.addresses.set(specifier, address)
      const namespace = await this.load(module, specifier).catch((error: unknown) => {
        throw importFailed(module.record, specifier, error)
      })
      if (namespace !== current) found.push({ module, specifier, namespace })
    }
    return found
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
          const { imports } = this.versions.get(module.record.id) ?? module.record
          if (!imports.some((item) => item.specifier === specifier)) continue
          const namespace = await this.load(module, specifier).catch(() => undefined)
          if (!namespace || namespace === current || this.#isSecond(namespace, target)) continue
          found.push({ module, specifier, namespace })
        }
    return found
  }
}

/** Whether it is a package's name, or a file of one. */
function isPackage(address: string): boolean {
  return !/^[./]|^\w+:/.test(address) || address.includes('/node_modules/')
}
