import { countBeats } from '../heartbeat.ts'
import type { Router } from '../router.ts'
import { countMessages } from '../store.ts'

export function statusRoutes(router: Router): void {
  router.get('/status', status)
}

function status(): object {
  return {
    pid: process.pid,
    ticks: countBeats(),
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    messages: countMessages(),
  }
}
