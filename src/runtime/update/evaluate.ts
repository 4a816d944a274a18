import type { ModuleId, Range } from '../../protocol/index.ts'
import { nextSourceUrl } from '../stack-trace.ts'
import type { Evaluate } from '../module.ts'

/**
 * Evaluates pieces of a module's hot code and returns their values in order.
 *
 * What is evaluated is the hot code with everything else blanked out: every piece stays at its line and column, so the
 * source map of the whole serves for it. Pieces are expressions, and between any two there is room for a comma.
 *
 * @throws whatever the pieces throw; a SyntaxError if one does not compile where it is evaluated
 */
export function evaluatePieces(source: PatchSource, pieces: readonly Range[], evaluate: Evaluate): unknown[] {
  if (pieces.length === 0) return []
  const ordered = pieces.map((range, index) => ({ range, index })).toSorted((a, b) => a.range[0] - b.range[0])
  let text = ''
  let at = 0
  ordered.forEach(({ range }, position) => {
    text += blank(source.code.slice(at, range[0] - 1)) + (position === 0 ? '[' : ',') + source.code.slice(...range)
    at = range[1]
  })
  const values = evaluate(`${text}]${trailerOf(source)}`) as unknown[]
  const result: unknown[] = []
  ordered.forEach(({ index }, position) => (result[index] = values[position]))
  return result
}

/** The hot code pieces are taken from. */
export interface PatchSource {
  readonly id: ModuleId
  readonly code: string
  readonly map: string
}

/** A comment that names the piece to debuggers and gives them the source map. */
function trailerOf({ id, map }: PatchSource): string {
  const url = nextSourceUrl(id, map)
  const inline = map === '' ? '' : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
  return `\n//# sourceURL=${url}${inline}`
}

function blank(text: string): string {
  return text.replace(/[^\n]+/g, (line) => ' '.repeat(line.length))
}
