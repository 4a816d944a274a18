/** What a server's process is started for: given to it as JSON, before anything else. */
export interface Task {
  /** Absolute. */
  readonly entry: string
  readonly args: readonly string[]
  readonly root: string
  readonly config?: string
  readonly mode?: string
  readonly include: readonly string[]
  readonly envFiles: readonly string[]
  /** Stop at the first line of the entry, if a debugger is attached. */
  readonly breaksAtEntry: boolean
}

/** What a server's process tells its supervisor. */
export type ServerMessage =
  /** It is about to end, as nobody has caught an error. */
  { readonly kind: 'uncaught'; readonly code?: string }

/** What a supervisor tells a server's process. */
export type SupervisorMessage = { readonly kind: 'update' }
