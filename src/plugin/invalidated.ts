import { isAbsolute } from 'node:path'
import type { DevEnvironment, EnvironmentModuleGraph, EnvironmentModuleNode } from 'vite'

/** What graphs do by themselves, without being listened to. */
const originals = new WeakMap<EnvironmentModuleGraph, EnvironmentModuleGraph['invalidateModule']>()

/** Whether a module comes from no file: a plugin makes it up. */
export function isVirtual(id: string): boolean {
  return !isAbsolute(id)
}

/**
 * Tells of virtual modules that a plugin invalidates, as what it makes them of has changed: there is no file whose save
 * would tell. A runner would evaluate such a module a second time with the next who asks for it, beside the one that runs.
 *
 * What Vite invalidates as it imports such a module comes with others that have been seen before it; read in Vite 8.3.
 */
export function onInvalidated({ moduleGraph }: DevEnvironment, listener: (id: string) => void): void {
  const original = moduleGraph.invalidateModule.bind(moduleGraph)
  originals.set(moduleGraph, original)
  moduleGraph.invalidateModule = (module, seen = new Set(), ...rest) => {
    const isAsked = seen.size === 0
    original(module, seen, ...rest)
    if (isAsked && module.id !== null && isVirtual(module.id)) listener(module.id)
  }
}

/** Has Vite transform a module again, without telling of it. */
export function invalidate(graph: EnvironmentModuleGraph, module: EnvironmentModuleNode): void {
  const original = originals.get(graph)
  if (original) original(module)
  else graph.invalidateModule(module)
}
