import type { Ownership } from './ownership.ts'

/** `process.exit()` in a unit that runs again: it would have ended a process that failed to start, not one that runs. */
export class ExitRefused extends Error {
  constructor(code: unknown) {
    super(`process.exit(${code === undefined ? '' : String(code)}) was called`)
    this.name = 'ExitRefused'
  }
}

/**
 * While units run again, turns their `process.exit()` into a throw, so that the update fails instead of the process.
 * Others may still end the process.
 *
 * @returns how to stop
 */
export function refuseExit(ownership: Ownership): () => void {
  const { exit } = process
  const refused = (code?: number | string | null): never => {
    const run = ownership.current
    if (!run?.isProvisional || run.state !== 'running') return exit.call(process, code)
    ownership.fail(run, new ExitRefused(code))
    throw ownership.fatal?.error
  }
  process.exit = refused
  return () => {
    if (process.exit === refused) process.exit = exit
  }
}
