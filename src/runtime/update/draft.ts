import type { ClassRecord, ModuleRecord, ModuleVersion, Range, UnitRecord } from '../../protocol/index.ts'
import { toCellVariable, toImplementationName } from '../../protocol/index.ts'
import type { ClassThunk } from '../cells/class-cell.ts'
import { type AnyFunction, Bound, FunctionCell, isConstructor } from '../cells/function-cell.ts'
import type { Evaluate, HotModule, Unit } from '../module.ts'
import { type ExportGetter, type Namespace, saveNames } from '../namespace.ts'
import { diffModules, type ModuleDiff } from '../plan/diff.ts'
import { evaluateClass, evaluatePieces, type PatchSource } from './evaluate.ts'
import type { Journal } from './journal.ts'
import { resolveUnit } from '../resolution.ts'

/**
 * A module's next version, prepared beside the running one: its code is evaluated, but nothing is swapped until
 * `commit`. What is evaluated are functions and functions of classes, so that nothing of the user's runs.
 */
export class ModuleDraft {
  readonly module: HotModule
  readonly version: ModuleVersion
  readonly diff: ModuleDiff
  /** Namespaces of all imports of the new version, by specifier. Filled before `prepare`. */
  readonly imports: Map<string, Namespace> = new Map()
  /** Hot modules the old version imported and the new one does not. Filled by `commit`. */
  readonly unlinked: HotModule[] = []
  /** Units whose class cannot go on as it is. Filled by `commit`. */
  readonly classesToRemake: { readonly key: string; readonly label: string }[] = []
  readonly #source: PatchSource
  /** Variables this version declared. Filled by `prepare`. */
  readonly #declared = new Set<string>()
  /** Instance fields of the classes of the old version, by key. Filled by the constructor. */
  readonly fieldsBefore: Map<string, readonly string[]> = new Map()
  readonly #blocksBefore = new Map<string, string>()
  #evaluate: Evaluate
  #cells: { readonly cell: FunctionCell; readonly implementation: AnyFunction | Bound }[] = []
  #classes: { readonly unit: UnitRecord; readonly record: ClassRecord; readonly thunk: ClassThunk }[] = []

  constructor(module: HotModule, version: ModuleVersion) {
    this.module = module
    this.version = version
    this.diff = diffModules(module.record, version.record)
    this.#source = { id: version.record.id, code: version.code, map: version.map }
    this.#evaluate = module.evaluate
    for (const { class: record } of module.record.units) {
      if (!record) continue
      this.#blocksBefore.set(record.key, record.blocks)
      this.fieldsBefore.set(record.key, record.fields)
    }
  }

  /** Nothing that runs changed, but code may have moved: what it says of itself in stack traces is then out of date. */
  get isMoved(): boolean {
    return this.module.source?.code !== this.version.code || this.module.source.map !== this.version.map
  }

  /** Imports came, went or changed places. */
  get changesImports(): boolean {
    const specifiers = ({ imports }: ModuleRecord): string => imports.map(({ specifier }) => specifier).join('\n')
    return specifiers(this.module.record) !== specifiers(this.version.record)
  }

