/**
 * Free names of a hot module that are no known globals. They are looked up when the code runs, as the language would;
 * not where the code is evaluated, because a variable whose declaration was removed is still in that scope.
 */
export const freeNames: Readonly<Record<string, unknown>> = new Proxy(Object.create(null) as Record<string, unknown>, {
  get(_, name) {
    if (Reflect.has(globalThis, name)) return Reflect.get(globalThis, name) as unknown
    throw new ReferenceError(`${String(name)} is not defined`)
  },
  set(_, name, value) {
    if (Reflect.has(globalThis, name)) return Reflect.set(globalThis, name, value)
    throw new ReferenceError(`${String(name)} is not defined`)
  },
})

/** Stands for a `const` that is assigned to: throws what the language throws. */
export const constants: Readonly<Record<string, unknown>> = new Proxy(Object.create(null) as Record<string, unknown>, {
  set() {
    throw new TypeError('Assignment to constant variable.')
  },
})
