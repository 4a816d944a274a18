import type { EnvironmentModuleNode } from 'vite'
import type { ModuleVersion, OpaqueModule, Relinked, SavedScript, Update } from '../protocol/index.ts'

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
  /** It is a symbolic link, which was changed itself. */
  readonly isLink?: true
  /** Of a deleted file: the modules it was, one for each query it was imported with. */
  readonly ids?: readonly string[]
}

/** What goes into one update. */
export class Batch {
  readonly files: Map<string, SavedFile> = new Map()
  readonly modules: Map<string, ModuleVersion> = new Map()
  readonly opaque: Map<string, OpaqueModule> = new Map()
  /** Modules of deleted files, by file. */
  readonly deleted: Map<string, Update['deleted']> = new Map()
  readonly scripts: Map<string, SavedScript> = new Map()
  readonly relinked: Relinked[] = []
  isGraphChanged = false

  toMessage(): Pick<Update, 'modules' | 'opaque' | 'deleted' | 'scripts' | 'relinked'> {
    return {
      modules: [...this.modules.values()],
      opaque: [...this.opaque.values()],
      deleted: [...this.deleted.values()].flat(),
      scripts: [...this.scripts.values()],
      ...(this.relinked.length > 0 && { relinked: this.relinked }),
    }
  }
}
