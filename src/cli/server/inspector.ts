import inspector from 'node:inspector'
import type { InspectorOptions } from '../messages.ts'

/**
 * Opens Node's inspector, as `--inspect` does. Not by that option: the process before has the port until it is about to be
 * replaced. With `waits`, it blocks until a debugger has said that it is ready.
 */
export function openInspector({ address, waits }: InspectorOptions): void {
  if (inspector.url() !== undefined) return
  const [, host, port] = /^(?:(.*?):?)??(\d+)?$/.exec(address) ?? []
  inspector.open(port === undefined ? undefined : Number(port), host?.replaceAll(/[[\]]/g, '') || undefined, waits)
}

/** Lets go of the port, for the next process. */
export function closeInspector(): void {
  if (inspector.url() !== undefined) inspector.close()
}
