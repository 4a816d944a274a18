import { setSource, sourceOf } from '../function-source.ts'
import type { AnyFunction } from './function-cell.ts'

/**
 * A method that first does something to its receiver, and looks like the method otherwise. What the prelude throws
 * reaches the caller as an error of the method would: that of an `async` method rejects.
 */
export function withPrelude(impl: AnyFunction, prelude: (receiver: unknown) => void): AnyFunction {
  const isAsync = Object.prototype.toString.call(impl) === '[object AsyncFunction]'
  const wrapped: AnyFunction = function (this: unknown, ...args) {
    try {
      prelude(this)
    } catch (error) {
      if (!isAsync) throw error
      return Promise.reject(error)
    }
    return impl.apply(this, args)
  }
  Object.defineProperties(wrapped, {
    length: { value: impl.length },
    prototype: { value: impl.prototype as unknown, writable: true },
  })
  setSource(wrapped, () => sourceOf(impl))
  return Object.setPrototypeOf(wrapped, Object.getPrototypeOf(impl) as object) as AnyFunction
}
