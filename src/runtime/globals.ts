type Names = Readonly<Record<string, unknown>>

/**
 * Free names of a hot module that are no known globals. They are looked up when the code runs, as the language would;
 * not where the code is evaluated, because a variable whose declaration was removed is still in that scope.
 */
export const freeNames: Names = new Proxy<Names>(Object.create(null) as Names, {
  get: getFree,
  set: setFree,
})

/** Stands for a `const` that is assigned to: throws what the language throws. */
export const constants: Names = new Proxy<Names>(Object.create(null) as Names, { set: refuse })

function getFree(_: unknown, name: PropertyKey): unknown {
  if (Reflect.has(globalThis, name)) return Reflect.get(globalThis, name) as unknown
  throw asOfCaller(new ReferenceError(`${String(name)} is not defined`), getFree)
}

function setFree(_: unknown, name: PropertyKey, value: unknown): boolean {
  if (Reflect.has(globalThis, name)) return Reflect.set(globalThis, name, value)
  throw asOfCaller(new ReferenceError(`${String(name)} is not defined`), setFree)
}

function refuse(): never {
  throw asOfCaller(new TypeError('Assignment to constant variable.'), refuse)
}

/** The program's code threw it, by its stack trace. */
function asOfCaller(error: Error, trap: (...args: never[]) => unknown): Error {
  Error.captureStackTrace(error, trap)
  return error
}
