import type { Ownership } from './ownership.ts'

/**
 * While units run again, takes errors that their code throws where nobody catches them, such as the `error` event of a
 * connection without a listener: they would have ended a process that failed to start, and fail the update instead.
 * Those of other code are thrown on.
 *
 * @returns how to stop
 */
export function takeUncaughtErrors(ownership: Ownership): () => void {
  // There can be one only (Node's docs), and who has set it wants to know.
  if (process.hasUncaughtExceptionCaptureCallback()) return () => undefined
  let isOver = false
  const take = (error: unknown): void => {
    const run = ownership.origin
    if (run?.isProvisional) return ownership.fail(run, error)
    process.nextTick(() => {
      process.setUncaughtExceptionCaptureCallback(null)
      // Whoever listens for it may have kept the process alive.
      setImmediate(() => isOver || process.setUncaughtExceptionCaptureCallback(take))
      throw error
    })
  }
  process.setUncaughtExceptionCaptureCallback(take)
  return () => {
    isOver = true
    process.setUncaughtExceptionCaptureCallback(null)
  }
}
