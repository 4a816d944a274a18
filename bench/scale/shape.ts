/** How large an app is, and in which respect. */
export interface AppShape {
  /** Modules of the graph that the server imports. */
  readonly modules: number
  /** How many of them import the module that is edited. */
  readonly importers: number
  /** What the server holds beside its code, in MiB. */
  readonly heapMib: number
}

export const SMALLEST: AppShape = { modules: 100, importers: 1, heapMib: 0 }
