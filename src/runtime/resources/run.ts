import type { FunctionCell } from '../cells/function-cell.ts'
import type { Unit } from '../module.ts'
import type { Resource } from './resource.ts'

/** What became of a resource that was to be disposed of. */
export interface Disposal {
  readonly resource: Resource
  /** Rejects with what disposing of it threw. */
  readonly done: Promise<unknown>
}

/**
 * One **run** of a unit, and owner of what its code creates, also after an `await` in it.
 *
 * `running` until what the unit returned has settled; then `settled`, for as long as the unit does not run again; then
 * `over`: code of it that goes on regardless cannot create anything that lasts.
 */
export class Run {
  static #count = 0
  readonly unit: Unit
  /** Counts all runs of all units. */
  readonly number: number = ++Run.#count
  state: 'running' | 'settled' | 'over' = 'running'
  /** What it created. Filled by `own`, which also looks for what has ended by itself; emptied by `end`. */
  #resources: Resource[] = []
  /** How many there may be before those that have ended are looked for. */
  #sweepAt = 64
  /** Emitters it created, such as sockets, as long as somebody has them. Filled by `noteCreated`. */
  #created: WeakRef<object>[] = []
  #sweepCreatedAt = 64
  /** What has to go well before the run counts as successful, such as a server that is about to listen. */
  readonly #pending: Promise<unknown>[] = []
  /** The unit ran before, and the update that runs it again may yet fail: then this run is taken back. */
  isProvisional: boolean
  /** What the unit returned had not settled when nobody waited any longer: a loop, most likely. */
  isEndless = false

  /** Cells its code called, directly or not. Filled while it runs. */
  readonly entered: Set<FunctionCell> = new Set()

  /** How many there have been. */
  static get count(): number {
    return Run.#count
  }

  constructor(unit: Unit, isAgain: boolean) {
    this.unit = unit
    this.isProvisional = isAgain
  }

  get resources(): readonly Resource[] {
    return this.#resources
  }

  /** Takes a resource. Of a run that is over, it is disposed of at once. */
  own(resource: Resource): void {
    if (this.state === 'over') return void dispose(resource, 'dispose').done.catch(() => undefined)
    this.#resources.push(resource)
    if (this.#resources.length < this.#sweepAt) return
    this.#resources = this.#resources.filter((one) => !one.isEnded())
    this.#sweepAt = Math.max(64, this.#resources.length * 2)
  }

  /** What it created that is still there. */
  get created(): object[] {
    return this.#created.flatMap((reference) => reference.deref() ?? [])
  }

  noteCreated(object: object): void {
    this.#created.push(new WeakRef(object))
    if (this.#created.length < this.#sweepCreatedAt) return
    this.#created = this.#created.filter((reference) => reference.deref() !== undefined)
    this.#sweepCreatedAt = Math.max(64, this.#created.length * 2)
  }

  /** Takes a resource that ends with the update under way, though the run may be over. */
  takeBack(resource: Resource): void {
    if (!this.#resources.includes(resource)) this.#resources.push(resource)
  }

  /** The run succeeds only if this does. */
  expect(promise: Promise<unknown>): void {
    // Whoever waits for it hears of a failure; nobody has to.
    promise.catch(() => undefined)
    this.#pending.push(promise)
  }

  get isExpecting(): boolean {
    return this.#pending.length > 0
  }

  /** Resolves when all that was expected came; rejects when something did not. */
  async asExpected(): Promise<void> {
    for (const promise of this.#pending.splice(0)) await promise
  }

  /** @param isSettled what the unit returned did settle, and was not only given up */
  settle(isSettled = true): void {
    if (this.state !== 'running') return
    this.state = 'settled'
    this.isEndless = !isSettled
  }

  /** From here on it creates nothing that lasts. */
  finish(): void {
    this.state = 'over'
  }

  /** Disposes of all it owns, or undoes it, newest first. */
  end(how: 'dispose' | 'undo'): Disposal[] {
    this.finish()
    const resources = this.#resources.filter((resource) => !resource.isEnded())
    this.#resources = []
    return resources.toReversed().map((resource) => dispose(resource, how))
  }
}

function dispose(resource: Resource, how: 'dispose' | 'undo'): Disposal {
  try {
    const result = how === 'undo' && resource.undo ? resource.undo() : resource.dispose()
    return { resource, done: Promise.resolve(result) }
  } catch (error) {
    return { resource, done: Promise.reject(error as Error) }
  }
}
