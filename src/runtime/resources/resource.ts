/** Something a unit created that outlives its run. */
export interface Resource {
  /** How to call it before a person: `interval`, `server on 3000`. */
  readonly label: string
  /** What it is, where that is an object the unit's code holds: nothing else has to be done about it. */
  readonly subject?: unknown
  /** Whether it is code of a file: a worker or child process that runs it. */
  runs?(file: string): boolean
  /** It is gone by itself, or somebody else ended it: then there is nothing to dispose of. */
  isEnded(): boolean
  /** Ends it: after the unit's next run has committed. What it returns is waited for, within reason. */
  dispose(): unknown
  /** Ends it because the run that made it is taken back. `dispose` where there is no difference. */
  undo?(): unknown
}
