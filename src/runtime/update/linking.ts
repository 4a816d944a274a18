import { deletedButImported, importFailed, missingExport } from '../errors.ts'
import type { HotModule } from '../module.ts'
import type { Namespace } from '../namespace.ts'
import type { Registry } from '../registry.ts'
import { hasExport } from '../resolution.ts'
import type { ModuleDraft } from './draft.ts'
import type { Journal } from './journal.ts'
import type { Loader } from './loader.ts'

/**
 * Loads what new versions import and the running ones do not.
 *
 * @throws HotError `import_failed`
 */
export async function linkDrafts(drafts: readonly ModuleDraft[], loader: Loader): Promise<void> {
  for (const draft of drafts) {
    for (const [specifier, address] of Object.entries(draft.version.addresses ?? {}))
      draft.module.addresses.set(specifier, address)
    for (const { specifier } of draft.version.record.imports) {
      if (draft.module.imports.has(specifier)) continue
      let namespace: Namespace
      try {
        namespace = await loader.load(draft.module, specifier)
      } catch (error) {
        throw importFailed(draft.version.record, specifier, error)
      }
      draft.imports.set(specifier, namespace)
    }
  }
}

/**
 * Every name imported of a module must be exported there.
 *
 * @param drafts the versions that run now
 * @param moving modules with an import that leads elsewhere
 * @throws HotError `missing_export`
 */
export function checkImports(drafts: readonly ModuleDraft[], registry: Registry, moving: readonly HotModule[]): void {
  const toCheck = new Set<HotModule>([...drafts.map(({ module }) => module), ...moving])
  for (const { module, diff } of drafts)
    if (diff.changesExports) for (const observer of registry.observersOf(module)) toCheck.add(observer)
  for (const module of toCheck) {
    if (!module.isInUse) continue
    for (const { specifier, names } of module.record.imports) {
      const target = module.importedModule(specifier)
      const namespace = module.imports.get(specifier)
      for (const name of names) {
        const exists = target ? hasExport(target, name) : name === 'default' || !namespace || name in namespace
        if (!exists) throw missingExport(module.record, name, specifier)
      }
    }
  }
}

/**
 * Nobody in use may import a deleted module. Those that only import each other are let go of, and so are those of an
 * `import()` that is no longer in the text.
 *
 * @throws HotError `deleted_but_imported`
 */
export function checkDeleted(deleted: readonly HotModule[], journal: Journal): void {
  for (const module of deleted)
    for (const importer of module.importers) {
      if (!importer.isInUse) continue
      if (!deleted.includes(importer) && importer.mayImport(module))
        throw deletedButImported(module.record.label, importer.record.label)
      for (const [specifier, namespace] of importer.dynamicImports)
        if (namespace === module.namespace) {
          importer.dynamicImports.delete(specifier)
          journal.push(() => importer.dynamicImports.set(specifier, namespace))
        }
      module.importers.delete(importer)
      journal.push(() => importer.relink())
    }
}

/** Takes modules out of use that nobody imports any more, and what only those imported. Returns all of them. */
export function retire(candidates: Iterable<HotModule>, registry: Registry, journal: Journal): Set<HotModule> {
  const unused = new Set<HotModule>()
  const visit = (module: HotModule): void => {
    if (module.importers.size > 0 || unused.has(module) || module.status === 'unused') return
    unused.add(module)
    const { status } = module
    module.status = 'unused'
    registry.noteGraphChange()
    journal.push(() => {
      module.status = status
      module.relink()
    })
    for (const namespace of module.imports.values()) {
      const target = registry.moduleOf(namespace)
      target?.importers.delete(module)
      if (target) visit(target)
    }
  }
  for (const module of candidates) visit(module)
  return unused
}
