import type { ViteDevServer } from 'vite'
import type { Task } from '../messages.ts'
import { isSource } from '../source.ts'

/** Resolves with the next file that is saved, created or deleted and may be of the server. */
export function nextSave(vite: ViteDevServer, { entry }: Task): Promise<string> {
  vite.watcher.add(entry)
  return new Promise((resolve) => {
    const take = (event: string, file: string): void => {
      if (!['add', 'change', 'unlink'].includes(event) || !isSource(file)) return
      vite.watcher.off('all', take)
      resolve(file)
    }
    vite.watcher.on('all', take)
  })
}
