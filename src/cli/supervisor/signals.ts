/** Signals that are the server's business, and reach it through the supervisor. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const

/** Those by which somebody wants the server to end. */
export const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])

/** On Windows a console's signals reach both processes. */
const isPassedOn = process.platform !== 'win32'

/**
 * Passes signals on to the server, in whatever process it is: its own handlers decide what becomes of them. A stop from the
 * terminal stops both processes, as it would stop one.
 */
export function passSignalsOn(send: (signal: NodeJS.Signals) => void): void {
  for (const signal of PASSED_ON) process.on(signal, () => isPassedOn && send(signal))
  if (!isPassedOn) return
  process.on('SIGTSTP', () => {
    send('SIGSTOP')
    process.kill(process.pid, 'SIGSTOP')
  })
  process.on('SIGCONT', () => send('SIGCONT'))
}

/** Ends this process as another one ended: with its code, or by its signal. */
export function endAs({
  code,
  signal,
}: {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}): void {
  if (signal === null) process.exit(code ?? 0)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
