import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Processor time that the process has used, in microseconds. */
export function measureCpu(): object {
  const { user, system } = process.cpuUsage()
  return { cpu: user + system }
}

/** What the process holds after a forced collection. */
export async function measureHeap(): Promise<object> {
  // What finalizers let go of is collected in a later turn.
  for (let turn = 0; turn < 4; turn++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { heapUsed: process.memoryUsage().heapUsed, pid: process.pid }
}

/** Bun has a function, Deno is started with the flag, Node can be given it while it runs. */
function collect(): void {
  if (typeof Bun !== 'undefined') return Bun.gc(true)
  const given = (globalThis as { gc?: () => void }).gc
  if (given !== undefined) return given()
  setFlagsFromString('--expose-gc')
  const collector = runInNewContext('gc') as () => void
  collector()
}
