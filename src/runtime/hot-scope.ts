import { type AnyClass, type ClassText } from './cells/class-cell.ts'
import { type AnyFunction, Bound, type FunctionCell, isConstructor } from './cells/function-cell.ts'
import { Stamp } from './cells/private-scopes.ts'
import { constants, freeNames } from './globals.ts'
import { HotContext } from './hot/context.ts'
import type { HotModule } from './module.ts'
import type { Namespace } from './namespace.ts'
import type { StartUpWindow } from './start-up.ts'

/** What hot code calls its module by: everything here is called by code that the plugin wrote, and by nobody else. */
export class HotScope {
  readonly #module: HotModule
  /** `import.meta.hot`. */
  readonly hot: HotContext

  constructor(module: HotModule) {
    this.#module = module
    this.hot = new HotContext(module)
  }

  get window(): StartUpWindow {
    return this.#module.window
  }

  /** Units run again, and not for the first time. */
  get isAgain(): boolean {
    return this.#module.isAgain
  }

  get free(): typeof freeNames {
    return freeNames
  }

  get const(): typeof constants {
    return constants
  }

  get Stamp(): typeof Stamp {
    return Stamp
  }

  /** What to use for an imported namespace. */
  link(specifier: string, imported: Namespace): Namespace {
    return this.#module.link(specifier, imported)
  }

  /** `import()`: the namespace others see. */
  async import(specifier: unknown): Promise<Namespace> {
    const { namespaces, deferral } = this.#module.registry
    deferral.requested += 1
    let loaded: Namespace
    try {
      loaded = await this.#module.host.load(this.#module.toAddress(String(specifier)))
    } catch (error) {
      loaded = await this.#module.registry.recover(this.#module, String(specifier), error)
    } finally {
      deferral.requested -= 1
    }
    const namespace = namespaces.resolve(loaded)
    await this.#module.registry.revive(namespace)
    if (this.#module.dynamicImports.get(String(specifier)) !== namespace) this.#module.registry.noteGraphChange()
    this.#module.dynamicImports.set(String(specifier), namespace)
    this.#module.registry.moduleOf(namespace)?.importers.add(this.#module)
    return namespace
  }

  /** Links an import before the module's turn, if the imported module has run. */
  early(link: () => void): void {
    try {
      link()
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error
    }
  }

  /** Runs a unit for the first time, unless the update that loads the module has to be made before. */
  unit(key: string, run: () => unknown): unknown {
    const unit = this.#module.units.get(key)
    if (!unit) throw new Error(`${this.#module.record.label} has no unit ${key}`)
    const isDeferred = this.#module.registry.deferral.holds(this.#module)
    unit.run = run
    if (isDeferred) return undefined
    try {
      const value = this.#module.registry.ownership.run(unit, false)
      return unit.record.isAsync ? Promise.resolve(value).catch((error: unknown) => this.#fail(error)) : value
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** A function inside a unit or cell ran while the process was starting up. */
  ran(key: string, index: number): void {
    let indices = this.#module.ranInner.get(key)
    if (!indices) this.#module.ranInner.set(key, (indices = new Set()))
    if (indices.has(index)) return
    indices.add(index)
    this.window.firstCalls += 1
  }

  /** The facade of a function literal. The same one each time its unit runs, unless its kind changed. */
  fn(key: string, make: (cell: FunctionCell) => AnyFunction, implementation: AnyFunction | Bound): AnyFunction {
    const cell = this.#module.cell(key)
    const candidate = make(cell)
    const { facade } = cell
    this.#module.journal.save(
      () => ({ facade: cell.facade, impl: cell.impl }),
      (before) => {
        cell.facade = before.facade
        // One that is new goes on as it is: something the failed run made may be disposed of by it.
        if (before.facade) cell.implement(before.impl)
      },
    )
    if (facade && isConstructor(facade) === isConstructor(candidate)) cell.implement(implementation)
    else cell.adopt(candidate, implementation, candidate.name)
    return cell.facade ?? candidate
  }

  /** Makes an accessor of an object literal a cell, and answers its key. */
  accessor(key: string, implementation: AnyFunction, name: string): string {
    const cell = this.#module.cell(key)
    this.#module.journal.save(
      () => cell.impl,
      (impl) => (cell.impl = impl),
    )
    cell.impl = implementation
    return name
  }

  callAccessor(key: string, receiver: unknown, ...args: unknown[]): unknown {
    const cell = this.#module.cell(key)
    return (this.window.open ? cell.enter() : cell.impl).apply(receiver, args)
  }

  /** The function of the only accessor of an object. */
  functionOf(object: object): AnyFunction | undefined {
    const [descriptor] = Object.values(Object.getOwnPropertyDescriptors(object))
    return (descriptor?.get ?? descriptor?.set) as AnyFunction | undefined
  }

  bound(make: (facade: AnyFunction) => AnyFunction): Bound {
    return new Bound(make)
  }

  /** The facade of a class. The same one each time its unit runs. */
  class(key: string, text: ClassText): AnyClass {
    const cell = this.#module.classCell(key)
    const members = this.#module.classRecord(key)?.members ?? []
    return cell.create(
      text,
      members,
      members.map((member) => this.#module.cell(member.cell)),
      this.#module.journal,
    )
  }

  cell(key: string): FunctionCell {
    return this.#module.cell(key)
  }

  /** Makes a declared function a cell. Called before anything of the module runs. */
  declare(key: string, facade: AnyFunction, implementation: AnyFunction): FunctionCell {
    return this.#module.declare(key, facade, implementation)
  }

  /** The module's code has come to its end. */
  end(): void {
    this.#module.end()
  }

  #fail(error: unknown): never {
    this.#module.abandon()
    this.#module.registry.failures.note(this.#module, error)
    throw error
  }
}
