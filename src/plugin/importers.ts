import type { DevEnvironment, EnvironmentModuleNode } from 'vite'

/** How many importers count as near. */
const NEAR = 50

/**
 * Vite drops the transforms of all modules that import a changed one, directly or not. Its module runner would then
 * evaluate them a second time when it meets them in a new import, so they are put back: the near ones at once, the rest
 * without being waited for.
 */
export async function restoreImporters(environment: DevEnvironment, files: Iterable<string>): Promise<void> {
  const seen = new Set<EnvironmentModuleNode>()
  for (const file of files) for (const module of environment.moduleGraph.getModulesByFile(file) ?? []) seen.add(module)
  const dropped: EnvironmentModuleNode[] = []
  // Grows while it is walked.
  for (const module of seen)
    for (const importer of module.importers) {
      if (seen.has(importer)) continue
      seen.add(importer)
      if (!importer.transformResult) dropped.push(importer)
    }
  const restore = (modules: readonly EnvironmentModuleNode[]): Promise<unknown> =>
    Promise.all(modules.map((module) => environment.transformRequest(module.url).catch(() => undefined)))
  await restore(dropped.slice(0, NEAR))
  void restore(dropped.slice(NEAR))
}
