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

  /** Makes another server the current one. The handle is moved by others. */
  moveTo(next: AnyServer): void {
    const previous = this.current
    if (next === previous) return
    undefer(next)
    shareConnections(next, previous)
    this.current = next
    this.#followSessions(next)
    defer(previous, this)
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

/** Servers that defer: to which lineage, and how to take that back. */
const deferring = new WeakMap<AnyServer, { readonly lineage: Lineage; readonly restore: () => void }>()

/** The server that answers on the connections of another: itself, if it defers to none. */
export function answersFor(server: AnyServer): AnyServer {
  return deferring.get(server)?.lineage.current ?? server
}

/**
 * Makes a server hand on what happens on its connections, with the settings of the current one, and count them there:
 * closing the current one waits for them. Closing this one has nothing left to do.
 */
function defer(server: AnyServer, lineage: Lineage): void {
  const { emit, listenerCount } = server as EventEmitter
  const forwards = (event: string | symbol): boolean =>
    FORWARDED.has(event) && (!VITAL.has(event) || lineage.current.listenerCount(event) > 0)

  const overrides: Record<string | symbol, unknown> = {
    emit(event: string | symbol, ...args: unknown[]): boolean {
      if (!forwards(event)) return emit.call(server, event, ...args)
      renameServer(event, args[0], lineage.current)
      return (lineage.current as EventEmitter).emit(event, ...args)
    },
    listenerCount: (event: string | symbol, ...args: [] | [() => void]): number =>
      forwards(event) ? lineage.current.listenerCount(event, ...args) : listenerCount.call(server, event, ...args),
    close(callback?: () => void): AnyServer {
      if (callback) server.once('close', () => callback())
      process.nextTick(() => emit.call(server, 'close'))
      return server
    },
    closeIdleConnections(): void {
      // They are the current server's.
    },
    closeAllConnections(): void {
      // They are the current server's.
    },
    [CLOSE_IF_DRAINED]: (): void => lineage.current[CLOSE_IF_DRAINED](),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const accessors = [CONNECTION_COUNT, ...settingsOf(server)]
  const keys = [...Reflect.ownKeys(overrides), ...accessors]
  const before = keys.map((key) => Reflect.getOwnPropertyDescriptor(server, key))

  for (const key of Reflect.ownKeys(overrides))
    Object.defineProperty(server, key, { value: overrides[key as string], configurable: true, writable: true })
  for (const key of accessors) {
    let own = Reflect.get(server, key) as unknown
    Object.defineProperty(server, key, {
      get: () => (key in lineage.current ? (Reflect.get(lineage.current, key) as unknown) : own),
      set: (value) => {
        if (key === CONNECTION_COUNT) lineage.current[CONNECTION_COUNT] = value as number
        else own = value
      },
      enumerable: true,
      configurable: true,
    })
  }

  const restore = (): void => {
    for (const [index, key] of keys.entries()) {
      const descriptor = before[index]
      if (descriptor) Object.defineProperty(server, key, descriptor)
      else Reflect.deleteProperty(server, key)
    }
    server[CONNECTION_COUNT] = 0
  }
  deferring.set(server, { lineage, restore })
}

/** Lets a server speak for itself again. Its connections are counted afresh. */
export function undefer(server: AnyServer): void {
  const entry = deferring.get(server)
  deferring.delete(server)
  entry?.restore()
}

/** The socket of a request names the server that answers. */
function renameServer(event: string | symbol, subject: unknown, current: AnyServer): void {
  if (subject instanceof IncomingMessage) (subject.socket as { server?: unknown }).server = current
  if (event === 'secureConnection') (subject as { server?: unknown }).server = current
}
