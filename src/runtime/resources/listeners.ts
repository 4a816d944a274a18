import EventEmitter from 'node:events'
import { ListenerBook } from './listener-book.ts'
import type { Ownership } from './ownership.ts'
import { likeOriginal, type Replaceable, Replacement } from './replacement.ts'

/**
 * Notes the listeners that units add to emitters that outlive them, such as `process`, and those they remove.
 * A listener on an emitter of the run itself goes with it, and what still uses that emitter is served to the end.
 *
 * `once` calls `on`, and `prependOnceListener` calls `prependListener`. That `EventEmitter.init` is called by every
 * constructor was read in Node 20 to 26.
 */
export function watchListeners(ownership: Ownership): void {
  const book = new ListenerBook(ownership)
  const add = (original: Replaceable): Replaceable => {
    const isPrepended = original.name === 'prependListener'
    return likeOriginal(function standIn(this: EventEmitter, ...args: unknown[]): unknown {
      const run = ownership.current
      return run ? book.add(run, this, args, isPrepended, original, standIn) : original.apply(this, args)
    }, original)
  }
  const remove = (original: Replaceable): Replaceable =>
    likeOriginal(function (this: EventEmitter, ...args: unknown[]): unknown {
      const run = ownership.current
      return run ? book.remove(run, this, args, original) : original.apply(this, args)
    }, original)
  const methods = new Replacement(EventEmitter.prototype, {
    on: add,
    addListener: add,
    prependListener: add,
    off: remove,
    removeListener: remove,
    removeAllListeners: remove,
  })
  const init = new Replacement(EventEmitter, {
    init: (original) =>
      likeOriginal(function (this: EventEmitter, ...args: unknown[]): unknown {
        ownership.noteCreated(this)
        return original.apply(this, args)
      }, original),
  })
  ownership.window.onChange((isOpen) => {
    methods.toggle(isOpen)
    init.toggle(isOpen)
  })
}
