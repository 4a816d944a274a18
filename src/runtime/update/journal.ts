/** How to take back what an update has done so far, newest last. */
export class Journal {
  readonly #undo: (() => void)[] = []

  push(undo: () => void): void {
    this.#undo.push(undo)
  }

  /** Takes everything back, newest first. */
  rollBack(): void {
    for (const undo of this.#undo.toReversed()) undo()
    this.#undo.length = 0
  }
}

class ClosedJournal extends Journal {
  override push(): void {
    // Nothing to remember.
  }
}

/** For a module's first evaluation, which nothing takes back. */
export const NO_JOURNAL: Journal = new ClosedJournal()
