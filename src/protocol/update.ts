import type { ModuleId, ModuleRecord } from './record.ts'

/** By bare specifier: how runners are asked for what it leads to, where it is not left to Node. */
export type Addresses = Readonly<Record<string, string>>

/** A module's new version, complete: it can be applied without asking anybody. */
export interface ModuleVersion {
  readonly record: ModuleRecord
  /** The hot code, into which the record's ranges point. */
  readonly code: string
  /** Source map of `code` as JSON, with absolute sources; empty if there is none. */
  readonly map: string
  /** Of specifiers that edits have added. */
  readonly addresses?: Addresses
}

/** A module the plugin could not make hot: it is loaded anew as a whole, and everything runs again. */
export interface OpaqueModule {
  readonly id: ModuleId
  readonly label: string
  readonly reason: string
}

/** A file that is no module, and that a worker or child process may run. */
export interface SavedScript {
  readonly id: ModuleId
  readonly label: string
  /** A module names it by `new URL(…, import.meta.url)`: most likely some worker runs it. */
  readonly isWorker: boolean
}

/** A specifier that leads to another module than it did, though nothing of its importer was saved. */
export interface Relinked {
  readonly importer: ModuleId
  readonly specifier: string
  /** How runners are asked for what it leads to now. */
  readonly address: string
}

/** An **update**: what was saved in one short window. Plain data. */
export interface Update {
  readonly protocol: number
  /** Grows by one with each update of a sender; a runtime applies each once. */
  readonly number: number
  readonly modules: readonly ModuleVersion[]
  readonly opaque: readonly OpaqueModule[]
  /** Modules whose file is gone. */
  readonly deleted: readonly { readonly id: ModuleId; readonly label: string }[]
  readonly scripts: readonly SavedScript[]
  /** Imports by way of a symbolic link that was changed. */
  readonly relinked?: readonly Relinked[]
  /** Modules that do not accept what they accepted, after all: `import.meta.hot.invalidate()`. */
  readonly invalidated?: readonly ModuleId[]
  /** Whoever sends it wants to know how long its parts take. */
  readonly isTimed?: true
}
