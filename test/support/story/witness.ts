import type { Plugin } from 'vite'

/** Knows when Vite has handed a changed file to every plugin. */
export interface DeliveryWitness {
  readonly plugin: Plugin
  /** Resolves at the next delivery of `file`; call it before the change is announced. */
  delivered(file: string): Promise<void>
}

const PATIENCE_MS = 5000

export function createDeliveryWitness(): DeliveryWitness {
  /** File to the resolver of who waits for it; emptied by each delivery. */
  const waiting = new Map<string, () => void>()
  return {
    plugin: {
      name: 'story:delivery-witness',
      enforce: 'post',
      hotUpdate: {
        order: 'post',
        handler({ file }) {
          if (this.environment.name !== 'ssr') return
          waiting.get(file)?.()
          waiting.delete(file)
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
        waiting.set(file, () => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}
