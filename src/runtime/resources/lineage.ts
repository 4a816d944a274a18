import type { EventEmitter } from 'node:events'
import { IncomingMessage } from 'node:http'
import { type AnyServer, CLOSE_IF_DRAINED, CONNECTION_COUNT, settingsOf, shareConnections } from './server-internals.ts'

/**
 * Servers that listened on one address one after the other. The **current** one answers, also on connections that those
 * before it have accepted: each of them defers to it. None of them is held by this, so that each is forgotten with its
 * last connection.
 */
export class Lineage {
  /** Written by `moveTo`. */
  current: AnyServer
  /** Sessions of HTTP/2 that are open on any of them. */
  readonly sessions: Set<Session> = new Set()

  constructor(first: AnyServer) {
    this.current = first
    this.#followSessions(first)
  }

  /**
   * Another server is to be the current one. It has the handle, and whoever connects to it is answered by the current one
   * still.
   */
  prepare(next: AnyServer): void {
    const { current } = this
    if (next === current) return
    undefer(next)
    shareConnections(next, current)
    answerAs(next, this)
    override(
      current,
      closingNothing(current, () => undefined),
    )
  }

  /** Makes another server the current one. The handle is moved by others. */
  moveTo(next: AnyServer): void {
    const previous = this.current
    if (next === previous) return
    undefer(next)
    undefer(previous)
    shareConnections(next, previous)
    next[CONNECTION_COUNT] += previous[CONNECTION_COUNT]
    this.current = next
    this.#followSessions(next)
    defer(previous, this)
  }

  /** One that was to be the current one is not. */
  abandon(next: AnyServer): void {
    if (next === this.current) return
    undefer(this.current)
    undefer(next)
    defer(next, this)
  }

  #followSessions(server: AnyServer): void {
    // Only a server of HTTP/2 has this.
    if (!('updateSettings' in server)) return
    const follow = (session: Session): void => {
      this.sessions.add(session)
      session.once('close', () => this.sessions.delete(session))
    }
    sessionListeners.get(server)?.()
    ;(server as EventEmitter).on('session', follow)
    sessionListeners.set(server, () => (server as EventEmitter).off('session', follow))
  }
}

/** Events by which a server hands a request to the user's code, or asks it about a connection. */
const FORWARDED: ReadonlySet<string | symbol> = new Set([
  'request',
  'upgrade',
  'connect',
  'checkContinue',
  'checkExpectation',
  'dropRequest',
  'clientError',
  'timeout',
  'stream',
  'session',
  'sessionError',
  'unknownProtocol',
  'secureConnection',
])

/** Those of them without which a connection hangs. If nobody listens for them, the current server speaks another protocol. */
const VITAL: ReadonlySet<string | symbol> = new Set(['request', 'stream', 'secureConnection'])

/** A session of HTTP/2. */
export interface Session {
  once(event: 'close', listener: () => void): unknown
  close(): void
}

/** How to stop listening for the sessions of a server. */
const sessionListeners = new WeakMap<AnyServer, () => void>()

/** Servers that others speak for, or that are asked by others: for whom, and how to take that back, newest last. */
const overridden = new WeakMap<AnyServer, (() => void)[]>()

/** Servers that hand on what happens on their connections. */
const deferring = new WeakMap<AnyServer, Lineage>()

/** The server that answers on the connections of another: itself, if it defers to none. */
export function answersFor(server: AnyServer): AnyServer {
  return deferring.get(server)?.current ?? server
}

/** Makes a server hand on what happens on its connections. Closing it has nothing left to do. */
function defer(server: AnyServer, lineage: Lineage): void {
  answerAs(server, lineage)
  override(
    server,
    closingNothing(server, () => lineage.current[CLOSE_IF_DRAINED]()),
  )
}

/** Lets a server speak for itself again. Connections that are not its own any more are not counted. */
export function undefer(server: AnyServer): void {
  for (const restore of overridden.get(server)?.toReversed() ?? []) restore()
  overridden.delete(server)
  if (deferring.delete(server)) server[CONNECTION_COUNT] = 0
}

/**
 * Makes a server hand on what happens on its connections, with the settings of the current one, and count them there:
 * closing the current one waits for them.
 */
function answerAs(server: AnyServer, lineage: Lineage): void {
  const { emit, listenerCount } = server as EventEmitter
  const forwards = (event: string | symbol): boolean =>
    FORWARDED.has(event) && (!VITAL.has(event) || lineage.current.listenerCount(event) > 0)
  deferring.set(server, lineage)
  override(server, {
    emit: {
      value(event: string | symbol, ...args: unknown[]): boolean {
        if (!forwards(event)) return emit.call(server, event, ...args)
        renameServer(event, args[0], lineage.current)
        return (lineage.current as EventEmitter).emit(event, ...args)
      },
    },
    listenerCount: {
      value: (event: string | symbol, ...args: [] | [() => void]): number =>
        forwards(event) ? lineage.current.listenerCount(event, ...args) : listenerCount.call(server, event, ...args),
    },
    [CLOSE_IF_DRAINED]: { value: () => undefined },
    [CONNECTION_COUNT]: {
      get: () => lineage.current[CONNECTION_COUNT],
      set: (value: number) => (lineage.current[CONNECTION_COUNT] = value),
    },
  })
  for (const key of settingsOf(server)) shareSetting(server, key, lineage)
}

/** What it is set to meanwhile is its own, once it speaks for itself again. */
function shareSetting(server: AnyServer, key: string | symbol, lineage: Lineage): void {
  const before = Object.getOwnPropertyDescriptor(server, key)
  let value = Reflect.get(server, key) as unknown
  Object.defineProperty(server, key, {
    get: () => (key in lineage.current ? (Reflect.get(lineage.current, key) as unknown) : value),
    set: (next) => {
      value = next as unknown
    },
    enumerable: true,
    configurable: true,
  })
  toUndo(server).push(() => Object.defineProperty(server, key, { ...before, value }))
}

/** A server whose handle is another's: closing it ends nothing. */
function closingNothing(server: AnyServer, onDrained: () => void): PropertyDescriptorMap {
  return {
    close: {
      value(callback?: () => void): AnyServer {
        if (callback) server.once('close', () => callback())
        process.nextTick(() => server.emit('close'))
        return server
      },
    },
    closeIdleConnections: { value: () => undefined },
    closeAllConnections: { value: () => undefined },
    [CLOSE_IF_DRAINED]: { value: onDrained },
    [Symbol.asyncDispose]: { value: () => Promise.resolve() },
  }
}

function override(server: AnyServer, descriptors: PropertyDescriptorMap): void {
  for (const key of Reflect.ownKeys(descriptors)) {
    const before = Object.getOwnPropertyDescriptor(server, key)
    const isValue = 'value' in (descriptors[key as string] ?? {})
    Object.defineProperty(server, key, {
      ...descriptors[key as string],
      ...(isValue ? { writable: true } : { enumerable: true }),
      configurable: true,
    })
    toUndo(server).push(() => {
      if (before) Object.defineProperty(server, key, before)
      else Reflect.deleteProperty(server, key)
    })
  }
}

function toUndo(server: AnyServer): (() => void)[] {
  let restores = overridden.get(server)
  if (!restores) overridden.set(server, (restores = []))
  return restores
}

/** The socket of a request names the server that answers. */
function renameServer(event: string | symbol, subject: unknown, current: AnyServer): void {
  if (subject instanceof IncomingMessage) (subject.socket as { server?: unknown }).server = current
  if (event === 'secureConnection') (subject as { server?: unknown }).server = current
}
