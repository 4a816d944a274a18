import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Plugin } from 'vite'
import type { HotNodeApi } from 'vite-plugin-hot-node'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What an update came to, as the process saw it. Milliseconds since the epoch, or of them. */
interface Applied {
  readonly rung: string
  /** When Vite first told its plugins of a file of it, and when the last was told of. */
  readonly noticedAt: number
  readonly toldAt: number
  readonly appliedAt: number
  /** How long the runtime took to apply it. */
  readonly applyMs: number
}

/** Answers questions about the process, which the app's server passes on: what it has cost, and what updates came to. */
export function probe(): Plugin {
  const applied: Applied[] = []
  const waiting: { readonly number: number; readonly resolve: (answer: Applied) => void }[] = []
  let started: object = {}
  let noticedAt: number | undefined
  let toldAt = 0
  const paths: Record<string, (argument: string) => Promise<object>> = {
    listening: async () => (started = { cpu: process.cpuUsage(), ms: performance.now() }),
    started: async () => started,
    memory: async () => toMemory(),
    count: async () => ({ updates: applied.length }),
    update: (number) =>
      new Promise((resolve) => {
        const known = applied[Number(number)]
        if (known) resolve(known)
        else waiting.push({ number: Number(number), resolve })
      }),
  }
  Object.assign(globalThis, {
    probe: (path: string) => {
      const [, name = '', argument = ''] = path.split('/')
      return paths[name]?.(argument)
    },
  })
  return {
    name: 'probe',
    enforce: 'pre',
    configureServer({ config }) {
      const api = config.plugins.find(({ name }) => name === 'hot-node')?.api as HotNodeApi | undefined
      api?.onOutcome((outcome) => {
        if (outcome.rung === 'nothing') return
        const update: Applied = {
          rung: outcome.rung,
          noticedAt: noticedAt ?? Number.NaN,
          toldAt,
          appliedAt: performance.timeOrigin + performance.now(),
          applyMs: 'ms' in outcome ? outcome.ms : Number.NaN,
        }
        noticedAt = undefined
        applied.push(update)
        for (const { number, resolve } of waiting.splice(0)) {
          const known = applied[number]
          if (known) resolve(known)
          else waiting.push({ number, resolve })
        }
      })
    },
    hotUpdate() {
      if (this.environment.name !== 'ssr') return
      toldAt = performance.timeOrigin + performance.now()
      noticedAt ??= toldAt
    },
  }
}

/** What the process holds after a forced collection. */
async function toMemory(): Promise<object> {
  // What finalizers let go of is collected in a later turn.
  for (let turn = 0; turn < 4; turn++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage()
}
