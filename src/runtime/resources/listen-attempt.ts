import { errorMonitor, type EventEmitter } from 'node:events'
import type { Server } from 'node:net'
import type { Run } from './run.ts'

interface Attempt {
  readonly run: Run
  /** Resolves when the server listens or was closed, rejects when it failed to. */
  readonly listening: Promise<void>
  readonly abandon: () => void
}

/** The last attempt of each server. */
const attempts = new WeakMap<Server, Attempt>()

/**
 * The run that made a server listen before. It also owns what an `error` handler does that tries the next port, although
 * that is called by nobody in particular.
 */
export function ownerOf(server: Server): Run | undefined {
  const run = attempts.get(server)?.run
  return run?.state === 'over' ? undefined : run
}

/**
 * A server is about to listen. A run that is not the first succeeds only if it does, or if the user's own `error` handler
 * makes it listen otherwise; and the error that the user does not handle ends the update instead of the process.
 *
 * @returns what resolves when it listens or failed to
 */
export function attemptToListen(server: Server, run: Run): Promise<void> {
  const emitter: EventEmitter = server
  const isGuarded = run.isProvisional
  let abandon = (): void => undefined
  const listening = new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      server.off('listening', succeed)
      server.off('close', succeed)
      emitter.off(errorMonitor, fail)
    }
    const succeed = (): void => {
      settle()
      if (isGuarded) server.off('error', ignore)
      resolve()
    }
    const fail = (error: unknown): void => {
      settle()
      // Handlers are called after this.
      process.nextTick(() => {
        const next = attempts.get(server)?.listening
        if (next === listening) reject(error as Error)
        else resolve(next)
      })
    }
    abandon = () => {
      settle()
      resolve()
    }
    server.once('listening', succeed)
    server.once('close', succeed)
    emitter.once(errorMonitor, fail)
    if (isGuarded) server.once('error', ignore)
  })
  attempts.set(server, { run, listening, abandon })
  run.expect(listening)
  return listening
}

/**
 * Nobody waits for it any more: one whose handle is taken from it at once will never say that it listens. Should it still
 * fail, that is nobody's concern either.
 */
export function abandonAttempt(server: Server): void {
  attempts.get(server)?.abandon()
}

function ignore(): void {
  // Said by the failed update.
}
