import type { EnvironmentModuleNode } from 'vite'
import type { ModuleVersion, OpaqueModule, SavedScript, Update } from '../protocol/index.ts'

/** A file that was saved, created or deleted. */
export interface SavedFile {
  readonly file: string
  readonly isDeleted: boolean
  readonly isCreated: boolean
  readonly modules: readonly EnvironmentModuleNode[]
  /**
   * It was not saved, but may be transformed otherwise now. How its modules were transformed before, by id: those that
   * are transformed to the same are left out of the update.
   */
  readonly before?: ReadonlyMap<string, string>
}

/** What goes into one update. */
export class Batch {
  readonly files: Map<string, SavedFile> = new Map()
  readonly modules: Map<string, ModuleVersion> = new Map()
  readonly opaque: Map<string, OpaqueModule> = new Map()
  readonly deleted: Map<string, { readonly id: string; readonly label: string }> = new Map()
  readonly scripts: Map<string, SavedScript> = new Map()
  isGraphChanged = false

  toMessage(): Pick<Update, 'modules' | 'opaque' | 'deleted' | 'scripts'> {
    return {
      modules: [...this.modules.values()],
      opaque: [...this.opaque.values()],
      deleted: [...this.deleted.values()],
      scripts: [...this.scripts.values()],
    }
  }
}
