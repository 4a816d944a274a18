import { setSource, sourceOf } from '../function-source.ts'
import type { HotModule, Unit } from '../module.ts'
import type { Run } from '../resources/run.ts'
import type { StartUpWindow } from '../start-up.ts'

// The one shape every implementation is called through: facades forward whatever they are given.
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/** What the hot code passes for a function expression with a name of its own: see {@link FunctionCell.implement}. */
export class Bound {
  readonly make: (facade: AnyFunction) => AnyFunction

  constructor(make: (facade: AnyFunction) => AnyFunction) {
    this.make = make
  }
}

/**
 * A **cell**: a function with a stable identity (its facade) and a replaceable implementation.
 *
 * Facades are written by the plugin as code of their own, so that each call site is optimised by itself; all of them
 * read `impl` and, while the process starts up, call `enter`.
 */
export class FunctionCell {
  readonly key: string
  readonly module: HotModule
  readonly #window: StartUpWindow
  /** Units whose runs called it, some of which may have run again since without doing so. Struck off by `forget`. */
  readonly users: Set<Unit> = new Set()
  /** The code that runs. Written by the module's start and by updates. */
  impl: AnyFunction = unimplemented
  /** It ran while the process was starting up. Set once, never cleared. */
  ran = false
  /** Somebody read `length`, so another arity may matter to them. Set once, never cleared. */
  isLengthRead = false
  /** The function others hold; none for class members, whose facades are on the class. */
  facade: AnyFunction | undefined

  constructor(key: string, module: HotModule) {
    this.key = key
    this.module = module
    this.#window = module.window
  }

  /** Notes a call during start-up, and returns the implementation. */
  enter(): AnyFunction {
    if (!this.ran) {
      this.ran = true
      this.#window.firstCalls += 1
    }
    const run = this.module.registry.ownership.current
    if (run && !run.entered.has(this)) {
      run.entered.add(this)
      this.users.add(run.unit)
    }
    return this.impl
  }

  /** A run is over for good. Its unit is no user any more, unless it called this when it ran again. */
  forget(run: Run): void {
    const { latest } = run.unit
    if (latest === run || !latest?.entered.has(this)) this.users.delete(run.unit)
  }

  /** `new facade(...args)` (ECMAScript, [[Construct]]): instances inherit from the facade's `prototype`. */
  construct(args: ArrayLike<unknown>, newTarget: AnyFunction): object {
    return Reflect.construct(this.#window.open ? this.enter() : this.impl, args, newTarget) as object
  }

  /** Replaces the implementation, and what can be seen of it on the facade. */
  implement(implementation: AnyFunction | Bound): void {
    const { facade } = this
    this.impl = implementation instanceof Bound ? implementation.make(facade ?? unimplemented) : implementation
    if (!facade) return
    const prototype = Object.getPrototypeOf(this.impl) as object
    if (Object.getPrototypeOf(facade) !== prototype) Object.setPrototypeOf(facade, prototype)
    if (isGenerator(this.impl)) shareGeneratorPrototype(facade, this.impl)
  }

  /** Takes a function as this cell's facade, and makes it look like what it stands for. */
  adopt(facade: AnyFunction, implementation: AnyFunction | Bound, name: string): void {
    this.dress(facade)
    if (facade.name !== name) Object.defineProperty(facade, 'name', { configurable: true, value: name })
    this.implement(implementation)
  }

  /** What can be seen of a function without calling it comes from the implementation. */
  dress(facade: AnyFunction): void {
    this.facade = facade
    Object.defineProperty(facade, 'length', {
      configurable: true,
      get: () => {
        this.isLengthRead = true
        return this.impl.length
      },
    })
    setSource(facade, () => sourceOf(this.impl).replaceAll(/\$hot\d*\b/g, ''))
  }
}

/** Whether two implementations can share a facade: `new` works on both, or on neither. */
export function isConstructor(fn: AnyFunction): boolean {
  return Object.hasOwn(fn, 'prototype') && !isGenerator(fn)
}

function isGenerator(fn: AnyFunction): boolean {
  return /Generator/.test(Object.prototype.toString.call(fn))
}

/** Generator objects inherit from the `prototype` of the function that made them: let all versions share one. */
function shareGeneratorPrototype(facade: AnyFunction, impl: AnyFunction): void {
  const shared: unknown = Object.getOwnPropertyDescriptor(facade, 'prototype')?.value
  const own = impl.prototype as object
  const isOfGenerator =
    typeof shared === 'object' && shared !== null && Object.getPrototypeOf(shared) === Object.getPrototypeOf(own)
  if (isOfGenerator) Object.defineProperty(impl, 'prototype', { value: shared })
  else Object.defineProperty(facade, 'prototype', { value: own, writable: true })
}

function unimplemented(): never {
  throw new ReferenceError('This function was called before its module defined it.')
}
