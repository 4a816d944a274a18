import { type ModuleVersion, type Outcome, PROTOCOL_VERSION, type Update } from '../../protocol/index.ts'
import { notReplaceable, protocolMismatch, toFailure } from '../errors.ts'
import { HotUpdate, tellOfFailure } from '../hot/hot-update.ts'
import type { HotModule, Unit } from '../module.ts'
import type { Namespace } from '../namespace.ts'
import { dependentsOf, readersOf, readersOfSpecifier, touchedBy } from '../plan/dependents.ts'
import type { CellChange } from '../plan/diff.ts'
import { reorderedUnits } from '../plan/reordered.ts'
import { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'
import { exportTargets } from '../resolution.ts'
import { notesOnFields, notesOnHeld } from './explain.ts'
import { ModuleDraft } from './draft.ts'
import { Journal } from './journal.ts'
import { touchedByUsers } from './had-touched.ts'
import { checkDeleted, checkImports, linkDrafts, retire } from './linking.ts'
import type { Loader } from './loader.ts'
import { releaseKept } from './disposal.ts'
import { rerun } from './rerun.ts'
import { toOutcome } from './to-outcome.ts'

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
    const restarts = this.#toRestarts()
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
      if (specifier !== undefined) this.#addReadersOf(module, specifier)
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

    for (const draft of drafts) this.#collect(draft, ran)
    for (const [{ module }, targets] of exportsBefore) this.#collectReaders(module, targets)
    for (const [unit, targets] of touchedBefore)
      for (const target of targets)
        if (target.module.units.has(target.record.key) && target !== unit && !this.#isOwnAffair(unit, target))
          this.#stale.add(target, { kind: 'removed', label: unit.record.label })
    for (const module of unused)
      for (const unit of module.units.values())
        for (const target of touchedBy(unit))
          if (!unused.has(target.module)) this.#stale.add(target, { kind: 'removed', label: unit.record.label })
    const deferred = this.#collectDeferred()
    if (orderBefore)
      for (const unit of reorderedUnits(this.#registry, orderBefore)) this.#stale.add(unit, { kind: 'reordered' })
    this.#collectScripts()
    const restarted = invalidated.filter((module) => this.#invalidate(module))
    // What such a module did to others is not known, so that they cannot be left alone when it runs again.
    for (const { module } of this.#stale.reasons.keys())
      if (module.isOpaque && !restarts.has(module)) restarts.set(module, usedReason(module))
    const retold = restarts.size > 0 ? this.#restart(restarts) : []

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

  /**
   * Modules to load anew, with the reason: those that cannot be hot, and those that could not be before.
   *
   * @throws HotError `not_replaceable`
   */
  #toRestarts(): Map<HotModule, string> {
    const restarts = new Map<HotModule, string>()
    for (const { id, label, reason } of this.#update.opaque) {
      const module = this.#registry.modules.get(id)
      // A start that failed before it came to this one: it is tried again.
      if (!module && !this.#registry.isStarted) continue
      if (!module) throw notReplaceable(label, reason, 'nothing is known of the one that runs')
      if (!module.address) throw notReplaceable(label, reason, 'it is a virtual module')
      if (module.isInUse) restarts.set(module, `${label} changed, and ${reason}`)
    }
    for (const { record } of this.#update.modules) {
      const module = this.#registry.modules.get(record.id)
      if (!module?.isOpaque || !module.isInUse) continue
      if (!module.address) throw notReplaceable(record.label, 'it was not hot before', 'it is a virtual module')
      restarts.set(module, `${record.label} changed, and it was not hot before`)
    }
    return restarts
  }

  /** Everything runs again. Returns units that do not, as their module runs as a whole. */
  #restart(restarts: ReadonlyMap<HotModule, string>): Unit[] {
    const retold: Unit[] = []
    for (const module of this.#registry.modules.values()) {
      if (!module.isInUse) continue
      const isWhole = module.isOpaque || restarts.has(module)
      if (isWhole && !module.isOpaque) retold.push(...module.units.values())
      if (!isWhole) for (const unit of module.units.values()) this.#stale.add(unit, { kind: 'restart' })
      else if (module.address) this.#stale.add(module.whole, { kind: 'restart' })
    }
    return retold
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
    this.#addReadersOf(module, specifier)
  }

  /** What a specifier leads to is another than it was. */
  #addReadersOf(module: HotModule, specifier: string): void {
    for (const unit of readersOfSpecifier(module, specifier)) this.#stale.addUsersOf(unit, unit.record.label)
  }

  /** Names of `export *` follow those of the module they come from. */
  #updateStars(drafts: readonly ModuleDraft[]): void {
    for (const { module, diff } of drafts) {
      if (!diff.changesExports) continue
      for (const barrel of this.#registry.barrelsOf(module)) barrel.defineExports()
    }
  }

  #collect({ module, diff, classesToRemake }: ModuleDraft, ran: ReadonlySet<CellChange>): void {
    if (module.status === 'unused') return
    const unitOf = (key: string): Unit | undefined => module.units.get(key)
    for (const record of [...diff.added, ...diff.changed]) {
      const unit = unitOf(record.key)
      if (unit && (record.kind !== 'function' || diff.changed.includes(record)))
        this.#stale.add(unit, { kind: 'changed' })
    }
    for (const { key, label } of classesToRemake) {
      const unit = unitOf(key)
      if (unit) this.#stale.add(unit, { kind: 'ran', label })
    }
    for (const change of diff.cells) {
      const unit = unitOf(change.unit.key)
      if (!unit) continue
      const cell = module.cells.get(change.cell.key)
      const isArityRead = change.isArityChanged && cell?.isLengthRead
      if (ran.has(change) || isArityRead || this.#replacesInherited(unit, change))
        this.#stale.addUsersOf(unit, change.cell.label)
    }
  }

  /** The module of a unit that is gone cleans up what that did to others. */
  #isOwnAffair({ module }: Unit, target: Unit): boolean {
    return module !== target.module && this.#registry.boundaries.isClosed(module)
  }

  /** Names that a module exports lead elsewhere: whoever read them there while starting is stale. */
  #collectReaders(module: HotModule, before: ReadonlyMap<string, string>): void {
    if (module.status === 'unused') return
    for (const [name, target] of exportTargets(module))
      if (before.get(name) !== target)
        for (const unit of readersOf(module, name, this.#registry))
          this.#stale.add(unit, { kind: 'exported', name, by: module.record.label })
  }

  /** A file that no module is: units whose workers or child processes run it start those again. */
  #collectScripts(): void {
    for (const { id, label, isWorker } of this.#update.scripts) {
      const users = [...this.#registry.modules.values()]
        .filter(({ isInUse }) => isInUse)
        .flatMap((module) => [...module.units.values()])
        .filter(({ latest }) => latest?.resources.some((resource) => !resource.isEnded() && resource.runs?.(id)))
      for (const unit of users) this.#stale.add(unit, { kind: 'script', label })
      if (users.length === 0 && isWorker && !this.#registry.modules.has(id))
        this.#notes.push(`${label} is not hot: a worker or process that runs it goes on with the old code`)
    }
  }

  /** A method that came or went changes what inherited calls did at start-up, if instances were made then. */
  #replacesInherited(unit: Unit, { kind, cell }: CellChange): boolean {
    if (kind === 'changed' || !cell.member || cell.member.isStatic || unit.record.kind !== 'class') return false
    const classCell = unit.module.classes.get(unit.record.class?.key ?? unit.record.key)
    const parent = classCell?.facade && (Object.getPrototypeOf(classCell.facade.prototype as object) as object | null)
    return Boolean(classCell?.constructorCell.ran && parent && cell.member.name in parent)
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

/** Modules that threw when they were evaluated: whoever asks for one of them is to have it evaluated anew. */
function toUnloaded({ failures, modules }: Registry): Pick<Outcome, 'unloaded'> {
  if (failures.modules.size === 0) return {}
  const ids = [...failures.modules].map(({ record }) => record.id)
  const running = [...modules.values()].filter(({ status }) => status !== 'failed').map(({ record }) => record.id)
  return { unloaded: { ids, running } }
}

function usedReason({ record }: HotModule): string {
  return `${record.label} used what changed, and ${record.opaque}`
}
