import type { DevEnvironment } from 'vite'
import type { Addresses } from '../protocol/index.ts'

/**
 * What bare specifiers of a module lead to, as Vite has written it in place of them when it transformed the module. Those
 * that it leaves to Node, such as packages, are not among them.
 *
 * A runner that is asked for a bare specifier asks Node, which knows of no alias. It never is for those of a module it
 * loads, but it would be for those that an edit adds.
 */
export async function findAddresses(
  environment: DevEnvironment,
  id: string,
  specifiers: readonly string[],
): Promise<Addresses> {
  const { moduleGraph, pluginContainer } = environment
  const importer = moduleGraph.getModuleById(id)
  const found: Record<string, string> = {}
  for (const specifier of specifiers) {
    const resolved = await pluginContainer.resolveId(specifier, id)
    const target = resolved ? moduleGraph.getModuleById(resolved.id) : undefined
    if (target && importer?.importedModules.has(target)) found[specifier] = toAddress(target.url)
  }
  return found
}

/** What is no path, Vite names by its id. */
function toAddress(url: string): string {
  return url.startsWith('/') ? url : `/@id/${url.replace('\0', '__x00__')}`
}
