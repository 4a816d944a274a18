import EventEmitter from 'node:events'

export type EventName = string | symbol
export type Listener = (...args: unknown[]) => unknown

/**
 * The listeners of an emitter for one event, in order.
 *
 * Touches internals of Node, read in Node 20 to 26: `emitter._events[type]` is a function or an array of them,
 * `emitter._maxListeners` its own limit, and a listener added by `once` is a function whose `listener` is the one given.
 */
interface Internals {
  _events?: Record<EventName, Listener | Listener[] | undefined>
}

/** Nobody has called its constructor, as with Express's `app`, and nobody listens yet. */
export function isUnused(emitter: EventEmitter): boolean {
  return (emitter as Internals)._events === undefined
}

export function listenersOf(emitter: EventEmitter, type: EventName): Listener[] {
  return EventEmitter.prototype.rawListeners.call(emitter, type) as Listener[]
}

/** What was given to `once`, or the listener itself. */
export function asGiven(listener: Listener): Listener {
  return (listener as { listener?: Listener }).listener ?? listener
}

/** Removes the last listener that is this very function, or the first. */
export function removeListener(
  emitter: EventEmitter,
  type: EventName,
  listener: Listener,
  which: 'first' | 'last',
): void {
  const list = listenersOf(emitter, type)
  const index = which === 'first' ? list.indexOf(listener) : list.lastIndexOf(listener)
  if (index === -1) return
  emitter.removeListener(type, listener)
  // Node takes the last one that matches, also what `once` made of the same function.
  arrange(emitter, type, list.toSpliced(index, 1))
}

/** Adds listeners that were removed, where they were, beside those that have come since. */
export function restoreListeners(
  emitter: EventEmitter,
  type: EventName,
  before: readonly Listener[],
  missing: readonly Listener[],
): void {
  const rest = listenersOf(emitter, type)
  const toAdd = [...missing]
  const take = (from: Listener[], listener: Listener): boolean => {
    const index = from.indexOf(listener)
    if (index !== -1) from.splice(index, 1)
    return index !== -1
  }
  const order = before.filter((listener) => take(rest, listener) || take(toAdd, listener))
  // Says `newListener`, by which Node starts to listen for a signal.
  for (const listener of missing) emitter.on(type, listener)
  arrange(emitter, type, [...order, ...rest])
}

/** Puts listeners into another order. */
function arrange(emitter: EventEmitter, type: EventName, order: Listener[]): void {
  const events = (emitter as Internals)._events
  const now = listenersOf(emitter, type)
  if (!events || now.length !== order.length || now.every((listener, index) => listener === order[index])) return
  events[type] = order.length === 1 ? order[0] : order
}

/** Calls a function that may add some listeners more than the emitter's limit, which is as before afterwards. */
export function withHigherLimit<T>(emitter: EventEmitter, more: number, call: () => T): T {
  const limit = EventEmitter.prototype.getMaxListeners.call(emitter)
  if (more === 0 || limit === 0 || limit === Infinity) return call()
  const before = Object.getOwnPropertyDescriptor(emitter, '_maxListeners')
  EventEmitter.prototype.setMaxListeners.call(emitter, limit + more)
  try {
    return call()
  } finally {
    if (before) Object.defineProperty(emitter, '_maxListeners', before)
    else Reflect.deleteProperty(emitter, '_maxListeners')
  }
}
