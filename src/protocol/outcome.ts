/** Something that happened to one module in an update. */
export interface ModuleChange {
  /** The module's label. */
  readonly module: string
  /** Labels of what was patched, or of the units that ran. */
  readonly what: readonly string[]
}

export interface UpdateFailure {
  readonly code: string
  readonly message: string
  /** Where in the source, when known. Line from 1, column from 0. */
  readonly location?: { readonly file: string; readonly line: number; readonly column: number }
  readonly stack?: string
  /** The import that could not be resolved: its place is looked up in the importer's source. */
  readonly import?: { readonly importer: string; readonly specifier: string }
  /** What to do about it. */
  readonly repair?: string
}

/** How long parts of an update took in the runtime, in milliseconds. */
export interface Spans {
  /** Comparing records. */
  readonly diff: number
  /** The rest: loading what is imported anew, evaluating, swapping, running units, disposing. */
  readonly apply: number
}

interface Applied {
  readonly number: number
  readonly patched: readonly ModuleChange[]
  /** Milliseconds the runtime took. */
  readonly ms: number
  /** No entry has been evaluated to its end: who imported it was told that it failed, and would have to do so again. */
  readonly isStarted?: false
  /** Remarks a person should see, such as an effect that cannot be undone. */
  readonly notes: readonly string[]
}

/** Modules that nobody has: they threw while they were evaluated for the first time. */
export interface Unloaded {
  readonly ids: readonly string[]
  /** All others whose evaluation has begun. Importers that are not among them were never evaluated. */
  readonly running: readonly string[]
}

/**
 * What an update came to. `rung` is the lowest that kept the promise. `spans`, if the update asked for them; `unloaded`, if
 * there are such modules.
 */
export type Outcome = Result & { readonly spans?: Spans; readonly unloaded?: Unloaded }

type Result =
  /** Nothing that runs is different. `isStarted` is false where no entry has been evaluated to its end. */
  | {
      readonly rung: 'nothing'
      readonly number: number
      readonly isStarted: boolean
      readonly notes?: readonly string[]
    }
  | (Applied & { readonly rung: 'patch' })
  | (Applied & {
      readonly rung: 're-run'
      readonly reran: readonly ModuleChange[]
      readonly kept: readonly string[]
      /** Why, in words: `createApp() ran at start-up and changed`. */
      readonly why: string
    })
  | (Applied & {
      readonly rung: 'hot-restart'
      readonly reran: readonly ModuleChange[]
      readonly why: string
    })
  | { readonly rung: 'failed'; readonly number: number; readonly failure: UpdateFailure }

/** A module has called `import.meta.hot.invalidate()`. */
export interface Invalidated {
  /** The module's label. */
  readonly by: string
  readonly message?: string
  readonly outcome: Outcome
}

/** A save of which no update could be made, as it does not parse or a plugin refused it. */
export interface Failed {
  readonly ids: readonly string[]
  readonly failure: UpdateFailure
}
