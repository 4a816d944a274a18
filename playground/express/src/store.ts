export interface Link {
  readonly code: string
  readonly target: string
  readonly visits: number
  /** In milliseconds since the epoch. */
  readonly expiresAt: number
}

export const links = new Map<string, Link>()
