import { GitLock } from './git-lock.ts'

/** Two files saved within so many milliseconds are saved by a tool, or by "save all": nobody changes files so fast. */
export const TOGETHER = 300

/** A burst is over when nothing was saved for so many milliseconds. */
const QUIET = 150

/** Of a few files that were saved all at once, no more are to be expected. */
const QUIET_PER_FILE = 15

/** What a tool that writes without end has written so far is applied after so many milliseconds. */
const LONGEST = 5_000

/** Git may hold its lock for another reason than writing files, such as a commit message that is being written. */
const QUIET_WITH_GIT = 1_000
const LONGEST_WITH_GIT = 15_000

const LOOK_AGAIN = 10

/**
 * A **burst**: files that a tool saves one after the other, and that belong together. What is saved alone is none, also
 * when the same file is saved again at once.
 */
export class Burst {
  /** A watcher that polls finds what was saved at once so many milliseconds apart: what is saved alone may be the first. */
  readonly #interval: number | undefined
  readonly #git = new GitLock()
  /** When files were saved, by file. Those of longer ago than `TOGETHER` go with the next save. */
  readonly #recent = new Map<string, number>()
  /** Files of the burst under way. Emptied when it is over. */
  readonly #files = new Set<string>()
  /** When its first file was saved. Absent where none is under way. */
  #began: number | undefined
  /** When something was last saved, and when git was last seen to hold its lock. */
  #lastSave = 0
  #lastLock = Number.NEGATIVE_INFINITY
  /** When an update went out. */
  #lastUpdate = Number.NEGATIVE_INFINITY

  constructor(interval?: number) {
    this.#interval = interval
  }

  get isUnderWay(): boolean {
    return this.#began !== undefined
  }

  /** A file was saved or deleted. */
  note(file: string): void {
    const now = performance.now()
    this.#lastSave = now
    for (const [other, at] of this.#recent) if (now - at > TOGETHER) this.#recent.delete(other)
    this.#recent.set(file, now)
    const isLocked = this.#git.isHeld(file)
    if (isLocked) this.#lastLock = now
    if (this.#recent.size > 1 || isLocked || this.#interval !== undefined)
      this.#began ??= Math.min(...this.#recent.values())
    if (this.isUnderWay) for (const recent of this.#recent.keys()) this.#files.add(recent)
  }

  /** An update goes out: whatever is saved from here on is another. */
  noteUpdate(): void {
    this.#lastUpdate = performance.now()
  }

  /** Resolves when no burst is under way any more, or earlier when there is something to do meanwhile. */
  async over(isInterrupted: () => boolean): Promise<void> {
    while (this.#began !== undefined && !isInterrupted()) {
      if (this.#isOver(this.#began)) {
        this.#began = undefined
        this.#files.clear()
        return
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
    }
  }

  #isOver(began: number): boolean {
    const now = performance.now()
    const [file] = this.#files
    if (file !== undefined && this.#git.isHeld(file)) {
      this.#lastLock = now
      return now - this.#lastSave > QUIET_WITH_GIT || now - began > LONGEST_WITH_GIT
    }
    return now - Math.max(this.#lastSave, this.#lastLock) >= this.#quiet(began) || now - began > LONGEST
  }

  #quiet(began: number): number {
    const isAllAtOnce = this.#lastUpdate < began && this.#lastLock < began
    const quiet = isAllAtOnce ? Math.min(QUIET, QUIET_PER_FILE * this.#files.size) : QUIET
    return Math.max(quiet, this.#interval ?? 0)
  }
}
