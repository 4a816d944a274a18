import { lookup } from 'node:dns'
import { Server as HttpServer } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import { isIP, Server } from 'node:net'
import { type ListenRequest, toListenRequest } from './listen-arguments.ts'
import { attemptToListen, ownerOf } from './listen-attempt.ts'
import { type Listen, ListeningServer } from './listening-server.ts'
import { undefer } from './lineage.ts'
import type { Ownership } from './ownership.ts'
import type { Run } from './run.ts'
import type { AnyServer } from './server-internals.ts'

/**
 * Notes the servers that listen, and lets one that a unit makes when it runs again take the address over from the one it
 * made before: the port never closes, so no connection is refused.
 */
export function watchServers(ownership: Ownership): void {
  const listen = Server.prototype.listen as unknown as Listen

  Server.prototype.listen = function (this: AnyServer, ...args: unknown[]): Server {
    const run = ownership.current ?? ownerOf(this)
    const request = run && toListenRequest(args)
    if (!run || !request) return listen.apply(this, args)
    // A run that is over does not open a door again.
    if (run.state === 'over') return this
    const bound = args.map((argument) =>
      typeof argument === 'function' ? bind(ownership, run, argument as AnyCallback) : argument,
    )
    // Connections, and the requests on them, are no code of the run. Nor is what looks after the server.
    const resource = ownership.outside(() => {
      const next = new ListeningServer(this, request, listen)
      listenFor(next, findPrevious(run, request, ownership), bound, listen)
      return next
    })
    resource.begin()
    run.own(resource)
    const release = ownership.window.open ? ownership.window.hold() : () => undefined
    ownership.outside(() => attemptToListen(this, run)).then(release, release)
    return this
  } as typeof Server.prototype.listen

  const close = Server.prototype.close as (this: AnyServer, callback?: () => void) => AnyServer
  Server.prototype.close = function (this: AnyServer, callback?: () => void): AnyServer {
    const run = ownership.current
    const resource = run?.isProvisional && findServer(this, ownership.superseded)
    if (!run || !resource) return close.call(this, callback)
    run.own(resource.park())
    // It may wait for that before it makes another listen, to which connections move.
    if (callback) process.nextTick(() => callback())
    return close.call(this)
  } as typeof Server.prototype.close

  // `close()` of an HTTP server begins with it. Of HTTPS it is a property of its own.
  for (const prototype of [HttpServer.prototype, HttpsServer.prototype]) {
    const { closeIdleConnections } = prototype
    prototype.closeIdleConnections = function (this: HttpServer): void {
      if (ownership.current?.isProvisional && findServer(this, ownership.superseded)) return
      closeIdleConnections.call(this)
    }
  }
}

/** Whether a run owns a server that listens. */
export function isListening(run: Run): boolean {
  return run.resources.some((resource) => resource instanceof ListeningServer && resource.isListening)
}

/** Whether another run has taken the address of a server that a run owns. */
export function hasHandedOver(run: Run): boolean {
  return run.resources.some((resource) => resource instanceof ListeningServer && resource.isHandedOver)
}

function findServer(server: object, runs: readonly Run[]): ListeningServer | undefined {
  return runs
    .flatMap(({ resources }) => resources.filter((one) => one instanceof ListeningServer))
    .find((one) => one.server === server && one.isListening)
}

type AnyCallback = (...args: unknown[]) => unknown

interface Previous {
  readonly previous?: ListeningServer
  readonly relation?: 'same' | 'same-port'
}

/** The server in whose place another is to listen: of the unit's own last run, if it has one there, or of another's. */
function findPrevious(run: Run, request: ListenRequest, { superseded, upcoming }: Ownership): Previous {
  const runs = [...superseded, ...upcoming].toSorted(
    (a, b) => Number(b.unit === run.unit) - Number(a.unit === run.unit),
  )
  const servers = runs.flatMap(({ resources }) => resources.filter((one) => one instanceof ListeningServer))
  for (const relation of ['same', 'same-port'] as const) {
    const previous = servers.find((server) => server.compare(request) === relation)
    if (previous) return { previous, relation }
  }
  return {}
}

/** Listens in the place of the previous server, if there is one. */
function listenFor(next: ListeningServer, { previous, relation }: Previous, args: unknown[], listen: Listen): void {
  const { server } = next
  if (!previous || (server.listening && previous.server !== server)) {
    undefer(server)
    listen.apply(server, args)
  } else if (relation === 'same') {
    const callback = args.find((argument) => typeof argument === 'function')
    if (callback) server.once('listening', callback as () => void)
    next.takeOver(previous)
  } else replace(previous, next, () => listen.apply(server, args))
}

/**
 * The port is the same and the host another: the old handle is in the way, but no longer than it has to be. A name is
 * looked up before it is closed.
 */
function replace(previous: ListeningServer, next: ListeningServer, listenAnew: () => void): void {
  const { host } = next.request.options
  const proceed = (error?: unknown): void => {
    if (!error) next.replace(previous)
    listenAnew()
  }
  if (!host || isIP(host) !== 0) proceed()
  else lookup(host, proceed)
}

/** A callback stays code of the run, whoever calls it. */
function bind(ownership: Ownership, run: Run, callback: AnyCallback) {
  return function (this: unknown, ...args: unknown[]): unknown {
    return ownership.within(run, () => callback.apply(this, args))
  }
}
