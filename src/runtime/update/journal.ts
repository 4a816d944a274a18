/** One thing an update did. */
interface Entry {
  undo(): void
  /** Of what running code can see: whether it is to be as before the update, or as the update has it. */
  exchange?(): void
}

/** How to take back what an update has done so far, newest last. */
export class Journal {
  readonly #entries: Entry[] = []
  #isSuspended = false

  /** Notes how to take something back that no running code sees. */
  push(undo: () => void): void {
    this.#entries.push({ undo })
  }

  /** Notes the value of something that running code sees, and that the update is about to change. */
  save<T>(read: () => T, write: (value: T) => void): void {
    let other = read()
    const exchange = (): void => {
      const present = read()
      write(other)
      other = present
    }
    this.#entries.push({ undo: exchange, exchange })
  }

  /** Has running code see what was before the update, until `resume`. Does nothing the second time. */
  suspend(): void {
    if (this.#isSuspended) return
    this.#isSuspended = true
    for (const entry of this.#entries.toReversed()) entry.exchange?.()
  }

  /** Has running code see what the update has done. What was changed meanwhile is what `rollBack` goes back to. */
  resume(): void {
    if (!this.#isSuspended) return
    this.#isSuspended = false
    for (const entry of this.#entries) entry.exchange?.()
  }

  /** Takes everything back, newest first. */
  rollBack(): void {
    for (const { undo } of this.#entries.toReversed()) undo()
    this.#entries.length = 0
  }
}

class ClosedJournal extends Journal {
  override push(): void {
    // Nothing to remember.
  }

  override save(): void {
    // Nothing to remember.
  }
}

/** For a module's first evaluation, which nothing takes back. */
export const NO_JOURNAL: Journal = new ClosedJournal()
