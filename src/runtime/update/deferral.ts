import type { HotModule } from '../module.ts'

/**
 * New modules that import something the same update changes. They are loaded before anything is changed, as that may
 * fail; but what they do when they run may need what comes with them. So their units do not run while they are loaded:
 * they are stale units of the update, and run where a cold start would run them.
 */
export class Deferral {
  /** Modules that the update under way is about to change. Written while it loads what they import; empty otherwise. */
  changing: ReadonlySet<HotModule> = new Set()
  /** Imports that running code has asked for and that are under way: what they load is needed at once. */
  requested = 0
  /** Modules whose units have not run yet. Emptied by the update that runs them, or that has no use for them. */
  readonly modules: Set<HotModule> = new Set()

  /** Whether the units of a module are to wait. Asked when its code comes to the first of them, and for each. */
  holds(module: HotModule): boolean {
    if (this.modules.has(module)) return true
    if (this.changing.size === 0 || this.requested > 0 || hasBegun(module)) return false
    if (!this.#reachesChange(module, new Set())) return false
    this.modules.add(module)
    return true
  }

  #reachesChange(module: HotModule, asked: Set<HotModule>): boolean {
    if (this.changing.has(module) || this.modules.has(module)) return true
    if (asked.has(module)) return false
    asked.add(module)
    return module.record.imports.some(({ specifier }) => {
      const target = module.importedModule(specifier)
      return target !== undefined && this.#reachesChange(target, asked)
    })
  }
}

function hasBegun(module: HotModule): boolean {
  return [...module.units.values()].some(({ run }) => run !== undefined)
}
