import { stripVTControlCharacters } from 'node:util'
import { DEADLINE_MS } from './eventually.ts'

interface Waiter {
  readonly pattern: RegExp
  readonly resolve: (match: RegExpExecArray) => void
  readonly reject: (reason: Error) => void
  readonly timer: NodeJS.Timeout
}

/** A line's place in a log; see {@link OutputLog.mark}. */
export type Mark = number

/**
 * All that a process printed, line by line, both streams in the order in which they arrived.
 *
 * It is read like a conversation: {@link waitForLine} goes on after the line that the last wait matched, so the answer
 * to one edit is never taken for the answer to another.
 */
export class OutputLog {
  /** Complete lines without colours. Appended to by {@link append}, never emptied. */
  readonly #lines: string[] = []
  /** The unfinished last line of each stream. */
  readonly #partial = { stdout: '', stderr: '' }
  /** Index of the first line that no wait has passed yet. */
  #cursor = 0
  /** At most one at a time: set by {@link waitForLine}, cleared when it settles. */
  #waiter: Waiter | undefined
  /** Why nothing more will come, once that is so. */
  #ended: string | undefined

  append(stream: 'stdout' | 'stderr', chunk: string): void {
    const lines = (this.#partial[stream] + stripVTControlCharacters(chunk)).split('\n')
    this.#partial[stream] = lines.pop() ?? ''
    this.#lines.push(...lines.map((line) => line.trimEnd()))
    this.#settle()
  }

  /** Nothing more will be printed: what is waited for will not come. */
  end(why: string): void {
    this.#ended = why
    this.#settle()
  }

  /** Why nothing more will come; nothing as long as the process lives. */
  get ended(): string | undefined {
    return this.#ended
  }

  /** Resolves with the next line that matches; rejects with the whole log at the deadline, or when the process ends. */
  waitForLine(pattern: RegExp, deadline: number = DEADLINE_MS): Promise<RegExpExecArray> {
    if (this.#waiter) throw new Error(`Already waiting for ${this.#waiter.pattern}: await one line at a time.`)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(`was not printed within ${deadline} ms`), deadline)
      this.#waiter = { pattern, resolve, reject, timer }
      this.#settle()
    })
  }

  /** Where the log is now, for {@link since}. */
  mark(): Mark {
    return this.#lines.length
  }

  /** What was printed after the mark. */
  since(mark: Mark): string {
    return this.#lines.slice(mark).join('\n')
  }

  toString(): string {
    return [...this.#lines, this.#partial.stdout, this.#partial.stderr].join('\n').trimEnd()
  }

  #settle(): void {
    if (!this.#waiter) return
    const { pattern, resolve, timer } = this.#waiter
    for (const [index, line] of this.#lines.entries()) {
      const match = index < this.#cursor ? null : pattern.exec(line)
      if (!match) continue
      this.#cursor = index + 1
      this.#waiter = undefined
      clearTimeout(timer)
      resolve(match)
      return
    }
    if (this.#ended !== undefined) this.#giveUp(`cannot be printed any more: ${this.#ended}`)
  }

  #giveUp(why: string): void {
    if (!this.#waiter) return
    const { pattern, reject, timer } = this.#waiter
    this.#waiter = undefined
    clearTimeout(timer)
    const place = `(the wait began after line ${this.#cursor})`
    reject(new Error(`${pattern} ${why} ${place}. The whole log:\n${this.toString() || '(nothing)'}\n`))
  }
}
