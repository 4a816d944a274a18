/**
 * Makes `toString` of facades give the source of what they stand for, as libraries read it there: parameter names for
 * injection, or whether a function is a class. An own `toString` would do for some, but show among a class's statics.
 *
 * Replaces `Function.prototype.toString` (ECMAScript, 20.2.3.5), and is the only file that touches it.
 */
const sources = new WeakMap<object, () => string>()

const original = Function.prototype.toString

/** From now on, `toString` of a facade is this. */
export function setSource(facade: object, source: () => string): void {
  sources.set(facade, source)
}

/** Whether a function stands for code of the user's, itself or bound to arguments. */
export function isFacade(fn: Function): boolean {
  return sources.has(fn) || fn.name.startsWith('bound ')
}

/** The source of what a function stands for, as the engine has it. */
export function sourceOf(fn: object): string {
  return sources.get(fn)?.() ?? original.call(fn)
}

export function installFunctionSource(): void {
  const replaced = {
    toString(this: unknown): string {
      const source = typeof this === 'function' ? sources.get(this) : undefined
      return source ? source() : original.call(this)
    },
  }.toString
  sources.set(replaced, () => original.call(original))
  Object.defineProperty(Function.prototype, 'toString', { value: replaced, writable: true, configurable: true })
}
