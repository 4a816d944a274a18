/** What a measured process says of one edit. */
export interface Measured {
  /** When it was told of the write, in milliseconds since the epoch. */
  readonly startedAt: number
  /** How long its parts took, from then on. */
  readonly spans: Readonly<Record<string, number>>
  readonly total: number
  /** Processor time the process has used since it was started, in milliseconds. */
  readonly processor: number
  /** The version that runs after it. */
  readonly says: string
}
