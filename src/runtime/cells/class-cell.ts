import type { MemberRecord } from '../../protocol/index.ts'
import type { Journal } from '../update/journal.ts'
import { setSource, sourceOf } from '../function-source.ts'
import type { AnyFunction, FunctionCell } from './function-cell.ts'
import { ownMembers, reconcileMembers, restoreOnRollback } from './members.ts'
import type { Migrations } from './migrations.ts'
import { type PrivateScope, PrivateScopes } from './private-scopes.ts'
import { Shape } from './shape.ts'
import { Statics } from './statics.ts'

export type AnyClass = abstract new (...args: never[]) => object

/** Makes an implementation class, given this cell and those of the members. */
export type ClassThunk = (cell: ClassCell, ...members: FunctionCell[]) => AnyClass
export type ClassText = PrivateScope | ClassThunk

/**
 * A class with a stable identity (its facade) and a replaceable implementation.
 *
 * The facade extends the implementation, so `new` runs the current constructor and fields. Its prototype has a facade
 * for every method and inherits from the base class's prototype, as the class's own would: the implementation is not
 * on the prototype chain of instances. Private names belong to scopes around all implementations, so instances keep
 * theirs.
 */
export class ClassCell {
  readonly id: string
  readonly constructorCell: FunctionCell
  readonly privates: PrivateScopes = new PrivateScopes()
  readonly shape: Shape = new Shape()
  /** Cells of what instances have: methods and accessors. Written by `bind`. */
  instanceMembers: readonly FunctionCell[] = []
  /** New fields that people have been told of. Grows only: once in a process is enough. */
  readonly announced: Set<string> = new Set()
  /** Values of computed keys, by index. Written while an implementation is evaluated. */
  readonly keys: PropertyKey[] = []
  /** The class others hold. Written once. */
  facade!: AnyClass
  /** The newest implementation. Written by `bind`. */
  #implementation: AnyClass | undefined
  /** Makes the newest implementation. Written by `create` and updates. */
  #thunk: ClassThunk | undefined
  /** What the facade and its prototype should have of their own. Written by `bind`. */
  #own: { readonly statics: PropertyDescriptorMap; readonly prototype: PropertyDescriptorMap } | undefined
  readonly #statics = new Statics()
  readonly #migrations: Migrations
  /** State of the evaluation under way. */
  #evaluation: Evaluation | undefined

  constructor(id: string, constructorCell: FunctionCell, migrations: Migrations) {
    this.id = id
    this.constructorCell = constructorCell
    this.#migrations = migrations
  }

  /**
   * Whether it can take another implementation. One that somebody froze or sealed can only take other code for the
   * methods it has; for more it must be made anew.
   */
  canTake(change: { readonly isConstructorChanged: boolean; readonly areMembersChanged: boolean }): boolean {
    if (this.facade === undefined) return true
    if (!Object.isExtensible(this.facade) && change.isConstructorChanged) return false
    return !change.areMembersChanged || !this.isFixed
  }

  get isFixed(): boolean {
    return (
      this.facade !== undefined && !(Object.isExtensible(this.facade) && Object.isExtensible(this.facade.prototype))
    )
  }

