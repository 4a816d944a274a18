import { syncBuiltinESMExports } from 'node:module'
import { watchChildProcesses } from './child-processes.ts'
import { watchDatagrams } from './datagrams.ts'
import { watchFileWatchers } from './file-watchers.ts'
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
  // After all have replaced what they replace: `import { watch } from 'node:fs'` names what the module exported when it
  // was last asked.
  ownership.window.onChange(() => syncBuiltinESMExports())
}
