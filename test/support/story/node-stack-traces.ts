import { findSourceMap } from 'node:module'

/**
 * What `Error.prepareStackTrace` is in a process of its own whose source maps are enabled. Vitest has replaced Node's
 * function in its workers, and there is no way back to it, so this does the same: text of the error, mapped frames.
 */
export function ErrorPrepareStackTrace(error: Error, frames: NodeJS.CallSite[]): string {
  return [String(error), ...frames.map(toMappedText)].join('\n    at ')
}

function toMappedText(frame: NodeJS.CallSite): string {
  const file = frame.getScriptNameOrSourceURL()
  const line = frame.getLineNumber()
  const column = frame.getColumnNumber()
  if (frame.isNative() || !file || line === null || column === null) return String(frame)
  const origin = findSourceMap(file)?.findEntry(line - 1, column - 1)
  if (!origin || !('originalLine' in origin)) return String(frame)
  return `${frame.getFunctionName() ?? '<anonymous>'} (${file}:${origin.originalLine + 1}:${origin.originalColumn + 1})`
}