  /**
   * Takes the class as the module's code gives it when the unit runs: everything static is initialised, and what
   * others added to the class since is gone.
   */
  create(
    text: ClassText,
    members: readonly MemberRecord[],
    cells: readonly FunctionCell[],
    journal: Journal,
  ): AnyClass {
    if (this.isFixed) this.#startOver(journal)
    // Instances made before keep their private names only in the scopes there are.
    if (this.#thunk && this.privates.evaluate) return this.#evaluate(this.#thunk, members, cells, journal, true)
    let thunk = text
    const privates: PrivateScope[] = []
    while ('inner' in thunk && Object.hasOwn(thunk, 'inner')) {
      privates.push(thunk as PrivateScope)
      thunk = (thunk as PrivateScope).inner
    }
    this.privates.add(privates, this.facade, journal)
    this.prepareThunk(thunk as ClassThunk, journal)
    return this.#evaluate(thunk as ClassThunk, members, cells, journal, true)
  }

  #startOver(journal: Journal): void {
    const before = { facade: this.facade, own: this.#own, implementation: this.#implementation }
    journal.push(() => {
      this.facade = before.facade
      this.#own = before.own
      this.#implementation = before.implementation
    })
    this.facade = undefined as unknown as AnyClass
  }

  /** Replaces the implementation only: static fields whose text did not change keep their value. */
  patch(thunk: ClassThunk, members: readonly MemberRecord[], cells: readonly FunctionCell[], journal: Journal): void {
    this.prepareThunk(thunk, journal)
    this.#evaluate(thunk, members, cells, journal, false)
  }

  /** Evaluates the implementation set by `prepareThunk`: what is static runs where its text changed. */
  repatch(members: readonly MemberRecord[], cells: readonly FunctionCell[], journal: Journal): void {
    if (this.#thunk) this.#evaluate(this.#thunk, members, cells, journal, false)
  }

  /** Sets what `create` evaluates: instances made before keep their private names only in the scopes there are. */
  prepareThunk(thunk: ClassThunk, journal: Journal): void {
    const before = this.#thunk
    journal.push(() => (this.#thunk = before))
    this.#thunk = thunk
  }

  #evaluate(
    thunk: ClassThunk,
    members: readonly MemberRecord[],
    cells: readonly FunctionCell[],
    journal: Journal,
    isFresh: boolean,
  ): AnyClass {
    this.#evaluation = { members, cells, journal, isFresh }
    this.#statics.begin(journal, isFresh)
    try {
      thunk(this, ...cells)
      this.#statics.removeUnseen(this.facade, this.#own?.statics ?? {})
      return this.facade
    } finally {
      this.#evaluation = undefined
      this.#statics.end()
    }
  }

  // ── Called by the code of the class ───────────────────────────────────────────────────────────────────────────────

  /** Notes that an instance is made while the process starts up. */
  enter(): void {
    this.constructorCell.enter()
  }

  /** An instance of a subclass with a `migrate` is about to be made by its base classes. */
  begin(): void {
    this.shape.begin()
  }

  /** Gives an instance its private names, and notes its shape. The first thing of every instance. */
  stamp(instance: object): void {
    this.privates.stamp(instance)
    this.shape.note(instance)
  }

  /** Remembers the value of a computed key. */
  key(index: number, value: PropertyKey): PropertyKey {
    const key = typeof value === 'symbol' ? value : String(value)
    this.keys[index] = key
    return key
  }

  /** The value of a heritage expression: evaluated again only when its text changed or the class is made afresh. */
  parent(hash: string, evaluate: () => unknown): unknown {
    return this.#statics.parent(hash, evaluate)
  }

  /** Runs a static initialiser unless it has run in this form. */
  once(name: PropertyKey, hash: string, run: () => void, usesClass = false): void {
    const journal = this.#evaluation?.journal
    // The name of a private field, which no reflection reads or writes. A block is called otherwise.
    if (journal && String(name).startsWith('#')) this.privates.restoreOnRollback(String(name), this.facade, journal)
    this.#statics.once(name, hash, run, usesClass)
  }

  /** Defines a static field on the facade, unless it has been defined in this form. */
  static(name: PropertyKey, hash: string, evaluate: () => unknown, usesClass = false): void {
    this.#statics.once(name, hash, () => this.#statics.define(this.facade, name, evaluate), usesClass)
  }

  /** Links a new implementation: the first thing it does, so that its own static initialisers can make instances. */
  bind(implementation: AnyClass, candidate: AnyClass, name: string): AnyClass {
    const evaluation = this.#evaluation
    if (!evaluation) throw new Error(`${this.id} was evaluated outside an update.`)
    const { members, cells, journal, isFresh } = evaluation
    const isFirst = !this.facade
    if (isFirst) {
      this.facade = candidate
      this.privates.stampClass(candidate)
    }
    members.forEach((member, index) => this.#implementMember(implementation, candidate, member, cells[index], journal))
    this.#link(implementation, journal)
    const wanted = {
      statics: ownMembers(candidate),
      prototype: ownMembers(candidate.prototype as object),
    }
    if (!isFirst) {
      const had = this.#own ?? { statics: {}, prototype: {} }
      this.#own = {
        statics: reconcileMembers(this.facade, had.statics, wanted.statics, isFresh, journal),
        prototype: reconcileMembers(this.facade.prototype as object, had.prototype, wanted.prototype, isFresh, journal),
      }
      journal.push(() => (this.#own = had))
    } else {
      this.#own = wanted
      setSource(candidate, () => toClassSource(this.#implementation))
      if (!Object.hasOwn(candidate, 'name') || candidate.name === '')
        Object.defineProperty(candidate, 'name', { value: name, configurable: true })
    }
    this.#takeLength(implementation, journal)
    this.#takeShape(implementation, evaluation)
    return this.facade
  }

  /** The function of the facade class that stands for a member; none for private ones, which the scopes declare. */
  #facadeOf(member: MemberRecord, candidate: AnyClass): AnyFunction | undefined {
    const holder = (member.isStatic ? candidate : candidate.prototype) as object
    const key = member.computed === undefined ? member.at : this.keys[member.computed]
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(holder, toShownKey(key))
    const facade: unknown = member.kind === 'method' ? descriptor?.value : descriptor?.[member.kind]
    return typeof facade === 'function' ? (facade as AnyFunction) : undefined
  }

  #implementMember(
    implementation: AnyClass,
    candidate: AnyClass,
    member: MemberRecord,
    cell: FunctionCell | undefined,
    journal: Journal,
  ): void {
    if (!cell) return
    const holder = (member.isStatic ? implementation : implementation.prototype) as object
    const key = member.computed === undefined ? member.at : this.keys[member.computed]
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(holder, key)
    const impl: unknown = member.kind === 'method' ? descriptor?.value : descriptor?.[member.kind]
    journal.save(
      () => cell.impl,
      (before) => (cell.impl = before),
    )
    if (typeof impl !== 'function') return
    const facade = key === undefined ? undefined : this.#facadeOf(member, candidate)
    const own = member.isStatic ? this.#own?.statics : this.#own?.prototype
    const isKept = own !== undefined && key !== undefined && Object.hasOwn(own, toShownKey(key))
    if (facade && !(isKept && cell.facade)) cell.dress(facade)
    cell.implement(member.isStatic ? (impl as AnyFunction) : this.privates.withLate(impl as AnyFunction, this.facade))
  }

  /** `facade → implementation` for `new`, and past it for instances and `super`. */
  #link(implementation: AnyClass, journal: Journal): void {
    const { facade } = this
    const prototype = facade.prototype as object
    const read = () => ({
      implementation: this.#implementation,
      parent: Object.getPrototypeOf(facade) as object,
      prototypeParent: Object.getPrototypeOf(prototype) as object | null,
    })
    const before = read()
    journal.save(read, ({ implementation: other, parent, prototypeParent }) => {
      this.#implementation = other
      if (Object.isExtensible(facade)) Object.setPrototypeOf(facade, parent)
      if (Object.isExtensible(prototype)) Object.setPrototypeOf(prototype, prototypeParent)
    })
    this.#implementation = implementation
    if (before.implementation && Object.getPrototypeOf(before.implementation) !== Object.getPrototypeOf(implementation))
      this.#statics.noteOther()
    if (before.parent !== implementation && Object.isExtensible(facade)) Object.setPrototypeOf(facade, implementation)
    const inherited = Object.getPrototypeOf(implementation.prototype) as object | null
    if (before.prototypeParent !== inherited && Object.isExtensible(prototype))
      Object.setPrototypeOf(prototype, inherited)
  }

  #takeShape(implementation: AnyClass, { members, cells, journal }: Evaluation): void {
    const before = this.instanceMembers
    journal.push(() => (this.instanceMembers = before))
    this.instanceMembers = cells.filter((_, index) => members[index]?.isStatic === false)
    const hasMigrate = members.some(({ isMigrate }) => isMigrate)
    this.shape.take(implementation, hasMigrate, journal)
    this.#migrations.settle(this, journal)
  }

  /** `length` is that of the constructor, unless the class has a static of that name. */
  #takeLength(implementation: AnyClass, journal: Journal): void {
    const descriptor = Object.getOwnPropertyDescriptor(this.facade, 'length')
    if (!descriptor?.configurable || descriptor.writable || descriptor.value === implementation.length) return
    restoreOnRollback(this.facade, 'length', journal)
    Object.defineProperty(this.facade, 'length', { value: implementation.length, configurable: true })
  }
}

interface Evaluation {
  readonly members: readonly MemberRecord[]
  readonly cells: readonly FunctionCell[]
  readonly journal: Journal
  readonly isFresh: boolean
}

/** The class as it was written, or nearly: without what the plugin put first into its body. */
function toClassSource(implementation: AnyClass | undefined): string {
  const source = implementation ? sourceOf(implementation) : 'class {}'
  return source.replace(/\{ static \{[^]*?\/\*(\$hot\d*)\*\//, '{').replaceAll(/\$hot\d*\b/g, '')
}

/** The key others see: implementations hold their members under the key with a suffix. */
function toShownKey(key: PropertyKey): PropertyKey {
  return typeof key === 'string' ? key.replace(/\$hot\d*$/, '') : key
}
