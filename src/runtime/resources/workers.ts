import { subscribe } from 'node:diagnostics_channel'
import type { Worker } from 'node:worker_threads'
import { isCalledByPackage } from './caller.ts'
import { silenceEnd } from './last-words.ts'
import type { Ownership } from './ownership.ts'
import type { Resource } from './resource.ts'

/**
 * Notes the worker threads that units start. Node tells of each, so nothing is wrapped.
 *
 * Those that a package starts are left to it: a logger's transport ends with the logger, when that is collected, and a
 * pool may serve others. To end them would lose what they have not written yet.
 */
export function watchWorkers(ownership: Ownership): void {
  subscribe('worker_threads', function noteWorker(message) {
    if (!ownership.current) return
    const { worker } = message as { readonly worker: Worker }
    if (isOfNode(worker) || isCalledByPackage(noteWorker)) return
    ownership.own(new OwnedWorker(worker))
  })
}

/**
 * The thread in which hooks of `module.register()` run, in Node 20 to 26: it serves the whole process, which ends with
 * it.
 */
function isOfNode(worker: Worker): boolean {
  return worker.constructor.name === 'InternalWorker'
}

class OwnedWorker implements Resource {
  readonly label = 'worker'
  readonly #worker: Worker

  constructor(worker: Worker) {
    this.#worker = worker
  }

  isEnded(): boolean {
    return this.#worker.threadId === -1
  }

  async dispose(): Promise<void> {
    // One that a run creates when it is over has no listeners yet.
    await Promise.resolve()
    silenceEnd(this.#worker)
    await this.#worker.terminate()
  }
}
