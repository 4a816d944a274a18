import { watchAbortControllers } from './abort-controllers.ts'
import { BuiltinExports } from './builtin-exports.ts'
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
  const names = new BuiltinExports()
  watchTimers(ownership, names)
  watchServers(ownership)
  watchDatagrams(ownership)
  watchWorkers(ownership)
  watchChildProcesses(ownership)
  watchFileWatchers(ownership)
  watchListeners(ownership)
  watchEventTargets(ownership)
  watchAbortControllers(ownership)
  watchDisposables(ownership)
  // After all have replaced what they replace.
  let release: (() => void) | undefined
  ownership.window.onChange((isOpen) => {
    release?.()
    release = isOpen ? names.show() : undefined
  })
}
