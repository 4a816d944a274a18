import { migrate } from '../inert.ts'
import type { Journal } from '../update/journal.ts'
import type { AnyClass } from './class-cell.ts'

type Migrate = (this: AnyClass, instance: object) => unknown

/**
 * The **shape** of a class: what its constructor and instance fields give an instance. Shapes are numbered, and each
 * instance has one: the one it was made with or last brought to.
 *
 * There is no list of instances. Those made since the first change are noted, weakly, and only by classes that have a
 * `migrate`; all others count as made with the first shape.
 */
export class Shape {
  /** Number of the shape that `new` gives. 0 until an edit changes it. */
  #current = 0
  /** The highest number given. Never goes back: instances may have been brought to the shape of an update that failed. */
  #last = 0
  /** Shapes of instances that do not have the first. */
  readonly #shapes = new WeakMap<object, number>()
  /** The code of `static [migrate]`. Written with each implementation. */
  #migrate: Migrate | undefined
  /** The next implementation has another constructor. Set by updates, cleared when that implementation is there. */
  #isNext = false
  /** Constructors that are inside `super()`, where nobody knows the instance yet. */
  #beginning = 0

  /** The class says how its instances are brought to its shape. */
  get hasMigrate(): boolean {
    return this.#migrate !== undefined
  }

  /** There may be instances to migrate. */
  get isMigrating(): boolean {
    return this.#current > 0 && this.hasMigrate
  }

  /** The class's constructor or fields changed: the next implementation has a shape of its own. */
  change(journal: Journal): void {
    const before = this.#isNext
    journal.push(() => (this.#isNext = before))
    this.#isNext = true
  }

  /** @param hasMigrate the implementation has a `static [migrate]` of its own */
  take(implementation: AnyClass, hasMigrate: boolean, journal: Journal): void {
    journal.save(
      () => ({ current: this.#current, migrate: this.#migrate, isNext: this.#isNext }),
      (before) => {
        this.#current = before.current
        this.#migrate = before.migrate
        this.#isNext = before.isNext
      },
    )
    // Not through the class: a call of the user's function there would count as one of start-up.
    this.#migrate = hasMigrate ? (Reflect.get(implementation, migrate) as Migrate) : undefined
    if (this.#isNext) this.#current = ++this.#last
    this.#isNext = false
  }

  /**
   * A subclass's constructor begins: a base class may call methods of an instance that is not noted yet. That is over
   * when it is, or with the present job, if `super()` throws.
   */
  begin(): void {
    if (!this.isMigrating) return
    if (this.#beginning++ === 0) queueMicrotask(() => (this.#beginning = 0))
  }

  /** An instance is made. */
  note(instance: object): void {
    if (!this.isMigrating) return
    if (this.#beginning > 0) this.#beginning--
    this.#shapes.set(instance, this.#current)
  }

  isDue(instance: object): boolean {
    return this.isMigrating && this.#beginning === 0 && (this.#shapes.get(instance) ?? 0) < this.#current
  }

  /** Brings an instance to the present shape. If that throws, it is tried again at the next call. */
  bring(instance: object, facade: AnyClass): void {
    const current = this.#current
    this.#migrate?.call(facade, instance)
    this.#shapes.set(instance, current)
  }
}
