import type { ViteDevServer } from 'vite'
import type { Outcome, UpdateFailure } from '../protocol/index.ts'
import { PROTOCOL_VERSION } from '../protocol/index.ts'
import { Batch, type SavedFile } from './batch.ts'
import type { Channel } from './channel.ts'
import { toTransformFailure } from './failure.ts'
import { Gatherer, type Known } from './gatherer.ts'
import { toModuleId } from './hooks/transform.ts'
import { importersOf, restoreImporters } from './importers.ts'
import { forgetPackages } from './packages.ts'
import type { Pending } from './pending.ts'
import { isTimed } from './timing.ts'
import type { Unevaluated } from './unevaluated.ts'

/** What an update came to. */
export interface Delivered {
  readonly files: ReadonlyMap<string, SavedFile>
  /** Nothing if nobody listens. */
  readonly outcome: Outcome | undefined
  /** It could not be made, so that the runtime has not heard of it. */
  readonly isUnsent: boolean
}

/** What updates are made of, and to whom they go. */
interface Delivering {
  readonly server: ViteDevServer
  readonly channel: Channel
  readonly known: Known
  readonly pending: Pending
  readonly unevaluated: Unevaluated
}

/** Makes one update of what is pending, sends it, and leaves Vite ready to be asked for what it concerned. */
export class Delivery {
  readonly #server: ViteDevServer
  readonly #channel: Channel
  readonly #known: Known
  readonly #pending: Pending
  readonly #unevaluated: Unevaluated
  readonly #gatherer: Gatherer
  #isUnderWay = false

  constructor({ server, channel, known, pending, unevaluated }: Delivering) {
    this.#server = server
    this.#channel = channel
    this.#known = known
    this.#pending = pending
    this.#unevaluated = unevaluated
    this.#gatherer = new Gatherer(known)
  }

  /** An update is being applied. */
  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  async deliver(): Promise<Delivered> {
    const { transforms } = this.#known
    const batch = new Batch()
    const failure = await this.#gather(batch)
    // A module that is loaded now may import one whose transform Vite has dropped.
    const mayRestart = this.#mayRestart(batch)
    const isGraphChanged = batch.isGraphChanged || [...batch.modules.keys()].some((id) => transforms.isUnresolved(id))
    const mayLoad = isGraphChanged || mayRestart
    if (mayLoad) await transforms.finished()
    await this.#address(batch)
    if (!failure && mayLoad) await this.#restoreImporters(batch, mayRestart)
    const outcome: Outcome | undefined = failure ? { rung: 'failed', number: 0, failure } : await this.#send(batch)
    if (outcome?.unloaded) this.#unevaluated.note(outcome.unloaded)
    await transforms.finished()
    if (!mayLoad) await this.#restoreImporters(batch, false)
    return { files: batch.files, outcome, isUnsent: failure !== undefined }
  }

  /** Transforms what was saved, and what is saved meanwhile: it belongs to the same update. */
  async #gather(batch: Batch): Promise<UpdateFailure | undefined> {
    const { environment, stopwatch } = this.#known
    let todo = this.#pending.take()
    let failure: UpdateFailure | undefined
    while (todo.size > 0) {
      for (const [file, saved] of todo) if (!saved.before || !batch.files.has(file)) batch.files.set(file, saved)
      stopwatch?.join()
      const gathering = [...todo.values()].map((saved) =>
        this.#gatherer.gather(saved, this.#pending.behind.has(saved.file), batch),
      )
      const gathered = await Promise.allSettled(gathering)
      const index = gathered.findIndex(({ status }) => status === 'rejected')
      const failed = gathered[index]
      failure =
        failed?.status === 'rejected'
          ? toTransformFailure(failed.reason, environment.config.root, [...todo.keys()][index])
          : undefined
      const more = await this.#pending.takeMore()
      // What could not be transformed may have been half of what is being written.
      todo = failure && more.size > 0 ? new Map([...todo, ...more]) : more
    }
    return failure
  }

  /** Says how runners are asked for what edits have modules import. */
  async #address({ modules, files }: Batch): Promise<void> {
    const { environment, transforms } = this.#known
    const isRetry = [...files.keys()].some((file) => this.#pending.behind.has(file))
    if (isRetry) await forgetPackages(this.#server, environment)
    for (const [id, version] of modules) {
      const addresses = await transforms.resolve(id, isRetry)
      if (addresses) modules.set(id, { ...version, addresses })
    }
  }

  /** vite-node has a cache of its own. */
  async #restoreImporters({ files }: Batch, areAllNeeded: boolean): Promise<void> {
    if (!this.#channel.isViteNode) await restoreImporters(this.#known.environment, files.keys(), areAllNeeded)
  }

  /** Modules that run as a whole may be loaded anew: one that changed, or that imports what did. */
  #mayRestart({ files, opaque }: Batch): boolean {
    const { environment, transforms } = this.#known
    const known = transforms.opaque
    if (opaque.size > 0 || known.size === 0) return opaque.size > 0
    return importersOf(environment, files.keys()).some(({ id }) => id !== null && known.has(toModuleId(id)))
  }

  async #send(batch: Batch): Promise<Outcome | undefined> {
    const { stopwatch } = this.#known
    const message = batch.toMessage()
    const { modules, opaque, deleted, scripts, relinked = [] } = message
    const isEmpty = modules.length + opaque.length + deleted.length + scripts.length + relinked.length === 0
    if (isEmpty) return { rung: 'nothing', number: 0, isStarted: true }
    this.#isUnderWay = true
    this.#pending.noteUpdate()
    stopwatch?.end('wait')
    try {
      return await this.#channel.send({ protocol: PROTOCOL_VERSION, ...message, ...(isTimed && { isTimed }) })
    } finally {
      stopwatch?.end('send')
      this.#isUnderWay = false
    }
  }
}
