import type { DevEnvironment, HotPayload, ViteDevServer } from 'vite'

/** Those the plugin sends itself. */
const own = new WeakSet<HotPayload>()

/** Has the runner evaluate its entries anew. */
export function sendFullReload(environment: DevEnvironment): void {
  const payload: HotPayload = { type: 'full-reload' }
  own.add(payload)
  environment.hot.send(payload)
}

/**
 * Keeps full reloads that others ask for from the runner: it would evaluate entries a second time, beside the modules
 * that run. Vite asks for one when a `tsconfig.json` was saved, and so may any plugin.
 *
 * @param take whether to keep it, and do what is done instead
 */
export function interceptFullReloads(environment: DevEnvironment, take: () => boolean): void {
  const { hot } = environment
  const send = hot.send as (...args: unknown[]) => void
  const intercepting = (...args: unknown[]): void => {
    const [payload] = args as [HotPayload | string]
    const isForeign = typeof payload === 'object' && payload.type === 'full-reload' && !own.has(payload)
    if (!isForeign || !take()) send.apply(hot, args)
  }
  hot.send = intercepting
}

/** Has pages load again, unless all files are modules of theirs, which Vite itself updates there. */
export function reloadBrowser({ environments }: ViteDevServer, files: readonly string[]): void {
  const { client } = environments
  const isOfPage = (file: string): boolean => (client?.moduleGraph.getModulesByFile(file)?.size ?? 0) > 0
  if (!files.every(isOfPage)) client?.hot.send({ type: 'full-reload' })
}
