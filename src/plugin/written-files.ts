import { isSame, readNow, readWritten, type Written } from './written-file.ts'

/** chokidar drops a change that follows another within 50 ms: so each file is looked at again after this long. */
const LOOK_AGAIN = 60

/** What was last read of files, before they were transformed. */
export class WrittenFiles {
  readonly #read = new Map<string, Written>()

  /** Files were read for a Vite server before this one. */
  inherit(previous: WrittenFiles): void {
    for (const [file, written] of previous.#read) this.#read.set(file, written)
  }

  /** Reads a file. */
  async read(file: string): Promise<{ readonly content: string; readonly isOther: boolean }> {
    const before = this.#read.get(file)
    const written = await readWritten(file)
    this.#read.set(file, written)
    return { content: written.content, isOther: written.content !== before?.content }
  }

  /** Whether nobody has written a file since it was last read. One that is not there is none that could be read. */
  isCurrent(file: string): boolean {
    const written = readNow(file)
    return written.at === undefined || isSame(written, this.#read.get(file))
  }

  /**
   * Calls back if a file has been written since it was last read: the watcher may lose a save that comes right after
   * another. Even one of the same text, as what Vite read in between may have been half of it.
   */
  lookAgain(file: string, onWritten: () => void): void {
    const look = (): void => {
      const written = readNow(file)
      if (written.content !== '' && !isSame(written, this.#read.get(file))) onWritten()
    }
    setTimeout(look, LOOK_AGAIN).unref()
  }
}
