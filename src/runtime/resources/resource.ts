import type { Unit } from '../module.ts'

/** Something a unit created that outlives its run. */
export interface Resource {
  readonly kind: 'timer' | 'server'
  /** Ends it: after the unit's next run has committed. */
  dispose(): void
  /** Ends it because the run that made it is taken back. `dispose` where there is no difference. */
  undo?(): void
}

/** Tells which unit is running, so that what is created meanwhile can be noted as its own. */
export interface Ownership {
  /** The unit whose start-up code runs now, also after an `await` in it. */
  current(): Unit | undefined
  /** What units owned that run again in the update under way, until it is disposed of. */
  readonly superseded: readonly Resource[]
  /** Set when a unit that runs again meant to end the process. Cleared with each update. */
  refusedExit: Error | undefined
}
