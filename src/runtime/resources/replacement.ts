// oxlint-disable-next-line typescript/no-explicit-any -- any function can be replaced
export type Replaceable = (this: any, ...args: any[]) => any

/** Makes what stands in for a function, given the function. */
export type Replace = (original: Replaceable) => Replaceable

/**
 * Functions of an object that are replaced while somebody wants them to be. Afterwards the object is as it was.
 *
 * Who took a stand-in meanwhile keeps it, so it must go on working, and cost little.
 */
export class Replacement {
  readonly #scope: object
  readonly #names: Readonly<Record<string, Replace>>
  /** How many want the functions replaced. */
  #users = 0
  /** What stands in for a function: always the same, as names of other modules may still mean that of the last time. */
  readonly #standIns = new WeakMap<Replaceable, Replaceable>()
  /** What was there before, and what was put there. Filled while replaced. */
  readonly #replaced = new Map<string, { readonly before: PropertyDescriptor; readonly standIn: unknown }>()

  constructor(scope: object, names: Readonly<Record<string, Replace>>) {
    this.#scope = scope
    this.#names = names
  }

  toggle(isOn: boolean): void {
    this.#users += isOn ? 1 : -1
    if (isOn && this.#users === 1) this.#replace()
    if (!isOn && this.#users === 0) this.#putBack()
  }

  #replace(): void {
    for (const [name, replace] of Object.entries(this.#names)) {
      const before = Object.getOwnPropertyDescriptor(this.#scope, name)
      const original: unknown = Reflect.get(this.#scope, name)
      if (!before?.configurable || typeof original !== 'function') continue
      // Two names of one function stay two names of one function.
      const standIn = this.#standIns.get(original as Replaceable) ?? replace(original as Replaceable)
      this.#standIns.set(original as Replaceable, standIn)
      this.#replaced.set(name, { before, standIn })
      const { enumerable = false } = before
      Object.defineProperty(this.#scope, name, { value: standIn, writable: true, configurable: true, enumerable })
    }
  }

  #putBack(): void {
    for (const [name, { before, standIn }] of this.#replaced)
      // Another has put its own there meanwhile, around this: that works on.
      if (Object.getOwnPropertyDescriptor(this.#scope, name)?.value === standIn)
        Object.defineProperty(this.#scope, name, before)
    this.#replaced.clear()
  }
}

/** Gives a stand-in the name, length and other properties of the function it stands in for. */
export function likeOriginal(standIn: Replaceable, original: Replaceable): Replaceable {
  return Object.defineProperties(standIn, Object.getOwnPropertyDescriptors(original))
}
