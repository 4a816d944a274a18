import { availableParallelism, cpus, loadavg } from 'node:os'

/** One line that says where the numbers come from: without it they cannot be compared with others. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const load = loadavg()[0]?.toFixed(1)
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} × ${model}, load ${load}`
}
