import { queryObjects, setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What the process holds after a forced collection. */
export async function report(): Promise<object> {
  // What finalizers let go of is collected in a later turn.
  for (let turn = 0; turn < 4; turn++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const functions = queryObjects(Function, { format: 'count' })
  const folder = process.env.SOAK_SNAPSHOTS
  if (folder) writeHeapSnapshot(`${folder}/${Date.now()}.heapsnapshot`)
  return { heapUsed, external, rss, functions, resources: process.getActiveResourcesInfo().toSorted() }
}