  /** @throws SyntaxError when the code does not compile in the scope of the running module */
  prepare(journal: Journal): void {
    this.#declare(journal)
    const { module, version } = this
    const matched = version.record.units.filter((unit) => module.units.has(unit.key))
    const cells = matched.flatMap((unit) => unit.cells.filter((cell) => cell.code && module.cells.has(cell.key)))
    const values = evaluatePieces(
      this.#source,
      cells.map((cell) => cell.code as Range),
      this.#evaluate,
    )
    this.#cells = cells.map((cell, index) => ({
      cell: module.cell(cell.key),
      implementation: values[index] as AnyFunction | Bound,
    }))
    for (const unit of version.record.units) {
      const record = unit.class
      if (!record || !module.classes.has(record.key)) continue
      const classCell = module.classCell(record.key)
      const old = module.record.units.find(({ key }) => key === unit.key)?.class
      classCell.privates.grow(record, old, classCell.facade, this.#source, module, this.#evaluate, journal)
      const [thunk] = evaluateClass(this.#source, record, module, this.#evaluate, classCell.privates.evaluate)
      this.#classes.push({ unit, record, thunk: thunk as ClassThunk })
    }
  }

  /** Swaps records and cells. Does not run units. */
  commit(journal: Journal): { readonly removed: readonly Unit[] } {
    const { module, version } = this
    // First in, last out: names are as the record and the getters say once those are back.
    const observers = this.diff.changesExports ? [module, ...module.registry.barrelsOf(module)] : [module]
    for (const { namespace } of observers) saveNames(namespace, journal)
    journal.push(() => {
      for (const observer of observers) observer.defineExports()
    })
    this.#swapRecord(journal)
    const removed = this.#swapUnits(journal)
    // Functions inside changed code are others now; what they do at start-up shows when it runs again.
    for (const key of [...this.diff.cells.map(({ cell }) => cell.key), ...this.diff.changed.map((unit) => unit.key)])
      this.#forgetInner(key, journal)
    this.#swapExports(journal)
    for (const { cell, implementation } of this.#cells) {
      saveImplementation(cell, journal)
      cell.implement(implementation)
    }
    for (const unit of version.record.units) if (unit.kind === 'function') this.#installFunction(unit, journal)
    const changed = new Set(this.diff.changed.map((unit) => unit.key))
    for (const { unit, record, thunk } of this.#classes) {
      const members = record.members.map((member) => module.cell(member.cell))
      const cell = module.classCell(record.key)
      const isOtherBlock = this.#blocksBefore.get(record.key) !== record.blocks
      if (isOtherBlock) this.classesToRemake.push({ key: unit.key, label: `${unit.label}'s static block` })
      const changes = this.diff.cells.filter((change) => change.unit.key === unit.key)
      const isConstructorChanged = changes.some((change) => change.cell.key === `${record.key}.constructor`)
      if (isConstructorChanged) cell.shape.change(journal)
      const canPatch = cell.canTake({
        isConstructorChanged,
        areMembersChanged: changed.has(unit.key) || changes.some(({ kind }) => kind !== 'changed'),
      })
      const base = this.#newBaseOf(unit)
      if (base) this.classesToRemake.push({ key: unit.key, label: base.record.label })
      else if (!canPatch && !isOtherBlock)
        this.classesToRemake.push({ key: unit.key, label: `${unit.label} (which is sealed)` })
      // What is static there belongs to starting up: it has its turn among the units that run again.
      if (changed.has(unit.key) || this.diff.added.includes(unit) || !canPatch || base)
        cell.prepareThunk(thunk, journal)
      else cell.patch(thunk, record.members, members, journal)
    }
    return { removed }
  }

  /** What a class reads outside functions that has yet to run: a base class may come from elsewhere in the same update. */
  #newBaseOf(unit: UnitRecord): Unit | undefined {
    return unit.reads.map((ref) => resolveUnit(this.module, ref)).find((read) => read && isYetToRun(read))
  }

  /** The source has come to use names that begin as ours did: then ours are called otherwise, and stand for the same. */
  #alias(prefix: string): void {
    const { module } = this
    const known = module.record.prefix
    if (module.declared.has(`${prefix}_w`)) return
    const aliases = ['', '_w', '_meta', '_free', '_const'].map((name) => `${prefix}${name} = ${known}${name}`)
    this.#evaluate = module.evaluate(
      `(() => { let ${aliases.join(', ')}; return (${prefix}_e) => eval(${prefix}_e) })()`,
    ) as Evaluate
    module.declared.add(`${prefix}_w`)
  }

  #forgetInner(key: string, journal: Journal): void {
    const { ranInner } = this.module
    const before = ranInner.get(key)
    if (!before) return
    journal.push(() => ranInner.set(key, before))
    ranInner.delete(key)
  }

  /** Declares names the scope does not have yet, in a scope of their own inside it. */
  #declare(journal: Journal): void {
    const { module, version } = this
    const { prefix, units, imports } = version.record
    const wanted = [
      ...units.flatMap((unit) => unit.names),
      ...units.flatMap((unit) => (unit.kind === 'function' ? [toCellVariable(prefix, unit.names[0] ?? unit.key)] : [])),
      ...imports.map(({ variable }) => variable),
    ]
    this.#alias(prefix)
    const initial = module.declared
    const missing = [...new Set(wanted)].filter((name) => !initial.has(name))
    if (missing.length > 0) {
      this.#evaluate = this.#evaluate(
        `(() => { let ${missing.join(', ')}; return (${prefix}_e) => eval(${prefix}_e) })()`,
      ) as Evaluate
      for (const name of missing) {
        initial.add(name)
        module.late.add(name)
        this.#declared.add(name)
      }
      journal.push(() => {
        for (const name of missing) {
          initial.delete(name)
          module.late.delete(name)
        }
      })
    }
  }

  #swapRecord(journal: Journal): void {
    const { module, version } = this
    const { record, evaluate, source } = module
    const imports = new Map(module.imports)
    journal.save(
      () => new Map(module.imports),
      (before) => replaceAll(module.imports, before),
    )
    journal.push(() => {
      // What only the new version imports is not imported any more.
      module.unlink()
      module.record = record
      module.evaluate = evaluate
      module.source = source
      replaceAll(module.imports, imports)
      module.relink()
    })
    module.record = version.record
    for (const specifier of version.record.requests ?? []) module.requests.add(specifier)
    module.evaluate = this.#evaluate
    module.source = this.#source
    module.imports.clear()
    for (const { specifier, variable } of version.record.imports) {
      const namespace = this.imports.get(specifier) ?? imports.get(specifier)
      if (!namespace) continue
      module.imports.set(specifier, namespace)
      if (imports.get(specifier) === namespace && !this.#declared.has(variable)) continue
      module.save([variable], journal)
      module.assign([variable], [namespace])
    }
    if (isSameGraph(imports, module.imports)) return
    for (const namespace of imports.values()) module.registry.moduleOf(namespace)?.importers.delete(module)
    module.relink()
    for (const [specifier, namespace] of imports) {
      const target = module.registry.moduleOf(namespace)
      if (target && !module.imports.has(specifier)) this.unlinked.push(target)
    }
  }

  #swapUnits(journal: Journal): Unit[] {
    const { module, version } = this
    const before = new Map(module.units)
    const records = new Map([...before].map(([key, unit]) => [key, unit.record]))
    journal.push(() => {
      module.units.clear()
      for (const [key, unit] of before) {
        unit.record = records.get(key) ?? unit.record
        module.units.set(key, unit)
      }
    })
    module.units.clear()
    for (const record of version.record.units) {
      const unit = before.get(record.key) ?? { module, record, run: undefined, latest: undefined }
      unit.record = record
      module.units.set(record.key, unit)
    }
    const removed = [...before.values()].filter((unit) => !module.units.has(unit.record.key))
    for (const { record } of removed) if (record.kind === 'effect') this.#forgetCells(record, journal)
    return removed
  }

  /**
   * The key of an effect is its text, so each edit of it would leave its cells behind. Whoever holds a facade goes on
   * calling it. Cells of declarations stay: their names are few, and may come back.
   */
  #forgetCells(record: UnitRecord, journal: Journal): void {
    const { cells } = this.module
    this.#forgetInner(record.key, journal)
    for (const { key } of record.cells) {
      this.#forgetInner(key, journal)
      const cell = cells.get(key)
      if (!cell) continue
      journal.push(() => cells.set(key, cell))
      cells.delete(key)
    }
  }

  #swapExports(journal: Journal): void {
    const { module, diff, version } = this
    for (const name of diff.exports) {
      const before = module.values.get(name)
      journal.push(() => (before ? module.values.set(name, before) : module.values.delete(name)))
      const ref = version.record.exports[name]
      if (ref === undefined || ref.includes('@')) module.values.delete(name)
      else module.values.set(name, module.evaluate(`() => { try { return ${ref} } catch {} }`) as ExportGetter)
    }
    module.defineExports()
  }

  /** Gives a declared function that is new, or that was something else, its variable, facade and cell. */
  #installFunction(record: UnitRecord, journal: Journal): void {
    const { module } = this
    const name = record.names[0] ?? record.key
    const isNew = this.diff.added.includes(record)
    const isReplaced = this.diff.changed.includes(record) && typeof module.read([name])[0] !== 'function'
    if (!isNew && !isReplaced) return
    const { prefix } = module.record
    const variables = [name, toCellVariable(prefix, name)]
    module.save(variables, journal)
    const [pair] = evaluatePieces(this.#source, [record.code], (text) =>
      module.evaluate(toFunctionPair(text, name, toImplementationName(prefix, name))),
    ) as unknown as [[AnyFunction, AnyFunction]]
    const [facade, implementation] = pair
    // A facade that an update has left which failed reads the variables of that update, and not those declared now.
    const known = this.#declared.has(toCellVariable(prefix, name)) ? undefined : module.cells.get(name)
    if (known?.facade && isConstructor(known.facade) === isConstructor(facade)) {
      saveImplementation(known, journal)
      known.implement(implementation)
      module.assign(variables, [known.facade, known])
    } else module.assign(variables, [facade, module.declare(name, facade, implementation)])
  }
}

