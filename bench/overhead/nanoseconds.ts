import { join } from 'node:path'
import { createServer, isRunnableDevEnvironment, type PluginOption, type ViteDevServer } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'
import type { Kernel } from './kernels/kernels.ts'

const ROOT = join(import.meta.dirname, 'kernels')
const COUNT = 2_000_000
const WARM_UP_ROUNDS = 5
const ROUNDS = 25

/** The shortest time of one operation, in nanoseconds. */
export interface Cost {
  readonly operation: string
  readonly plain: number
  readonly hotNode: number
}

/** Runs each kernel in turn as Vite loads it and as the plugin rewrites it, and keeps the shortest time of either. */
export async function measureNanoseconds(): Promise<readonly Cost[]> {
  const plain = await start([])
  const hot = await start([hotNode({ logLevel: 'silent' })])
  try {
    const plainKernels = await loadKernels(plain)
    const hotKernels = await loadKernels(hot)
    const costs: Cost[] = []
    for (const [operation, kernel] of Object.entries(plainKernels)) {
      const hotKernel = hotKernels[operation]
      if (hotKernel !== undefined) costs.push({ operation, ...race(kernel, hotKernel) })
    }
    return costs
  } finally {
    await Promise.all([plain.close(), hot.close()])
  }
}

function race(plainKernel: Kernel, hotKernel: Kernel): Omit<Cost, 'operation'> {
  const shortest = { plain: Infinity, hotNode: Infinity }
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const once = { plain: time(plainKernel), hotNode: time(hotKernel) }
    if (round < 0) continue
    shortest.plain = Math.min(shortest.plain, once.plain)
    shortest.hotNode = Math.min(shortest.hotNode, once.hotNode)
  }
  return shortest
}

function time(kernel: Kernel): number {
  const started = process.hrtime.bigint()
  const result = kernel(COUNT)
  const elapsed = process.hrtime.bigint() - started
  if (!Number.isFinite(result)) throw new Error(`A kernel returned ${result}.`)
  return Number(elapsed) / COUNT
}

function start(plugins: PluginOption[]): Promise<ViteDevServer> {
  return createServer({ root: ROOT, configFile: false, logLevel: 'error', plugins })
}

async function loadKernels(server: ViteDevServer): Promise<Readonly<Record<string, Kernel>>> {
  const { ssr } = server.environments
  if (!isRunnableDevEnvironment(ssr)) throw new Error('The ssr environment has no module runner.')
  const { kernels } = await ssr.runner.import<typeof import('./kernels/kernels.ts')>('/kernels.ts')
  return kernels
}
