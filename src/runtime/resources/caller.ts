/** How many frames to look at: `fork` has five of Node's own on top of it. */
const DEPTH = 20

/**
 * Whether it is a package that called Node, and not the user's own code: the nearest frame that is not Node's is in
 * `node_modules`. What packages make they may share among all who use them, and they keep account of it: to end it
 * behind their back would break them for the new code, too.
 *
 * @param callee what Node or somebody called: frames from there on are looked at
 */
export function isCalledByPackage(callee: (...args: never[]) => unknown): boolean {
  return fileOfCaller(callee)?.replaceAll('\\', '/').includes('/node_modules/') ?? false
}

function fileOfCaller(callee: (...args: never[]) => unknown): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: readonly NodeJS.CallSite[] } = {}
  try {
    Error.stackTraceLimit = DEPTH
    // As data: the text would be mapped to sources, which takes long.
    Error.prepareStackTrace = (_error, frames) => frames
    Error.captureStackTrace(holder, callee)
    const files =
      holder.stack?.map((frame) => frame.getScriptNameOrSourceURL() ?? (frame.isEval() ? 'evaluated' : '')) ?? []
    return files.find((file) => file !== '' && !file.startsWith('node:'))
  } finally {
    Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}
