import { type ModuleId, type ModuleRecord, RELOAD_QUERY } from '../protocol/index.ts'
import type { ClassCell } from './cells/class-cell.ts'
import { Migrations } from './cells/migrations.ts'
import { HotModule, type ModuleHost } from './module.ts'
import { LoadFailures } from './load-failures.ts'
import { KeptValues } from './kept-values.ts'
import { OpaqueModule } from './opaque-module.ts'
import { forwardExports, type Namespace, Namespaces } from './namespace.ts'
import { passesOn } from './resolution.ts'
import { Ownership } from './resources/ownership.ts'
import { StartUpWindow } from './start-up.ts'
import { Boundaries } from './hot/boundaries.ts'
import { HotEvents } from './hot/events.ts'
import { Deferral } from './update/deferral.ts'

/** Every hot module of the process. */
export class Registry {
  readonly startUp: StartUpWindow = new StartUpWindow()
  readonly ownership: Ownership = new Ownership(this.startUp)
  readonly kept: KeptValues = new KeptValues(this.ownership)
  readonly migrations: Migrations = new Migrations(() => this.#classes())
  readonly namespaces: Namespaces = new Namespaces()
  /** Modules in the order in which they first ran. A module stays while its file is imported. */
  readonly modules: Map<ModuleId, HotModule> = new Map()
  /**
   * Modules that updates have loaded since the last one that was applied. Those that nobody imports once another one is
   * applied go out of use then: an update that failed had loaded them.
   */
  readonly loaded: Set<HotModule> = new Set()
  readonly deferral: Deferral = new Deferral()
  readonly failures: LoadFailures = new LoadFailures()
  readonly boundaries: Boundaries = new Boundaries(this)
  readonly events: HotEvents = new HotEvents()
  /** `import.meta.hot.invalidate()` of a module. Written by the updater. */
  invalidate: (module: HotModule, message: string | undefined) => void = () => undefined
  /** Has a module evaluated anew that went out of use, as its file was deleted, and is asked for. Written by the updater. */
  revive: (namespace: Namespace) => Promise<void> = () => Promise.resolve()
  /** Answers what the runner failed to load, if that only remembers a failure from before. Written by the updater. */
  recover: (importer: HotModule, specifier: string, error: unknown) => Promise<Namespace> = (_, __, error) =>
    Promise.reject(error as Error)
  /** Another update is to follow the one that is being applied. Written by the updater. */
  isUpdateWaiting = false
  #reloads = 0
  /** An entry that has been evaluated to its end, as long as it is one. */
  #entry: HotModule | undefined
  /** Places in the order of evaluation. Absent until asked for, and again once imports change. */
  #places: ReadonlyMap<HotModule, number> | undefined
  readonly #byNamespace = new WeakMap<Namespace, HotModule>()
  /** Modules that import one which is not known yet (import cycles). Those of a module are taken when it is added. */
  readonly #early = new WeakMap<Namespace, HotModule[]>()

  constructor() {
    this.startUp.onClose(() => this.namespaces.settle())
  }

  *#classes(): Generator<ClassCell> {
    for (const module of this.modules.values()) yield* module.classes.values()
  }

