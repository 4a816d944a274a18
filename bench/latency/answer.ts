import type { Answer } from '../support/edit-run.ts'

/** What a generated server answers. */
export interface LaneAnswer extends Answer {
  /** Requests its entry module has counted: starts at one again where state is lost. */
  readonly hits: number
  /** Milliseconds since the epoch at which Vite told its plugins of the write. Of the floor only. */
  readonly noticedAt?: number
  /** How long `transformRequest` took. Of the floor only. */
  readonly transformMs?: number
}
