import type { Ownership } from './ownership.ts'
import { watchServers } from './servers.ts'
import { watchTimers } from './timers.ts'

/** Every kind of resource that is noted. */
export function watchResources(ownership: Ownership): void {
  watchTimers(ownership)
  watchServers(ownership)
}
