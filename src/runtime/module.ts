import { type ModuleRecord, OPAQUE_UNIT, toCellVariable, type UnitRecord } from '../protocol/index.ts'
import { ClassCell } from './cells/class-cell.ts'
import { type AnyFunction, FunctionCell } from './cells/function-cell.ts'
import { defineExports, type ExportGetter, gettersOf, type Namespace } from './namespace.ts'
import { HotHandlers } from './hot/handlers.ts'
import type { Registry } from './registry.ts'
import type { Run } from './resources/run.ts'
import type { StartUpWindow } from './start-up.ts'
import { evaluatePieces, type PatchSource } from './update/evaluate.ts'
import { type Journal, NO_JOURNAL } from './update/journal.ts'

/** What a module's code gives the runtime of itself. */
export interface ModuleHost {
  /** The runner's exports object. */
  readonly exports: Namespace
  /** Evaluates code in the module's scope. */
  readonly evaluate: Evaluate
  /** Loads another module as this one would. */
  readonly load: (specifier: string) => Promise<Namespace>
  /** Reads the module's own exported bindings, by exported name. */
  readonly values: Readonly<Record<string, ExportGetter>>
}

export type Evaluate = (code: string) => unknown

/** A unit of a running module. */
export interface Unit {
  readonly module: HotModule
  record: UnitRecord
  /** Runs it (again). Absent until the module got there, and for functions, which are only declared. */
  run: (() => unknown) | undefined
  /** Its last run, which owns what it created. Absent until it ran. */
  latest: Run | undefined
}

/** Of the unit that stands for all of a hot module, where it runs as a whole. */
const WHOLE: UnitRecord = {
  key: OPAQUE_UNIT,
  kind: 'effect',
  names: [],
  hash: '',
  label: 'all of it',
  isAsync: true,
  isPure: false,
  code: [0, 0],
  cells: [],
  reads: [],
  touches: [],
  passes: [],
  calls: [],
  inner: [],
}

export type ModuleStatus = 'evaluating' | 'running' | 'failed' | 'unused'

/** A running module: one record for all of its life, whatever version of its code it runs. */
export class HotModule {
  readonly registry: Registry
  readonly host: ModuleHost
  readonly namespace: Namespace
  /** What the module runs. Replaced by updates. */
  record: ModuleRecord
  /** Evaluates in the innermost scope: the module's, or around later declarations. Replaced by updates. */
  evaluate: Evaluate
  status: ModuleStatus = 'evaluating'
  /** Where code of the present version is taken from. Absent before the first update, when it runs what was loaded. */
  source: PatchSource | undefined
  /** Every variable its scopes declare, in any version. Grows only. */
  readonly declared: Set<string>
  /** Those of them that edits have declared, in scopes inside the module's own. */
  readonly late: Set<string> = new Set()
  readonly units: Map<string, Unit> = new Map()
  readonly cells: Map<string, FunctionCell> = new Map()
  readonly classes: Map<string, ClassCell> = new Map()
  /** Functions inside units and cells that ran during start-up, by key. Forgotten when the code around them changes. */
  readonly ranInner: Map<string, Set<number>> = new Map()
  /** Namespaces imported, by specifier. */
  readonly imports: Map<string, Namespace> = new Map()
  /** Namespaces it asked for while running. Grows only. */
  readonly dynamicImports: Map<string, Namespace> = new Map()
  /** Specifiers of `import()` that stood in the text of some version: what else it asked for was computed. Grows only. */
  readonly requests: Set<string>
  /** How the runner is asked for what bare specifiers lead to that edits have added. Grows only. */
  readonly addresses: Map<string, string> = new Map()
  /** Modules that import it. */
  readonly importers: Set<HotModule> = new Set()
  /** Getters of its own exports, by exported name. */
  readonly values: Map<string, ExportGetter>
  /** What it registered with `import.meta.hot`. */
  readonly handlers: HotHandlers
  /** The journal of the update that runs units of this module; none while it starts. */
  journal: Journal = NO_JOURNAL
  /** The instance whose place this one takes when it has come to its end. Cleared then. */
  predecessor: HotModule | undefined
  /** The instance that is being loaded to take this one's place. Written and cleared by `reload`. */
  #successor: HotModule | undefined
  isReloading = false
  #whole: Unit | undefined
  /** Lets the start-up window close, as far as it goes. */
  protected readonly release: () => void

