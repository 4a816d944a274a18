import type { Journal } from '../update/journal.ts'
import { restoreOnRollback } from './members.ts'

/**
 * What a class evaluates once, when it is defined: heritage, static fields, static blocks. When its implementation is
 * evaluated again, only those run whose text changed, and those that use the class, once something of it is other.
 */
export class Statics {
  /** Hash of each static initialiser that has run. */
  #initialised = new Map<PropertyKey, string>()
  #parent: { readonly hash: string; readonly value: unknown } | undefined
  /** State of the evaluation under way. Set by `begin`, gone with `end`. */
  #evaluation: Evaluation | undefined

  /** @param isFresh everything runs, as if the class had not been there */
  begin(journal: Journal, isFresh: boolean): void {
    const initialised = new Map(this.#initialised)
    const parent = this.#parent
    journal.push(() => {
      this.#initialised = initialised
      this.#parent = parent
    })
    if (isFresh) {
      this.#initialised = new Map()
      this.#parent = undefined
    }
    this.#evaluation = { journal, seen: new Set(), isOther: false }
  }

  end(): void {
    this.#evaluation = undefined
  }

  /**
   * Removes from the class the static fields that its text no longer has.
   *
   * @param members static methods and accessors: one of them may have taken a field's place
   */
  removeUnseen(facade: object, members: object): void {
    const evaluation = this.#evaluation
    if (!evaluation) return
    for (const name of this.#initialised.keys()) {
      if (evaluation.seen.has(name)) continue
      this.#initialised.delete(name)
      if (Object.hasOwn(members, name)) continue
      restoreOnRollback(facade, name, evaluation.journal)
      Reflect.deleteProperty(facade, name)
    }
  }

  /** The base class is another. */
  noteOther(): void {
    if (this.#evaluation) this.#evaluation.isOther = true
  }

  parent(hash: string, evaluate: () => unknown): unknown {
    if (this.#parent?.hash !== hash) this.#parent = { hash, value: evaluate() }
    return this.#parent.value
  }

  once(name: PropertyKey, hash: string, run: () => void, usesClass: boolean): void {
    const evaluation = this.#evaluation
    evaluation?.seen.add(name)
    if (this.#initialised.get(name) === hash && !(usesClass && evaluation?.isOther)) return
    this.#initialised.set(name, hash)
    if (evaluation) evaluation.isOther = true
    run()
  }

  /** Defines a static field (ECMAScript, DefineField). */
  define(facade: object, name: PropertyKey, evaluate: () => unknown): void {
    const journal = this.#evaluation?.journal
    if (journal) restoreOnRollback(facade, name, journal)
    Object.defineProperty(facade, name, { value: evaluate(), writable: true, enumerable: true, configurable: true })
  }
}

interface Evaluation {
  readonly journal: Journal
  /** Names of static initialisers met. */
  readonly seen: Set<PropertyKey>
  /** A static initialiser ran, or the base class is another: those that use the class have to run as well. */
  isOther: boolean
}
