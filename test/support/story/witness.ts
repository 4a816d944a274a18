import type { Plugin } from 'vite'

/** Knows when Vite has handed a changed file to every plugin. */
export interface DeliveryWitness {
  readonly plugin: Plugin
  /** Resolves at the next delivery of `file`; call it before the change is announced. */
  delivered(file: string): Promise<void>
}

const PATIENCE_MS = 5000

export function createDeliveryWitness(): DeliveryWitness {
  /** File to the resolvers of those who wait for it, in order; each delivery takes one. */
  const waiting = new Map<string, (() => void)[]>()
  return {
    plugin: {
      name: 'story:delivery-witness',
      enforce: 'post',
      hotUpdate: {
        order: 'post',
        handler({ file }) {
          if (this.environment.name !== 'ssr') return
          waiting.get(file)?.shift()?.()
        },
      },
    },
    delivered: (file) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(new Error(`Vite did not hand ${file} to all plugins in ${PATIENCE_MS} ms: did one of them throw?`)),
          PATIENCE_MS,
        )
        const queue = waiting.get(file) ?? []
        waiting.set(file, queue)
        queue.push(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}
