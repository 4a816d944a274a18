import { syncBuiltinESMExports } from 'node:module'
import { watchAbortControllers } from './abort-controllers.ts'
import { watchChildProcesses } from './child-processes.ts'
import { watchDatagrams } from './datagrams.ts'
import { watchDisposables } from './disposables.ts'
import { watchEventTargets } from './event-targets.ts'
import { watchFileWatchers } from './file-watchers.ts'
import { watchListeners } from './listeners.ts'
import type { Ownership } from './ownership.ts'
import { watchServers } from './servers.ts'
import { watchTimers } from './timers.ts'
import { watchWorkers } from './workers.ts'

/** Every kind of resource that is noted. */
export function watchResources(ownership: Ownership): void {
  watchTimers(ownership)
  watchServers(ownership)
  watchDatagrams(ownership)
  watchWorkers(ownership)
  watchChildProcesses(ownership)
  watchFileWatchers(ownership)
  watchListeners(ownership)
  watchEventTargets(ownership)
  watchAbortControllers(ownership)
  watchDisposables(ownership)
  syncExports(ownership)
}

/**
 * `import { watch } from 'node:fs'` names what the module exported when it was last asked: after all have replaced what they
 * replace, and once they have put it back for good. To ask takes half a millisecond, and while a large app starts the
 * window opens for each of its modules.
 */
function syncExports({ window }: Ownership): void {
  let isReplaced = false
  let timer: NodeJS.Timeout | undefined
  window.onChange((isOpen) => {
    clearTimeoutAsNode(timer)
    if (!isOpen)
      timer = setTimeoutAsNode(() => {
        isReplaced = false
        syncBuiltinESMExports()
      }, QUIET).unref()
    else if (!isReplaced) {
      isReplaced = true
      syncBuiltinESMExports()
    }
  })
}

/** A window that was closed for so many milliseconds will not open again for the next module. */
const QUIET = 50

/** Not those that are replaced. */
const { setTimeout: setTimeoutAsNode, clearTimeout: clearTimeoutAsNode } = globalThis
