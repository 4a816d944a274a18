import { subscribe } from 'node:diagnostics_channel'
import workerThreads, { type Worker, type WorkerOptions } from 'node:worker_threads'
import { isCalledByPackage } from './caller.ts'
import { silenceEnd } from './last-words.ts'
import type { Ownership } from './ownership.ts'
import { type Replaceable, Replacement } from './replacement.ts'
import type { Resource } from './resource.ts'
import { toScriptFile } from './script-path.ts'

/**
 * Notes the worker threads that units start. Node tells of each, but not which file it runs, which only the constructor
 * is given: that is replaced meanwhile.
 *
 * Those that a package starts are left to it: a logger's transport ends with the logger, when that is collected, and a
 * pool may serve others. To end them would lose what they have not written yet.
 */
export function watchWorkers(ownership: Ownership): void {
  /** What the constructor that is under way was given. Set and cleared by the stand-in. */
  let given: { readonly file: string | undefined; readonly isOfPackage: boolean } | undefined
  const constructors = new Replacement(workerThreads, {
    Worker: (original) => {
      const construct = (target: object, args: Arguments, newTarget: object): object => {
        const isOwned = ownership.current !== undefined
        given = isOwned ? { file: fileOf(args), isOfPackage: isCalledByPackage(construct) } : undefined
        try {
          return Reflect.construct(
            target as Constructor,
            args,
            (newTarget === standIn ? target : newTarget) as Constructor,
          )
        } finally {
          given = undefined
        }
      }
      // Whoever keeps it finds in it all there is to the class.
      const standIn = new Proxy(original, { construct }) as Replaceable
      return standIn
    },
  })
  ownership.window.onChange((isOpen) => constructors.toggle(isOpen))

  subscribe('worker_threads', function noteWorker(message) {
    if (!ownership.current) return
    const { worker } = message as { readonly worker: Worker }
    if (isOfNode(worker) || (given?.isOfPackage ?? isCalledByPackage(noteWorker))) return
    ownership.own(new OwnedWorker(worker, given?.file))
  })
}

type Arguments = [file: unknown, options?: WorkerOptions]
type Constructor = new (...args: Arguments) => Worker

function fileOf([file, options]: Arguments): string | undefined {
  if (options?.eval || !(typeof file === 'string' || file instanceof URL)) return undefined
  return toScriptFile(file)
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
  readonly #file: string | undefined

  constructor(worker: Worker, file: string | undefined) {
    this.#worker = worker
    this.#file = file
  }

  runs(file: string): boolean {
    return this.#file === file
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
