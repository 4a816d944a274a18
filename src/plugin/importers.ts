import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import { isReload } from './hooks/transform.ts'

/** How many importers count as near. */
const NEAR = 50

/** All modules that import one of the files, directly or not, near ones first. */
export function importersOf(environment: DevEnvironment, files: Iterable<string>): EnvironmentModuleNode[] {
  const own = new Set<EnvironmentModuleNode>()
  for (const file of files) for (const module of environment.moduleGraph.getModulesByFile(file) ?? []) own.add(module)
  // Grows while it is walked.
  const seen = new Set(own)
  for (const module of seen) for (const importer of module.importers) seen.add(importer)
  return [...seen].filter((module) => !own.has(module))
}

/**
 * Vite drops the transforms of all modules that import a changed one, directly or not. Its module runner would then
 * evaluate them a second time when it meets them in a new import, so they are put back: the near ones at once, the rest
 * without being waited for, unless all are needed.
 */
export async function restoreImporters(
  environment: DevEnvironment,
  files: Iterable<string>,
  areAllNeeded: boolean,
): Promise<void> {
  // Nobody asks for a reloaded one again: the runtime does so once.
  const dropped = importersOf(environment, files).filter((module) => !module.transformResult && !isReload(module.url))
  for (const module of dropped) markAsRunnerForm(module)
  const restore = (modules: readonly EnvironmentModuleNode[]): Promise<unknown> =>
    Promise.all(modules.map((module) => environment.transformRequest(module.url).catch(() => undefined)))
  const near = areAllNeeded ? dropped.length : NEAR
  await restore(dropped.slice(0, near))
  void restore(dropped.slice(near))
}

/**
 * A transform that Vite has dropped for an importer's sake is taken up again as it was, if it has the form of runners: then
 * Vite need not look for imports in it. It notes which has when it gives the form itself; read in Vite 8.3.
 */
function markAsRunnerForm(module: EnvironmentModuleNode): void {
  const { invalidationState } = module as { readonly invalidationState?: { ssr?: boolean } | string }
  if (typeof invalidationState === 'object') invalidationState.ssr = true
}

/**
 * Has a runner that asks for a module it has evaluated go on with that while an update is under way. Vite has dropped the
 * transforms of all that import what was saved, and would have it evaluate an entry a second time that a request asks for.
 */
export function keepInstances(
  environment: DevEnvironment,
  isBusy: () => boolean,
  isUnevaluated: (url: string) => Promise<boolean>,
): void {
  const fetchModule = environment.fetchModule.bind(environment)
  environment.fetchModule = async (id, importer, options) => {
    if (!options?.cached) return fetchModule(id, importer, options)
    if (isBusy()) return { cache: true }
    if (!(await isUnevaluated(id))) return fetchModule(id, importer, options)
    const fetched = await fetchModule(id, importer, { ...options, cached: false })
    return 'code' in fetched ? { ...fetched, invalidate: true } : fetched
  }
}
