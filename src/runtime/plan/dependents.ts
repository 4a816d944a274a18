import { type Effects, type NestedEffects, type Ref, DYNAMIC_CALLEE, UNKNOWN_CALLEE } from '../../protocol/index.ts'
import type { FunctionCell } from '../cells/function-cell.ts'
import type { HotModule, Unit } from '../module.ts'
import { isFacade } from '../function-source.ts'
import { passesThrough, refersTo, resolveUnit } from '../resolution.ts'
import type { Registry } from '../registry.ts'

/**
 * Units that used a unit while starting: that read it outside functions, or through functions that ran.
 * Functions that only ran later, for a request, do not count.
 */
export function dependentsOf(unit: Unit, registry: Registry): Set<Unit> {
  const search = new Search(registry)
  search.visit(unit)
  search.found.delete(unit)
  return search.found
}

/** Units of other modules that used, while starting, what a module exports under a name, by that name. */
export function readersOf(exporter: HotModule, name: string, registry: Registry): Set<Unit> {
  const search = new Search(registry)
  search.collect(exporter, (module, ref) => module !== exporter && passesThrough(module, ref, exporter, name))
  return search.found
}

/** Gathers units that used something while starting, and those that used a function by which they did. */
class Search {
  readonly found: Set<Unit> = new Set()
  readonly #registry: Registry
  readonly #visited = new Set<Unit>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  visit(target: Unit): void {
    if (this.#visited.has(target)) return
    this.#visited.add(target)
    this.collect(target.module, (module, ref) => refersTo(module, ref, target), target)
    for (const user of usersOf(target))
      if (!this.#registry.boundaries.stops(target.module, user.module)) this.found.add(user)
  }

  /** @param leads whether a reference of a module, which can see what `seen` exports, leads to what is looked for */
  collect(seen: HotModule, leads: Leads, except?: Unit): void {
    const { boundaries } = this.#registry
    for (const module of [seen, ...this.#registry.observersOf(seen)])
      for (const candidate of module.units.values()) {
        if (candidate === except || boundaries.stops(seen, module)) continue
        if (reads(module, candidate.record.key, candidate.record, leads)) this.found.add(candidate)
        const isReadByRan = ranCells(candidate).some((cell) => reads(module, cell.key, cell, leads))
        if (!isReadByRan) continue
        if (isCallable(candidate)) this.visit(candidate)
        else this.found.add(candidate)
      }
  }
}

type Leads = (module: HotModule, ref: Ref) => boolean

/** Units whose last run called a function of another, by whatever way they came by it. */
function usersOf({ module, record }: Unit): Unit[] {
  return record.cells.flatMap(({ key }) => {
    const cell = module.cells.get(key)
    return [...(cell?.users ?? [])].filter(
      (user) =>
        user.latest?.entered.has(cell as FunctionCell) &&
        user.module.units.get(user.record.key) === user &&
        user.module.isInUse,
    )
  })
}

/** Units of a module that name, in what ran while starting, what it imports by a specifier. */
export function readersOfSpecifier(module: HotModule, specifier: string): Unit[] {
  return [...module.units.values()].filter((unit) =>
    [unit.record, ...ranCells(unit)].some((piece) => piece.reads.some((ref) => ref.endsWith(`@${specifier}`))),
  )
}

/** Units that used a cell of a unit while starting, if it ran then. */
export function usersOfCells(unit: Unit, registry: Registry): ReadonlySet<Unit> {
  return isCallable(unit) ? dependentsOf(unit, registry) : new Set([unit])
}

/** Declarations a unit may have changed when it ran: directly, or through functions of the user's that ran. */
export function touchedBy(unit: Unit): Set<Unit> {
  const found = new Set<Unit>()
  const visited = new Set<Effects>()
  /** What its text leads to, and that of the functions it called. */
  const reached = new Set<Unit>([unit])
  /** Classes of whose instances it called methods. */
  const makers = new Set<Unit>()
  /** Passed to a library, and to what is only known when it is called. */
  const passed = { toLibrary: new Set<Unit>(), dynamically: new Set<Unit>() }

  const visitNested = (module: HotModule, key: string, effects: NestedEffects): void => {
    for (const one of ranEffects(module, key, effects)) visit(module, one)
  }
  const visitCallable = (target: Unit, seen: Set<Unit> = new Set()): void => {
    if (seen.has(target)) return
    seen.add(target)
    reached.add(target)
    for (const cell of ranCells(target)) visitNested(target.module, cell.key, cell)
    // `new Sub()` ran the constructors of its base classes, too.
    if (target.record.kind === 'class') for (const parent of classesOf(target)) visitCallable(parent, seen)
  }
  const visit = (module: HotModule, effects: Effects): void => {
    if (visited.has(effects)) return
    visited.add(effects)
    for (const ref of effects.calls) {
      const target = resolveUnit(module, ref)
      if (!target) continue
      const origin = originOf(target)
      if (isCallable(origin)) visitCallable(origin)
      else if (holdsFunction(target)) found.add(target)
    }
    for (const ref of effects.touches) {
      const target = resolveUnit(module, ref)
      if (!target) continue
      found.add(target)
      // `service.start()`: what the methods of its class did while starting.
      const classes = classesOf(target)
      for (const maker of withBases(classes)) makers.add(maker)
      for (const maker of classes)
        for (const cell of ranCells(maker))
          if (!cell.key.endsWith('.constructor')) visitNested(maker.module, cell.key, cell)
    }
    for (const [callee, argument, ...path] of effects.passes) {
      const target = resolveUnit(module, argument)
      if (target?.record.kind !== 'value' || !holdsMutable(target, path)) continue
      if (callee === UNKNOWN_CALLEE || isOwnCode(resolveUnit(module, callee))) found.add(target)
      else passed[callee === DYNAMIC_CALLEE ? 'dynamically' : 'toLibrary'].add(target)
    }
    for (const ref of effects.reads) {
      const target = resolveUnit(module, ref)
      if (!target) continue
      reached.add(target)
      // `extends Base` calls nothing.
      const isHeritage = effects === unit.record && unit.record.kind === 'class' && unit.record.isPure
      if (isCallable(target) && !isHeritage) visitCallable(target)
    }
  }
  visitNested(unit.module, unit.record.key, unit.record)
  for (const cell of calledByItself(unit)) visitNested(unit.module, cell.key, cell)
  // `for (const load of routes) (await load()).default(app)`: only the call itself told whose code it is.
  const elsewhere = [...(unit.latest?.entered ?? [])]
    .map((cell) => unitOf(cell) ?? unit)
    .filter((at) => !reached.has(at))
  if (elsewhere.length > 0) for (const target of passed.dynamically) found.add(target)
  if (elsewhere.some((at) => !makers.has(at))) for (const target of passed.toLibrary) found.add(target)
  // Grows while it is walked.
  for (const target of found) {
    const whole = wholeOf(target)
    if (whole) found.add(whole)
  }
  found.delete(unit)
  return found
}

/** The declaration of whose object another holds a part: changing the part changes the whole. */
function wholeOf(unit: Unit): Unit | undefined {
  const whole = namedBy(unit)
  return whole?.record.kind === 'value' && holdsMutable(unit, []) ? whole : undefined
}

/** The declaration to whose value, or a part of it, a unit gives another name. */
function namedBy({ module, record }: Unit): Unit | undefined {
  return record.partOf === undefined ? undefined : resolveUnit(module, record.partOf)
}

/** What `const api = app` and `export default app` give another name: to use one is to use the other. */
function originOf(unit: Unit): Unit {
  const { module, record } = unit
  const origin = namedBy(unit)
  const isSame = origin && Object.is(module.read(record.names)[0], origin.module.read(origin.record.names)[0])
  return isSame && origin !== unit ? originOf(origin) : unit
}

/** A function, a class, or a constant that holds a function. */
export function isCallable(unit: Unit): boolean {
  return unit.record.kind === 'function' || unit.record.kind === 'class' || unit.record.hash.startsWith('function')
}

export function ranCells(unit: Unit): Unit['record']['cells'] {
  return unit.record.cells.filter((cell) => unit.module.cells.get(cell.key)?.ran)
}

/**
 * Cells of a unit that ran, as far as running it again has a part in that: a function that is declared is not called,
 * and a class that is evaluated makes no instance of itself, unless a static of it does. Who did that touches what it did.
 */
function calledByItself(unit: Unit): Unit['record']['cells'] {
  if (!isCallable(unit)) return ranCells(unit)
  return unit.record.cells.filter(({ key }) => {
    const cell = unit.module.cells.get(key)
    return cell && unit.latest?.entered.has(cell)
  })
}

/** What a unit or cell did itself, and what functions inside it did while starting. */
function ranEffects(module: HotModule, key: string, effects: NestedEffects): Effects[] {
  const ran = module.ranInner.get(key)
  return ran ? [effects, ...effects.inner.filter((_, index) => ran.has(index))] : [effects]
}

function reads(module: HotModule, key: string, effects: NestedEffects, leads: Leads): boolean {
  return ranEffects(module, key, effects).some((one) => one.reads.some((ref) => leads(module, ref)))
}

function unitOf({ module, key }: FunctionCell): Unit | undefined {
  for (const unit of module.units.values()) if (unit.record.cells.some((cell) => cell.key === key)) return unit
  return undefined
}

/** Classes, and those they extend. */
function withBases(classes: readonly Unit[]): Set<Unit> {
  const all = new Set(classes)
  // Grows while it is walked.
  for (const one of all) for (const base of classesOf(one)) all.add(base)
  return all
}

/** Classes a value was made of, or a class extends: those its declaration names. */
function classesOf(unit: Unit): Unit[] {
  const { module, record } = originOf(unit)
  if (record.kind !== 'value' && record.kind !== 'class') return []
  return record.reads.flatMap((ref) => {
    const target = resolveUnit(module, ref)
    const origin = target && originOf(target)
    return origin?.record.kind === 'class' ? [origin] : []
  })
}

/**
 * Calling it, or a method of it, runs the user's code: their function or class, an instance of their class, an object
 * with their functions, or one of those under another name. A library only reads what it is given.
 */
function isOwnCode(unit: Unit | undefined): boolean {
  if (!unit) return false
  if (isCallable(unit) || unit.record.cells.length > 0 || classesOf(unit).length > 0) return true
  return unit.module.read(unit.record.names).some((value) => {
    if (typeof value === 'function') return isFacade(value)
    return isPlainObject(value) && Object.values(value).some((item) => typeof item === 'function' && isFacade(item))
  })
}

/** What is passed by value cannot be changed by whom it is passed to, and functions of the user's hardly ever are. */
function holdsMutable(unit: Unit, path: readonly string[]): boolean {
  const { module, record, latest } = unit
  // One that has yet to run holds nothing: what it will be another name of does.
  const origin = latest ? undefined : namedBy(unit)
  if (origin && origin !== unit) return holdsMutable(origin, [])
  return module.read(record.names).some((value) => {
    let at: unknown = value
    for (const key of path) at = isObject(at) ? Reflect.get(at, key) : undefined
    return isObject(at) && !(typeof at === 'function' && isFacade(at))
  })
}

function holdsFunction(unit: Unit): boolean {
  return unit.module.read(unit.record.names).some((value) => typeof value === 'function')
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** An object or array as a literal makes it: to read its values runs nobody's code. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === Object.prototype || prototype === Array.prototype
}
