import type { ClassRecord, PrivateRecord } from '../../protocol/index.ts'
import type { PatchSource } from '../update/evaluate.ts'
import { type Journal, NO_JOURNAL } from '../update/journal.ts'
import type { ClassThunk } from './class-cell.ts'
import type { AnyFunction, FunctionCell } from './function-cell.ts'
import { withPrelude } from './prelude.ts'

type Evaluate = (code: string) => unknown

/** A base whose constructor returns what it is given, so that a subclass adds its private names to any object. */
export class Stamp {
  constructor(target: object) {
    // oxlint-disable-next-line no-constructor-return -- it is the point
    return target
  }
}

/** A class around all versions of another that declares private names for them: see `writeClass` in the plugin. */
export interface PrivateScope {
  new (target: object): object
  readonly isStatic: boolean
  /** Evaluates code in which the names are known. */
  readonly scope: Evaluate
  /** What stands inside: more names, or the class. */
  readonly inner: PrivateScope | ClassThunk
  /** Whether an object has its names. Only of scopes added by an edit. */
  readonly isOn?: (target: object) => boolean
}

/** What growing needs of the module. */
interface CellSource {
  cell(key: string): FunctionCell
  readonly record: { readonly prefix: string }
}

/** The private names of a class, each declared once for all versions, so that instances keep theirs. */
export class PrivateScopes {
  /** Outermost first. Grows when an edit adds a private name. */
  #all: readonly PrivateScope[] = []
  /** Those added by edits: instances made before do not have their names until a method is called on them. */
  #late: readonly PrivateScope[] = []
  /** Shape of every name declared, in any version. Filled when the first edit comes. */
  readonly #shapes = new Map<string, string>()

  /** Evaluates code where all names are known; none where there are none. */
  get evaluate(): Evaluate | undefined {
    return this.#all.at(-1)?.scope
  }

  add(scopes: readonly PrivateScope[], facade: object | undefined, journal: Journal): void {
    const before = { all: this.#all, late: this.#late }
    journal.push(() => {
      this.#all = before.all
      this.#late = before.late
    })
    this.#all = [...this.#all, ...scopes]
    this.#late = [...this.#late, ...scopes.filter((scope) => scope.isOn && !scope.isStatic)]
    if (facade) for (const scope of scopes) if (scope.isStatic) new scope(facade)
  }

  /** Gives an instance its private names. Late ones it has if a base class's constructor has called a method of it. */
  stamp(instance: object): void {
    for (const scope of this.#all) if (!scope.isStatic && !scope.isOn?.(instance)) new scope(instance)
  }

  /** Gives the class its private static names. */
  stampClass(facade: object): void {
    for (const scope of this.#all) if (scope.isStatic) new scope(facade)
  }

  /** Notes the value of a private field of the class itself. */
  restoreOnRollback(name: string, facade: object, journal: Journal): void {
    if (journal === NO_JOURNAL) return
    const toPlace = this.evaluate?.(`(o) => [() => o.${name}, (value) => { o.${name} = value }]`)
    if (toPlace) journal.save(...(toPlace as (target: object) => [() => unknown, (value: unknown) => void])(facade))
  }

  /** Declares private names that are new, or of another shape, in a scope inside those there are. */
  grow(
    next: ClassRecord,
    old: ClassRecord | undefined,
    facade: object,
    source: PatchSource,
    module: CellSource,
    evaluate: Evaluate,
    journal: Journal,
  ): void {
    if (this.#shapes.size === 0) for (const item of old?.privates ?? []) this.#shapes.set(item.name, toShape(item))
    for (const isStatic of [false, true]) {
      const added = next.privates.filter(
        (item) => item.isStatic === isStatic && this.#shapes.get(item.name) !== toShape(item),
      )
      if (added.length === 0) continue
      const scope = declare(added, isStatic, source, module, this.evaluate ?? evaluate)
      this.add([scope], facade, journal)
      for (const item of added) {
        const before = this.#shapes.get(item.name) ?? ''
        journal.push(() => this.#shapes.set(item.name, before))
        this.#shapes.set(item.name, toShape(item))
      }
    }
  }

  /** A method that first gives its receiver what it lacks: instances made before an edit added private names. */
  withLate(impl: AnyFunction, facade: abstract new (...args: never[]) => object): AnyFunction {
    if (this.#late.length === 0) return impl
    return withPrelude(impl, (receiver) => {
      if (receiver instanceof facade) this.complete(receiver)
    })
  }

  /** Gives an instance the names that it lacks. */
  complete(instance: object): void {
    for (const scope of this.#late) if (!scope.isOn?.(instance)) new scope(instance)
  }
}

function toShape({ shape, isStatic }: PrivateRecord): string {
  return `${shape} ${isStatic}`
}

function declare(
  added: readonly PrivateRecord[],
  isStatic: boolean,
  source: PatchSource,
  module: CellSource,
  evaluate: Evaluate,
): PrivateScope {
  const { prefix } = module.record
  const cells = added.flatMap((item) => item.cells)
  const parameters = [`${prefix}_base`, ...cells.map(({ variable }) => variable)].join(', ')
  const declarations = added.map((item) => source.code.slice(...item.code)).join(' ')
  const make = evaluate(
    `(${parameters}) => class extends ${prefix}_base { ${declarations} static isStatic = ${isStatic}; ` +
      `static scope = (${prefix}_e) => eval(${prefix}_e); static isOn = (o) => ${added[0]?.name} in o }`,
  ) as (...args: unknown[]) => PrivateScope
  return make(Stamp, ...cells.map(({ key }) => module.cell(key)))
}
