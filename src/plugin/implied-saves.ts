import { existsSync } from 'node:fs'
import type { EnvironmentModuleNode } from 'vite'
import type { SavedFile } from './batch.ts'
import type { Known } from './gatherer.ts'
import { isReload, toModuleId } from './hooks/transform.ts'
import { isVirtual } from './invalidated.ts'
import { isWithin } from './links.ts'

/** A symbolic link was changed: what has its name is another file now, and so is what it leads to. */
export function savedByLink({ environment, modules }: Known, link: string): SavedFile[] {
  const { fileToModulesMap } = environment.moduleGraph
  const files = new Set([...fileToModulesMap.keys(), ...modules.files].filter((file) => isWithin(file, link)))
  if (files.size === 0) return [{ file: link, isDeleted: false, isCreated: false, modules: [], isLink: true }]
  return [...files].map((file) => ({
    file,
    isDeleted: !existsSync(file),
    isCreated: false,
    modules: [...(fileToModulesMap.get(file) ?? [])],
  }))
}

/** A plugin has invalidated a module that has no file. */
export function savedByInvalidation({ environment, transforms }: Known, id: string): SavedFile[] {
  const module = environment.moduleGraph.getModuleById(id)
  const fingerprint = transforms.fingerprints.get(id)
  if (!module || fingerprint === undefined) return []
  const before = new Map([[id, fingerprint]])
  return [{ file: module.file ?? id, isDeleted: false, isCreated: false, modules: [module], before }]
}

/** Every module may be transformed otherwise now. Those that run as a whole run on as they are. */
export function savedByRefresh({ environment, modules: known, transforms }: Known): SavedFile[] {
  const byFile = new Map<string, EnvironmentModuleNode[]>()
  for (const module of environment.moduleGraph.idToModuleMap.values()) {
    const { id, file, url } = module
    if (id === null || !known.has(id) || isReload(id)) continue
    const isHot = transforms.fingerprints.has(toModuleId(id))
    if (isHot && file !== null && (isVirtual(id) || existsSync(file)))
      byFile.set(file, [...(byFile.get(file) ?? []), module])
    // Vite may have dropped its transform, and its module runner would then evaluate it once more.
    else transforms.restore(url)
  }
  const before = new Map(transforms.fingerprints)
  return [...byFile].map(([file, modules]) => ({ file, isDeleted: false, isCreated: false, modules, before }))
}