/** A constant that was a declared function never runs, and holds that function. */
function isYetToRun({ module, record, latest }: Unit): boolean {
  if (record.kind === 'function' || record.kind === 'effect' || latest) return false
  return module.read(record.names).every((value) => value === undefined)
}

/** Whether the same specifiers lead to the same modules, in the same order. */
function isSameGraph(before: ReadonlyMap<string, Namespace>, after: ReadonlyMap<string, Namespace>): boolean {
  const entries = [...after]
  return (
    before.size === after.size &&
    [...before].every(([specifier, namespace], index) => {
      const entry = entries[index]
      return entry?.[0] === specifier && entry[1] === namespace
    })
  )
}

function replaceAll<K, V>(map: Map<K, V>, entries: Iterable<readonly [K, V]>): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}

function saveImplementation(cell: FunctionCell, journal: Journal): void {
  journal.save(
    () => cell.impl,
    (impl) => cell.implement(impl),
  )
}

/** `[function f() {…} function f$hot() {…}]` is no expression: turns it into one that gives both. */
function toFunctionPair(text: string, name: string, implementation: string): string {
  const from = text.indexOf('[')
  const to = text.lastIndexOf(']\n//# sourceURL')
  return `${text.slice(0, Math.max(0, from - 1))}(() => {${text.slice(from + 1, to)}; return [[${name}, ${implementation}]] })()${text.slice(to + 1)}`
}
