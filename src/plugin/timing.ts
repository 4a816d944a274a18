import { createDebug } from 'obug'
import type { Spans } from '../protocol/index.ts'

/**
 * The parts of an update, in order. Each begins where the one before it ends, so that together they are the whole. Of
 * several files, a part ends with the last that comes to its end.
 *
 * - `event`: from the watcher's event until Vite has told all plugins, and the update begins
 * - `read`: files are read, by us and by Vite
 * - `transform`: by the plugins before ours
 * - `parse`: modules are taken apart and made hot
 * - `wait`: for other files that belong to the update
 * - `send`: to the runtime and back, and until it begins
 * - `diff`: records are compared
 * - `apply`: code is evaluated and swapped, and units run again
 */
export const SPANS = ['event', 'read', 'transform', 'parse', 'wait', 'send', 'diff', 'apply'] as const

export type Span = (typeof SPANS)[number]

/** How long an update took. Milliseconds. */
export interface UpdateTiming {
  /** Since the epoch. */
  readonly startedAt: number
  readonly total: number
  readonly spans: Readonly<Record<Span, number>>
}

const debug = createDebug('hot-node:timing')

/** Whether updates are timed: by `DEBUG=hot-node:timing`. */
export const isTimed: boolean = debug.enabled

/** Notes when the parts of one update after another end. Made only where updates are timed. */
export class Stopwatch {
  readonly #now: () => number
  /** When the watcher told of files that Vite has not handed over. */
  readonly #seen = new Map<string, number>()
  /** When the watcher told of the first file that is saved and in no update yet. */
  #saved: number | undefined
  /** When the update under way began. */
  #started = 0
  /** When its parts ended, those of the runtime excepted. */
  readonly #ends = new Map<Span, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The watcher told of a file. */
  see(file: string): void {
    this.#seen.set(file, this.#now())
  }

  /** A file is to be in an update. */
  save(file: string): void {
    const at = this.#seen.get(file) ?? this.#now()
    this.#seen.delete(file)
    this.#saved = Math.min(this.#saved ?? at, at)
  }

  /** An update begins, with what is saved. */
  start(): void {
    this.#started = this.#saved ?? this.#now()
    this.#ends.clear()
    this.join()
    this.end('event')
  }

  /** What is saved goes into the update under way. */
  join(): void {
    this.#saved = undefined
  }

  /** A part ends, for all that is known so far. */
  end(span: Span): void {
    this.#ends.set(span, this.#now())
  }

  /** @param own what the runtime says of itself, in case the update came to it */
  read(own: Spans | undefined): UpdateTiming {
    const spans = Object.fromEntries(SPANS.map((span) => [span, 0])) as Record<Span, number>
    let at = this.#started
    for (const span of SPANS) {
      const end = this.#ends.get(span)
      if (end === undefined) continue
      spans[span] = Math.max(0, end - at)
      at = Math.max(at, end)
    }
    if (own) {
      spans.send -= own.diff + own.apply
      spans.diff = own.diff
      spans.apply = own.apply
    }
    return { startedAt: performance.timeOrigin + this.#started, total: at - this.#started, spans }
  }
}

export function printTiming(what: string, timing: UpdateTiming): void {
  debug('%s', toTimingLine(what, timing))
}

/** `patch src/greet.ts 9.8 ms: event 1.2, read 1.9, …` */
export function toTimingLine(what: string, { total, spans }: UpdateTiming): string {
  const parts = SPANS.map((span) => `${span} ${spans[span].toFixed(2)}`)
  return `${what} ${total.toFixed(2)} ms: ${parts.join(', ')}`
}
