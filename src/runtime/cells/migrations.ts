import { isProxy } from 'node:util/types'
import type { Journal } from '../update/journal.ts'
import type { ClassCell } from './class-cell.ts'
import type { AnyFunction } from './function-cell.ts'
import { withPrelude } from './prelude.ts'

/**
 * Brings instances to the present shape of their classes, before the next method or accessor that is called on them.
 *
 * Once a class that has a `migrate` has changed its shape, methods look at their receiver: its own, those it inherits
 * from hot classes, and those of its subclasses. No other class pays for it.
 */
export class Migrations {
  readonly #classes: () => Iterable<ClassCell>
  /** Classes with instances to migrate, by what instances inherit from. Grows only. */
  readonly #byPrototype = new WeakMap<object, ClassCell>()
  /** Methods that look at their receiver. */
  readonly #looking = new WeakSet<AnyFunction>()
  /** Instances being migrated: methods called on them meanwhile find them as they are. */
  readonly #under = new WeakSet<object>()
  /** Some class has had instances to migrate. Set once. */
  #isUsed = false

  /** @param classes all classes of the process */
  constructor(classes: () => Iterable<ClassCell>) {
    this.#classes = classes
  }

  /** A class has a new implementation: sees to it that the methods concerned look at their receiver. */
  settle(cell: ClassCell, journal: Journal): void {
    const { isMigrating } = cell.shape
    if (isMigrating) {
      this.#isUsed = true
      this.#byPrototype.set(prototypeOf(cell), cell)
      this.#lookIn(cell, journal)
    }
    if (!this.#isUsed) return
    for (const other of this.#classes()) {
      if (other === cell || !areRelated(other, cell)) continue
      if (isMigrating) this.#lookIn(other, journal)
      if (other.shape.isMigrating) this.#lookIn(cell, journal)
    }
  }

  #lookIn(cell: ClassCell, journal: Journal): void {
    for (const method of cell.instanceMembers) {
      const { impl } = method
      if (this.#looking.has(impl)) continue
      const looking = withPrelude(impl, this.#bring)
      this.#looking.add(looking)
      journal.save(
        () => method.impl,
        (before) => (method.impl = before),
      )
      method.implement(looking)
    }
  }

  /** Base classes first: what a subclass does may need what they have done. */
  readonly #bring = (receiver: unknown): void => {
    if (typeof receiver !== 'object' || receiver === null || this.#under.has(receiver)) return
    // What a proxy stands for cannot be told, and a class's own prototype is no instance.
    if (isProxy(receiver) || Object.hasOwn(receiver, 'constructor')) return
    const due: ClassCell[] = []
    for (let at: unknown = Object.getPrototypeOf(receiver); at; at = Object.getPrototypeOf(at)) {
      const cell = this.#byPrototype.get(at)
      if (cell?.shape.isDue(receiver)) due.unshift(cell)
    }
    if (due.length === 0) return
    this.#under.add(receiver)
    try {
      for (const cell of due) {
        cell.privates.complete(receiver)
        cell.shape.bring(receiver, cell.facade)
      }
    } finally {
      this.#under.delete(receiver)
    }
  }
}

function prototypeOf({ facade }: ClassCell): object {
  return facade.prototype as object
}

/** One extends the other. */
function areRelated(one: ClassCell, other: ClassCell): boolean {
  // A class whose turn to be evaluated has not come.
  if (one.facade === undefined || other.facade === undefined) return false
  const [a, b] = [prototypeOf(one), prototypeOf(other)]
  return Object.prototype.isPrototypeOf.call(a, b) || Object.prototype.isPrototypeOf.call(b, a)
}
