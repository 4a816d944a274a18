import MagicString, { type SourceMap } from 'magic-string'
import type { Range } from '../../protocol/index.ts'

/** A place in added text whose offset in the result is wanted. */
export interface Mark {
  offset: number
}

interface Insertion {
  readonly text: string
  readonly marks: readonly (readonly [at: number, mark: Mark])[]
}

interface Edits {
  /** Closing texts, innermost first. */
  readonly before: Insertion[]
  /** Opening texts, outermost first. */
  readonly after: Insertion[]
  replaced?: { readonly end: number; readonly length: number }
}

/** In added text, stands where a {@link Mark} is set. */
export const MARK = '\u0001'

/**
 * Edits source while keeping a source map, and tells where marked places end up.
 * Nodes are edited from the outside in: `open` text of an inner node comes after that of the node around it,
 * and `close` text before.
 */
export class Rewriter {
  readonly #source: MagicString
  readonly #edits = new Map<number, Edits>()
  /** The result as last asked for. Emptied by `append`. */
  #text: string | undefined
  /** By how much what follows an edited position has moved. Filled by `settle`. */
  readonly #shifts: { readonly at: number; readonly inside: number; readonly after: number }[] = []

  constructor(code: string) {
    this.#source = new MagicString(code)
  }

  /** Adds text where a node begins. Marks are given in the order of the `MARK`s in the text. */
  open(at: number, text: string, ...marks: Mark[]): void {
    const insertion = toInsertion(text, marks)
    this.#source.appendRight(at, insertion.text)
    this.#at(at).after.push(insertion)
  }

  /** Adds text before all that is opened at the same place. */
  openFirst(at: number, text: string): void {
    this.#source.prependRight(at, text)
    this.#at(at).after.unshift(toInsertion(text, []))
  }

  /** Adds text where a node ends. */
  close(at: number, text: string, ...marks: Mark[]): void {
    const insertion = toInsertion(text, marks)
    this.#source.prependLeft(at, insertion.text)
    this.#at(at).before.unshift(insertion)
  }

  /** Replaces `[start, end)`, which no other edit may overlap. An empty range is left alone. */
  replace(start: number, end: number, text: string): void {
    if (start === end) return
    this.#source.update(start, end, text)
    this.#at(start).replaced = { end, length: text.length }
  }

  /** Adds text at the very end. */
  append(text: string): void {
    this.#text = undefined
    this.#source.append(text)
  }

  /** The result, once settled. */
  toString(): string {
    return (this.#text ??= this.#source.toString())
  }

  /** Where a character of the source is in the result, or the beginning of what replaced it. Once settled. */
  offsetOf(position: number): number {
    let low = 0
    let high = this.#shifts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#shifts[middle]?.at ?? 0) <= position) low = middle + 1
      else high = middle
    }
    const last = this.#shifts[low - 1]
    if (!last) return position
    return position + (last.at === position ? last.inside : last.after)
  }

  /** Fills in every mark. Call once, after the last edit. */
  settle(): void {
    let shift = 0
    const positions = [...this.#edits.keys()].toSorted((a, b) => a - b)
    for (const at of positions) {
      const edits = this.#edits.get(at)
      if (!edits) continue
      let offset = at + shift
      for (const { text, marks } of [...edits.before, ...edits.after]) {
        for (const [index, mark] of marks) mark.offset = offset + index
        offset += text.length
        shift += text.length
      }
      const inside = shift
      if (edits.replaced) shift += edits.replaced.length - (edits.replaced.end - at)
      this.#shifts.push({ at, inside, after: shift })
    }
  }

  generateMap(source: string): SourceMap {
    return this.#source.generateMap({ source, hires: 'boundary', includeContent: false })
  }

  #at(position: number): Edits {
    let edits = this.#edits.get(position)
    if (!edits) this.#edits.set(position, (edits = { before: [], after: [] }))
    return edits
  }
}

/** A range between two marks, known once the rewriter has settled. */
export class MarkedRange {
  readonly start: Mark = { offset: -1 }
  readonly end: Mark = { offset: -1 }

  toRange(): Range {
    return [this.start.offset, this.end.offset]
  }
}

function toInsertion(text: string, marks: readonly Mark[]): Insertion {
  const pieces = text.split(MARK)
  if (pieces.length - 1 !== marks.length) throw new Error(`${marks.length} marks given for ${pieces.length - 1} places`)
  let at = 0
  const placed: [number, Mark][] = []
  pieces.forEach((piece, index) => {
    at += piece.length
    const mark = marks[index]
    if (mark) placed.push([at, mark])
  })
  return { text: pieces.join(''), marks: placed }
}
