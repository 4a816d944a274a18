import { type ModuleVersion, type Outcome, PROTOCOL_VERSION, type Update } from '../../protocol/index.ts'
import { protocolMismatch, toFailure } from '../errors.ts'
import { HotUpdate, tellOfFailure } from '../hot/hot-update.ts'
import type { HotModule, Unit } from '../module.ts'
import type { Namespace } from '../namespace.ts'
import { dependentsOf, touchedBy } from '../plan/dependents.ts'
import { reorderedUnits } from '../plan/reordered.ts'
import { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { exportTargets } from '../resolution.ts'
import {
  addChanged,
  addReadersOfExports,
  addReadersOfImport,
  addTouched,
  addTouchedByUnused,
  addUsersOfScripts,
} from './collect.ts'
import { notesOnFields, notesOnHeld } from './explain.ts'
import { ModuleDraft } from './draft.ts'
import { Journal } from './journal.ts'
import { touchedByUsers } from './had-touched.ts'
import { checkDeleted, checkImports, linkDrafts, retire } from './linking.ts'
import type { Loader } from './loader.ts'
import { releaseKept } from './disposal.ts'
import { rerun } from './rerun.ts'
import { addAll, addUsedWholes, toRestarts } from './restarts.ts'
import { toOutcome, toUnloaded } from './to-outcome.ts'

/**
 * Applies one update: all of it, or nothing. Never rejects.
 *
 * Everything that can fail cheaply is done before anything is touched. A patch is then committed without an `await`,
 * so no request sees half of it; units that run again may be asynchronous, and are taken back if one of them throws.
 */
export async function applyUpdate(registry: Registry, loader: Loader, update: Update): Promise<Outcome> {
  const started = performance.now()
  const journal = new Journal()
  let application: Application | undefined
  const timed = (outcome: Outcome): Outcome => {
    const ended = performance.now()
    const diffed = application?.diffed ?? ended
    const spans = update.isTimed && { spans: { diff: diffed - started, apply: ended - diffed } }
    return { ...outcome, ...('ms' in outcome && { ms: ended - started }), ...spans, ...toUnloaded(registry) }
  }
  try {
    if (update.protocol !== PROTOCOL_VERSION) throw protocolMismatch(update.protocol, PROTOCOL_VERSION)
    application = new Application(registry, loader, update, journal)
    return timed(await application.run())
  } catch (error) {
    journal.rollBack()
    // What the failed units kept anew: nobody claims it.
    await releaseKept(registry)
    const failure = toFailure(error)
    await tellOfFailure(
      registry,
      update.modules.map(({ record }) => record.id),
      failure,
    )
    return timed({ rung: 'failed', number: update.number, failure })
  }
}

class Application {
  readonly #registry: Registry
  readonly #loader: Loader
  readonly #update: Update
  readonly #journal: Journal
  readonly #stale: StaleUnits
  readonly #notes: string[] = []
  readonly #hot: HotUpdate
  /** When records had been compared. Set by `run`. */
  diffed: number | undefined

  constructor(registry: Registry, loader: Loader, update: Update, journal: Journal) {
    this.#registry = registry
    this.#loader = loader
    this.#update = update
    this.#journal = journal
    this.#stale = new StaleUnits(registry)
    this.#hot = new HotUpdate(registry, this.#notes)
  }

  async run(): Promise<Outcome> {
    const { number } = this.#update
    const notes = this.#notes
    const restarts = toRestarts(this.#update, this.#registry)
    const all = this.#inOrder(
      this.#update.modules.flatMap((version) => this.#toDraft(version)).filter(({ module }) => module.isInUse),
    )
    this.#tellOfFailed()
    const drafts = all.filter((draft) => !draft.diff.isEmpty)
    const moved = all.filter((draft) => draft.diff.isEmpty && draft.isMoved)
    const deleted = this.#update.deleted.flatMap(({ id }) => this.#registry.modules.get(id) ?? [])
    this.diffed = performance.now()
    const mayReorder = deleted.length > 0 || all.some((draft) => draft.changesImports)
    const orderBefore = mayReorder ? [...this.#registry.places.keys()] : undefined

    const moves = await this.#loadBefore([...drafts.map(({ module }) => module), ...restarts.keys()], async () => {
      this.#loader.versions = new Map(this.#update.modules.map(({ record }) => [record.id, record]))
      await linkDrafts(drafts, this.#loader)
      const relinked = await this.#loader.relink(this.#update.relinked ?? [])
      return [...(await this.#loader.reresolve(deleted)), ...relinked]
    })
    for (const draft of [...drafts, ...moved]) draft.prepare(this.#journal)
    const invalidated = (this.#update.invalidated ?? []).flatMap((id) => this.#registry.modules.get(id) ?? [])
    const changed = [...drafts.map(({ module }) => module), ...restarts.keys()]
    await this.#hot.begin([...changed, ...invalidated.flatMap(({ importers }) => [...importers])], restarts.size > 0)

    // From here on without `await`, until units run.
    const before = drafts.flatMap(({ module, diff }) =>
      [...diff.removed, ...diff.changed]
        .map((record) => module.units.get(record.key))
        .filter((unit) => unit !== undefined),
    )
    // What they changed may no longer be exported by then.
    const deletedUnits = deleted.filter(({ isInUse }) => isInUse).flatMap(({ units }) => [...units.values()])
    const touchedBefore = new Map([...before, ...deletedUnits].map((unit) => [unit, touchedBy(unit)]))
    this.#stale.hadTouched = touchedByUsers(this.#registry, drafts, moves)
    const ran = new Set(
      drafts.flatMap(({ module, diff }) => diff.cells.filter(({ cell }) => module.cells.get(cell.key)?.ran)),
    )
    const exportsBefore = new Map(
      drafts.filter(({ diff }) => diff.changesExports).map((draft) => [draft, exportTargets(draft.module)]),
    )
    const removed = [...drafts, ...moved].flatMap((draft) => draft.commit(this.#journal).removed)
    const left = moves.flatMap(({ module, specifier }) => module.importedModule(specifier) ?? [])
    for (const { module, specifier, namespace } of moves) this.#follow(module, specifier, namespace, drafts)
    this.#updateStars(drafts)
    for (const { module, specifier } of this.#loader.takeReturned(this.#journal))
      if (specifier !== undefined) addReadersOfImport(module, specifier, this.#stale)
      else for (const unit of module.units.values()) this.#stale.add(unit, { kind: 'changed' })
    const leftOver = retire(this.#registry.loaded, this.#registry, this.#journal)
    const unlinked = retire(
      drafts.flatMap((draft) => draft.unlinked),
      this.#registry,
      this.#journal,
    )
    checkDeleted(deleted, this.#journal)
    const unused = new Set([...leftOver, ...unlinked, ...retire([...deleted, ...left], this.#registry, this.#journal)])
    const moving = moves.map(({ module }) => module)
    checkImports(drafts, this.#registry, moving)

    for (const draft of drafts) addChanged(draft, ran, this.#stale)
    for (const [{ module }, targets] of exportsBefore) addReadersOfExports(module, targets, this.#registry, this.#stale)
    addTouched(touchedBefore, this.#registry, this.#stale)
    addTouchedByUnused(unused, this.#stale)
    const deferred = this.#collectDeferred()
    if (orderBefore)
      for (const unit of reorderedUnits(this.#registry, orderBefore)) this.#stale.add(unit, { kind: 'reordered' })
    notes.push(...addUsersOfScripts(this.#update.scripts, this.#registry, this.#stale))
    const restarted = invalidated.filter((module) => this.#invalidate(module))
    addUsedWholes(restarts, this.#stale)
    const retold = restarts.size > 0 ? addAll(restarts, this.#registry, this.#stale) : []

    this.#hot.leave(unused)
    const gone = [...removed, ...retold, ...[...unused].flatMap((module) => [...module.units.values()])]
    const whole = await rerun(this.#registry, this.#stale, this.#journal, gone)
    for (const { module } of deferred) this.#registry.deferral.modules.delete(module)
    // What is new has run, and not again.
    const result = { ...whole, ran: whole.ran.filter((unit) => !deferred.has(unit)) }
    this.#notes.push(...result.notes, ...notesOnHeld(result, this.#stale), ...notesOnFields(drafts))
    this.#clearNames(drafts, removed)
    this.#registry.loaded.clear()
    await this.#hot.end()
    const isLeftOver = unused.size === leftOver.size && result.ran.length === 0
    if (drafts.length === 0 && restarts.size === 0 && isLeftOver && moves.length === 0)
      return { rung: 'nothing', number, isStarted: this.#registry.isStarted, ...(notes.length > 0 && { notes }) }
    const why = [...restarts.values(), ...restarted.map(({ record }) => `${record.label} invalidated itself`)]
    return toOutcome(
      { registry: this.#registry, stale: this.#stale, number, notes },
      { drafts, result, removed, restarts: why, moves },
    )
  }

  /** Nobody has a module that threw: a save of it changes nothing that runs. */
  #tellOfFailed(): void {
    if (!this.#registry.isStarted) return
    for (const { record } of this.#update.modules)
      if (this.#registry.modules.get(record.id)?.status === 'failed')
        this.#notes.push(`${record.label} threw when it was imported: it is evaluated anew when it is asked for`)
  }

  /**
   * Importers of a module run again what used it while starting.
   *
   * @returns whether nobody imports it, so that everything does
   */
  #invalidate(module: HotModule): boolean {
    if (module.importers.size === 0) {
      for (const one of this.#registry.modules.values())
        if (one.isInUse) for (const unit of one.units.values()) this.#stale.add(unit, { kind: 'restart' })
      return true
    }
    const accept = this.#registry.boundaries.lift(module)
    for (const unit of module.units.values())
      for (const user of dependentsOf(unit, this.#registry))
        if (user.module !== module) this.#stale.add(user, { kind: 'invalidated', by: module.record.label })
    accept()
    return false
  }

  /** Loads what versions import. New modules that need what is about to change wait for that. */
  async #loadBefore<T>(changing: readonly HotModule[], load: () => Promise<T>): Promise<T> {
    const { deferral } = this.#registry
    deferral.changing = new Set(changing)
    try {
      return await load()
    } finally {
      deferral.changing = new Set()
    }
  }

  /** Units of new modules that have waited for the update. */
  #collectDeferred(): Set<Unit> {
    const units = new Set<Unit>()
    const { modules } = this.#registry.deferral
    for (const module of modules) {
      if (module.status === 'unused') {
        modules.delete(module)
        this.#journal.push(() => modules.add(module))
      } else for (const unit of module.units.values()) units.add(unit)
    }
    for (const unit of units) if (unit.record.kind !== 'function') this.#stale.add(unit, { kind: 'changed' })
    return units
  }

  /** What a class of one extends may be what another comes to export: dependencies first. */
  #inOrder(drafts: readonly ModuleDraft[]): readonly ModuleDraft[] {
    const registry = this.#registry
    return drafts.toSorted((one, other) => registry.placeOf(one.module) - registry.placeOf(other.module))
  }

  #toDraft(version: ModuleVersion): ModuleDraft[] {
    const module = this.#registry.modules.get(version.record.id)
    return module && !module.isOpaque ? [new ModuleDraft(module, version)] : []
  }

  /** A specifier leads to another file: whoever used what it names while starting is stale. */
  #follow(module: HotModule, specifier: string, namespace: Namespace, drafts: readonly ModuleDraft[]): void {
    if (
      drafts.some(
        (draft) =>
          draft.module === module && !draft.version.record.imports.some((item) => item.specifier === specifier),
      )
    )
      return
    module.replaceImport(specifier, namespace, this.#journal)
    addReadersOfImport(module, specifier, this.#stale)
  }

  /** Names of `export *` follow those of the module they come from. */
  #updateStars(drafts: readonly ModuleDraft[]): void {
    for (const { module, diff } of drafts) {
      if (!diff.changesExports) continue
      for (const barrel of this.#registry.barrelsOf(module)) barrel.defineExports()
    }
  }

  /**
   * A variable whose declaration is gone stays in the scope. It stands for the global of its name, if there is one. Others
   * keep their value: code that began before the update, such as a request under way, may still use them, and new code
   * does not find them (see `freeNames`).
   */
  #clearNames(drafts: readonly ModuleDraft[], removed: readonly Unit[]): void {
    for (const { module } of drafts) {
      const present = new Set([...module.units.values()].flatMap((unit) => unit.record.names))
      const names = removed
        .filter((unit) => unit.module === module)
        .flatMap((unit) => unit.record.names)
        .filter((name) => !present.has(name) && Reflect.has(globalThis, name))
      module.assign(
        names,
        names.map((name) => Reflect.get(globalThis, name) as unknown),
      )
    }
  }
}
