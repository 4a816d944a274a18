import type { ViteDevServer } from 'vite'
import type { HotNodeApi } from 'vite-plugin-hot-node'
import { log } from '../log.ts'

/** Applies what is saved and has not been applied: what failed, and what no watcher told of. Says so if there is nothing. */
export async function update({ config }: ViteDevServer): Promise<void> {
  const api = config.plugins.find(({ name }) => name === 'hot-node')?.api as HotNodeApi | undefined
  if (!api) return
  let isReported = false
  const stop = api.onOutcome(({ rung }) => (isReported ||= rung !== 'nothing'))
  api.update()
  await api.settled()
  stop()
  if (!isReported) log('up to date: nothing is saved that does not run')
}
