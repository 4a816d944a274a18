import { type Failed, type Invalidated, type Outcome, PROTOCOL_VERSION, type Update } from '../../protocol/index.ts'
import { callPlainly } from '../hot/events.ts'
import { tellOfFailure, toPath } from '../hot/hot-update.ts'
import type { HotModule } from '../module.ts'
import type { Registry } from '../registry.ts'
import { applyUpdate } from './apply.ts'
import { Loader } from './loader.ts'

/** Applies updates one at a time, in the order in which they came. */
export class Updater {
  readonly #registry: Registry
  readonly #loader: Loader
  /** Number of the newest update taken. A sender repeats an update until it hears that it came. */
  #taken = 0
  #last: Promise<unknown> = Promise.resolve()
  #isApplying = false
  /** Whom to tell that a module has invalidated itself. Written by `connect`. */
  onInvalidated: (invalidated: Invalidated) => void = () => undefined

  constructor(registry: Registry) {
    this.#registry = registry
    this.#loader = new Loader(registry)
    registry.revive = (namespace) => this.#loader.revive(namespace)
    registry.recover = (importer, specifier, error) => this.#loader.recover(importer, specifier, error)
    registry.invalidate = (module, message) => void this.#invalidate(module, message)
  }

  /** Another update will follow the one that is being applied. */
  hurry(): void {
    this.#registry.isUpdateWaiting = true
  }

  /** @returns what it came to, or nothing if the update had come before */
  async apply(update: Update): Promise<Outcome | undefined> {
    if (update.number <= this.#taken) return undefined
    this.#taken = update.number
    if (this.#isApplying) this.hurry()
    return this.#applyNext(update)
  }

  /** No update could be made of a save. */
  async fail({ ids, failure }: Failed): Promise<void> {
    const told = this.#last.then(() => tellOfFailure(this.#registry, ids, failure))
    this.#last = told
    return told
  }

  async #invalidate(module: HotModule, message: string | undefined): Promise<void> {
    const path = toPath(module)
    const { id, label } = module.record
    const none = { modules: [], opaque: [], deleted: [], scripts: [] }
    const next = this.#applyNext({ protocol: PROTOCOL_VERSION, number: 0, ...none, invalidated: [id] })
    const payload = { path, message, firstInvalidatedBy: path }
    await this.#registry.events.dispatch('vite:invalidate', payload, callPlainly)
    this.onInvalidated({ by: label, ...(message !== undefined && { message }), outcome: await next })
  }

  /** After those before it. */
  #applyNext(update: Update): Promise<Outcome> {
    const outcome = this.#last.then(async () => {
      await this.#registry.startUp.closed()
      this.#registry.failures.noteUpdate()
      this.#isApplying = true
      this.#registry.isUpdateWaiting = false
      try {
        return await applyUpdate(this.#registry, this.#loader, update)
      } finally {
        this.#isApplying = false
      }
    })
    this.#last = outcome
    return outcome
  }
}