  constructor(
    registry: Registry,
    record: ModuleRecord,
    host: ModuleHost,
    namespace: Namespace,
    predecessor: HotModule | undefined,
  ) {
    this.predecessor = predecessor
    if (predecessor) predecessor.#successor = this
    this.registry = registry
    this.handlers = new HotHandlers(this)
    if (predecessor) this.handlers.data = predecessor.handlers.data
    this.record = record
    this.host = host
    this.namespace = namespace
    this.evaluate = host.evaluate
    this.values = new Map(Object.entries(host.values))
    this.requests = new Set(record.requests)
    this.declared = new Set([
      `${record.prefix}_w`,
      ...record.units.flatMap((unit) => unit.names),
      ...record.units.flatMap((unit) => (unit.kind === 'function' ? [toCellVariable(record.prefix, unit.key)] : [])),
      ...record.imports.map(({ variable }) => variable),
    ])
    for (const unit of record.units)
      this.units.set(unit.key, { module: this, record: unit, run: undefined, latest: undefined })
    this.release = registry.startUp.hold()
    this.defineExports()
  }

  get window(): StartUpWindow {
    return this.registry.startUp
  }

  /** Units run again, and not for the first time. */
  get isAgain(): boolean {
    return this.journal !== NO_JOURNAL
  }

  /** Under which name the runner finds what a specifier leads to. */
  toAddress(specifier: string): string {
    return this.addresses.get(specifier) ?? specifier
  }

  /** What to use for an imported namespace. */
  link(specifier: string, imported: Namespace): Namespace {
    const namespace = this.registry.namespaces.resolve(imported)
    if (this.imports.get(specifier) !== namespace) this.registry.noteGraphChange()
    this.imports.set(specifier, namespace)
    this.registry.noteImport(this, namespace)
    if (this.record.stars.includes(specifier)) this.defineExports()
    return namespace
  }

  /** Makes a declared function a cell. Hot code calls it before anything of the module runs. */
  declare(key: string, facade: AnyFunction, implementation: AnyFunction): FunctionCell {
    const cell = this.cell(key)
    cell.adopt(facade, implementation, toShownName(key, this.record.prefix))
    return cell
  }

  cell(key: string): FunctionCell {
    let cell = this.cells.get(key)
    if (!cell) this.cells.set(key, (cell = new FunctionCell(key, this)))
    return cell
  }

  /** The module's code has come to its end. */
  end(): void {
    this.status = 'running'
    const { predecessor } = this
    this.predecessor = undefined
    if (predecessor) this.registry.replace(predecessor, this)
    // In an import cycle, a module may have been linked before it was known.
    this.relink()
    this.defineExports()
    this.release()
  }

  classCell(key: string): ClassCell {
    let cell = this.classes.get(key)
    if (!cell)
      this.classes.set(key, (cell = new ClassCell(key, this.cell(`${key}.constructor`), this.registry.migrations)))
    return cell
  }

  classRecord(key: string): UnitRecord['class'] {
    return this.record.units.find((unit) => unit.class?.key === key)?.class
  }

  /** Present values of variables of the module; `undefined` for those not initialised yet. */
  read(names: readonly string[]): unknown[] {
    if (names.length === 0) return []
    // One text for all of them: to evaluate one takes longer than to read.
    return this.evaluate(
      `[${names.map((name) => `(() => { try { return ${name} } catch {} })()`).join(', ')}]`,
    ) as unknown[]
  }

  assign(names: readonly string[], values: readonly unknown[]): void {
    if (names.length > 0) this.#setterOf(names)(values)
  }

  /** Notes the values of variables that an update is about to change. */
  save(names: readonly string[], journal: Journal): void {
    if (names.length === 0) return
    const gets = names.map((name) => this.evaluate(`() => { try { return ${name} } catch {} }`) as () => unknown)
    journal.save(() => gets.map((get) => get()), this.#setterOf(names))
  }

  #setterOf(names: readonly string[]): (values: readonly unknown[]) => void {
    return this.evaluate(`(values) => { [${names.join(', ')}] = values }`) as (values: readonly unknown[]) => void
  }

