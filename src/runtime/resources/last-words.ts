import type { EventEmitter } from 'node:events'

/** Events by which a worker or a child process says that it has ended. */
const LAST_WORDS = ['exit', 'close', 'disconnect', 'error'] as const

/**
 * Keeps the end of a worker or child process from the code that made it. That code has been replaced: after a real
 * restart it would not be there to hear of it. What it does then (start another, throw because of the exit code, call
 * `process.exit`) would be done by old code to the new server.
 */
export function silenceEnd(emitter: EventEmitter): void {
  for (const event of LAST_WORDS) emitter.removeAllListeners(event)
  emitter.on('error', () => {
    // Without a listener it would end the process.
  })
}
