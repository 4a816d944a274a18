import type { SupervisorChannel } from './supervisor-channel.ts'

/** What Node's exit code is when the entry still waits and nothing is left that could end its waiting. */
const UNSETTLED_TOP_LEVEL_AWAIT = 13

export interface Failures {
  /** The evaluation of the entry begins, which is a file. */
  begin(entry: string): void
  /** The entry has been evaluated. */
  settle(): void
  /** It failed: the process ends, unless the program handles uncaught errors. */
  throwUncaught(error: unknown): void
}

/** Tells the supervisor why this process is about to end. Node prints the error, as it always does. */
export function tellOfFailures(supervisor: SupervisorChannel): Failures {
  let stopNoting: (() => void) | undefined
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (process.listenerCount('uncaughtException') > 0) return
    const code = (error as { readonly code?: unknown } | null)?.code
    supervisor.send({ kind: 'uncaught', ...(typeof code === 'string' && { code }) })
  })
  const settle = (): void => {
    stopNoting?.()
    stopNoting = undefined
  }
  return {
    begin: (entry) => (stopNoting = noteUnsettled(entry)),
    settle,
    throwUncaught: (thrown) => {
      settle()
      // What Node prints then names no code of ours.
      const isOrdinary = thrown instanceof Error && process.listenerCount('unhandledRejection') === 0
      if (isOrdinary) void Promise.reject(toPrint(thrown))
      else
        setImmediate(() => {
          throw thrown
        })
    },
  }
}

/** From this version on, Node says so, and takes a code of 0 for none that the program has chosen. */
const SAYS_SO = 22

/** @returns how to stop. As Node does: no code that the program has chosen is replaced, and none where it calls `process.exit()`. */
function noteUnsettled(entry: string): () => void {
  const saysSo = Number.parseInt(process.versions.node, 10) >= SAYS_SO
  const note = (): void => {
    const { exitCode } = process
    if (exitCode !== undefined && !(saysSo && exitCode === 0)) return
    process.exitCode = UNSETTLED_TOP_LEVEL_AWAIT
    if (saysSo) console.error(`Warning: Detected unsettled top-level await in ${entry}, or in what it imports`)
  }
  const { exit } = process
  const exitAsAsked = (...code: Parameters<typeof exit>): never => {
    process.off('exit', note)
    return exit.apply(process, code)
  }
  const stop = (): void => {
    process.off('exit', note)
    if (process.exit === exitAsAsked) process.exit = exit
  }
  process.on('exit', note)
  process.exit = exitAsAsked
  return stop
}

/** What Vite notes in the errors of its transforms, beside a frame of the code in the message. Node would print it all. */
const NOTES = ['pluginCode', 'plugin', 'id', 'errors', 'frame', 'runnerError', 'watchFiles']

function toPrint(error: Error): Error {
  if (!('runnerError' in error)) return error
  for (const note of NOTES) Reflect.deleteProperty(error, note)
  return error
}