  /** Makes a module known. Called by its code before anything of it runs. */
  add(record: ModuleRecord, host: ModuleHost): HotModule {
    const known = this.modules.get(record.id)
    const before = known?.isReloading ? known : undefined
    const namespace = this.namespaces.claim(host.exports, before?.namespace)
    const Module = record.opaque === undefined ? HotModule : OpaqueModule
    const module = new Module(this, record, host, namespace, before)
    this.noteGraphChange()
    if (record.opaque === undefined) {
      forwardExports(host.exports, namespace, (name) => Object.hasOwn(host.values, name))
      this.namespaces.extend(host.exports, namespace)
    }
    if (before) return module
    if (known && this.failures.modules.delete(known)) known.discard()
    this.modules.set(record.id, module)
    this.#byNamespace.set(namespace, module)
    for (const importer of this.#early.get(namespace) ?? []) module.importers.add(importer)
    this.#early.delete(namespace)
    return module
  }

  /** A module has linked what it imports, which may be a module that is not known yet. */
  noteImport(importer: HotModule, namespace: Namespace): void {
    const module = this.moduleOf(namespace)
    if (module) module.importers.add(importer)
    else if (this.namespaces.isPromised(namespace))
      this.#early.set(namespace, [...(this.#early.get(namespace) ?? []), importer])
  }

  /** A module that was loaded anew has come to its end: it takes the place of its instance before. */
  replace(before: HotModule, next: HotModule): void {
    const swap = (from: HotModule, to: HotModule): void => {
      from.unlink()
      for (const importer of from.importers) to.importers.add(importer)
      this.modules.set(to.record.id, to)
      this.noteGraphChange()
      this.#byNamespace.set(to.namespace, to)
      to.relink()
      to.defineExports()
    }
    before.journal.push(() => {
      next.discard()
      swap(next, before)
    })
    swap(before, next)
  }

  /** A specifier under which a runner loads what it leads to once more: runners evaluate a module once. */
  toReload(specifier: string): string {
    return `${specifier}${specifier.includes('?') ? '&' : '?'}${RELOAD_QUERY}=${++this.#reloads}`
  }

  /** Whether some module that nobody imports, an entry, has been evaluated to its end. */
  get isStarted(): boolean {
    if (!isRunningEntry(this.#entry)) this.#entry = undefined
    // Those that ran first are imported by those that ran later.
    this.#entry ??= [...this.modules.values()].findLast(isRunningEntry)
    return this.#entry !== undefined
  }

  moduleOf(namespace: Namespace): HotModule | undefined {
    return this.#byNamespace.get(namespace)
  }

  /** Modules that can see what a module exports: its importers, and theirs where it is passed on. */
  observersOf(module: HotModule): Set<HotModule> {
    const found = new Set<HotModule>()
    const visit = (target: HotModule): void => {
      for (const importer of target.importers) {
        if (found.has(importer)) continue
        found.add(importer)
        if (passesOn(importer)) visit(importer)
      }
    }
    visit(module)
    return found
  }

  /** Those of them that have an `export *`: their names follow those of the module. */
  barrelsOf(module: HotModule): HotModule[] {
    return [...this.observersOf(module)].filter(({ record }) => record.stars.length > 0)
  }

  /** Imports came, went, or lead elsewhere: the modules may have another order. */
  noteGraphChange(): void {
    this.#places = undefined
    this.boundaries.forget()
  }

  /** Where a module stands in the order in which a cold start would evaluate all. */
  placeOf(module: HotModule): number {
    return this.places.get(module) ?? 0
  }

  /** All modules in the order in which a cold start would evaluate them, with their places. */
  get places(): ReadonlyMap<HotModule, number> {
    this.#places ??= new Map(this.#inEvaluationOrder().map((one, index) => [one, index]))
    return this.#places
  }

  /** Dependencies first (ECMAScript, Evaluate). Walks the whole graph, so it is only done when that has changed. */
  #inEvaluationOrder(): HotModule[] {
    const order = new Set<HotModule>()
    const visiting = new Set<HotModule>()
    const visit = (module: HotModule): void => {
      if (visiting.has(module)) return
      visiting.add(module)
      const specifiers = module.record.imports.map(({ specifier }) => specifier)
      for (const specifier of [...specifiers, ...module.dynamicImports.keys()]) {
        const target = module.importedModule(specifier)
        if (target) visit(target)
      }
      order.add(module)
    }
    // Nobody imports one that is out of use either, and what it imported is not begun with.
    for (const module of this.modules.values())
      if (module.importers.size === 0 && module.status !== 'unused') visit(module)
    for (const module of this.modules.values()) visit(module)
    return [...order]
  }
}

function isRunningEntry(module: HotModule | undefined): boolean {
  return module !== undefined && module.status === 'running' && module.importers.size === 0
}
