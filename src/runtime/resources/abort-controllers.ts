import { isCalledByPackage } from './caller.ts'
import type { Ownership } from './ownership.ts'
import { type Replaceable, Replacement } from './replacement.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

/**
 * Notes the `AbortController`s that units make, to abort them when their run is over. One that a package makes is its
 * own business: it may be made once for all.
 */
export function watchAbortControllers(ownership: Ownership): void {
  const globals = new Replacement(globalThis, {
    AbortController: (original) => {
      const construct = (target: object, args: unknown[], newTarget: object): object => {
        const made = Reflect.construct(
          target as Constructor,
          args,
          (newTarget === standIn ? target : newTarget) as Constructor,
        )
        const run = ownership.current
        if (!run) return made
        ownership.noteCreated(made.signal)
        if (!isCalledByPackage(construct)) run.own(new OwnedController(run, made))
        return made
      }
      // Whoever keeps it finds in it all there is to the class.
      const standIn = new Proxy(original, { construct }) as Replaceable
      return standIn
    },
  })
  ownership.window.onChange((isOpen) => globals.toggle(isOpen))
}

type Constructor = new (...args: unknown[]) => AbortController

class OwnedController implements Resource {
  readonly label = 'AbortController'
  readonly subject: AbortController
  readonly #run: Run

  constructor(run: Run, subject: AbortController) {
    this.#run = run
    this.subject = subject
  }

  isEnded(): boolean {
    return this.subject.signal.aborted
  }

  dispose(): void {
    this.#abort('ran again')
  }

  undo(): void {
    this.#abort('failed to run again')
  }

  #abort(what: string): void {
    const { record, module } = this.#run.unit
    const reason = new DOMException(`${record.label} of ${module.record.label} ${what}`, 'AbortError')
    tolerateRejections(reason)
    this.subject.abort(reason)
  }
}

/** Reasons given to controllers since the last turn of the event loop. */
const reasons = new Set<unknown>()

/**
 * Promises that are rejected because of it do not end the process, though nobody may have thought of handling that: it
 * was to be aborted never, or at the very end.
 */
function tolerateRejections(reason: DOMException): void {
  reasons.add(reason)
  if (reasons.size > 1) return
  process.on('unhandledRejection', tolerate)
  setImmediate(() => {
    reasons.clear()
    process.off('unhandledRejection', tolerate)
  })
}

function tolerate(error: unknown): void {
  if (reasons.has(error) || (error instanceof Error && reasons.has(error.cause))) return
  // What Node does when nobody listens.
  if (process.listenerCount('unhandledRejection') === 1)
    throw error instanceof Error ? error : new Error(`unhandled rejection: ${String(error)}`)
}