  /** The function that runs a unit, from the newest version of its code. */
  runnerOf(unit: Unit): (() => unknown) | undefined {
    if (this.source && unit.record.kind !== 'function' && unit !== this.#whole)
      unit.run = evaluatePieces(this.source, [unit.record.code], this.evaluate)[0] as () => unknown
    return unit.run
  }

  /** The hot module behind a specifier, if it is one. */
  importedModule(specifier: string): HotModule | undefined {
    const namespace = this.imports.get(specifier) ?? this.dynamicImports.get(specifier)
    return namespace && this.registry.moduleOf(namespace)
  }

  /** Whether its present version imports a module, or may: nobody knows where a computed `import()` leads next. */
  mayImport({ namespace }: HotModule): boolean {
    if (this.isOpaque || [...this.imports.values()].includes(namespace)) return true
    return [...this.dynamicImports].some(([specifier, asked]) => asked === namespace && this.mayRequest(specifier))
  }

  /** Whether its present version may ask for a specifier by `import()`. */
  mayRequest(specifier: string): boolean {
    return this.record.requests?.includes(specifier) || !this.requests.has(specifier)
  }

  /** Points an import at another instance of the module it names. */
  replaceImport(specifier: string, namespace: Namespace, journal: Journal): void {
    const variable = this.record.imports.find((item) => item.specifier === specifier)?.variable
    const before = this.imports.get(specifier)
    if (!variable || !before) return
    journal.push(() => {
      this.unlink()
      this.imports.set(specifier, before)
      this.defineExports()
      this.relink()
    })
    this.save([variable], journal)
    this.registry.moduleOf(before)?.importers.delete(this)
    this.imports.set(specifier, namespace)
    this.assign([variable], [namespace])
    this.defineExports()
    this.relink()
  }

  /** Its code has thrown, or will not come to its end. */
  abandon(): void {
    this.status = 'failed'
    if (this.predecessor) this.discard()
    else this.registry.failures.modules.add(this)
    this.release()
  }

  /** What it did as a successor is taken back. */
  discard(): void {
    this.unlink()
    for (const unit of this.units.values()) unit.latest?.end('undo')
  }

  /** Some code may have it. Nobody has one that threw, and one that went out of use nobody asks for. */
  get isInUse(): boolean {
    return this.status === 'evaluating' || this.status === 'running'
  }

  /** It runs as a whole, and not by units. */
  get isOpaque(): boolean {
    return this.record.opaque !== undefined
  }

  /** The unit that stands for all of it. To run that is to reload it. */
  get whole(): Unit {
    if (this.isOpaque) for (const unit of this.units.values()) return unit
    return (this.#whole ??= { module: this, record: WHOLE, run: () => this.reload(), latest: undefined })
  }

  /** Where the runner finds its file. None for a virtual module, which cannot be asked for with a query. */
  get address(): string | undefined {
    const { id } = this.record
    if (id.startsWith('/')) return id
    return /^[a-z]:\//i.test(id) ? `/@fs/${id}` : undefined
  }

  /**
   * Has the runner load another instance, which takes the place of this one once it has come to its end.
   * Rejects with what its code throws.
   */
  async reload(): Promise<void> {
    const { address } = this
    if (address === undefined) return
    this.isReloading = true
    try {
      // What transforms it may live in this process, and is none of its code.
      await this.registry.ownership.outside(() => this.host.load(this.registry.toReload(address)))
    } catch (error) {
      this.#successor?.abandon()
      throw error
    } finally {
      this.isReloading = false
    }
    const successor = this.#successor
    this.#successor = undefined
    await successor?.settled()
  }

  /** Resolves when what its code began, as a whole, has come to its end. */
  async settled(): Promise<void> {
    // Its units are waited for by themselves.
  }

  /** Strikes itself off the modules it imports. */
  unlink(): void {
    this.registry.noteGraphChange()
    for (const namespace of [...this.imports.values(), ...this.dynamicImports.values()])
      this.registry.moduleOf(namespace)?.importers.delete(this)
  }

  /** Notes itself with the modules it imports. */
  relink(): void {
    this.registry.noteGraphChange()
    for (const namespace of [...this.imports.values(), ...this.dynamicImports.values()])
      this.registry.moduleOf(namespace)?.importers.add(this)
  }

  /** Gives the namespace the names the record exports. Returns whether names came or went. */
  defineExports(): boolean {
    // Others see the instance before until this one has run.
    if (this.predecessor) return false
    const before = Object.keys(this.namespace).toSorted().join()
    defineExports(
      this.namespace,
      gettersOf(this.record, this.values, (specifier) => this.imports.get(specifier)),
    )
    return before !== Object.keys(this.namespace).toSorted().join()
  }
}

function toShownName(key: string, prefix: string): string {
  return key === `${prefix}_default` ? 'default' : key
}
