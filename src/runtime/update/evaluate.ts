import type { ClassRecord, ModuleId, Range } from '../../protocol/index.ts'
import { nextSourceUrl } from '../stack-trace.ts'
import type { Evaluate, HotModule } from '../module.ts'

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

/**
 * Evaluates the function that makes a class: in the scope of its private names, if this version has some. That scope is older than
 * variables that edits have declared, so these are reached through an object that reads and writes them where they are.
 */
export function evaluateClass(
  source: PatchSource,
  record: ClassRecord,
  module: Pick<HotModule, 'late' | 'record'>,
  evaluate: Evaluate,
  scope: Evaluate | undefined,
): unknown[] {
  if (!scope || record.privates.length === 0) return evaluatePieces(source, [record.code], evaluate)
  const uses = record.uses.filter(({ name }) => module.late.has(name))
  if (uses.length === 0) return evaluatePieces(source, [record.code], scope)
  const late = `${module.record.prefix}_late`
  let { code } = source
  for (const { name, at, as } of uses.toReversed()) {
    const text =
      as === 'call' ? `(0, ${late}.${name})` : as === 'shorthand' ? `${name}: ${late}.${name}` : `${late}.${name}`
    code = code.slice(0, at) + text + code.slice(at + name.length)
  }
  const range: Range = [record.code[0], record.code[1] + code.length - source.code.length]
  const names = [...new Set(uses.map(({ name }) => name))]
  const accessors = names.map((name) => `get ${name}() { return ${name} }, set ${name}(v) { ${name} = v }`)
  const variables = evaluate(`({ ${accessors.join(', ')} })`)
  const edited = { ...source, code }
  return evaluatePieces(edited, [range], (text) =>
    (scope(`(${late}) => ${text}`) as (variables: unknown) => unknown)(variables),
  )
}

/** The hot code pieces are taken from. */
export interface PatchSource {
  readonly id: ModuleId
  readonly code: string
  readonly map: string
}

/** One for each version of a module: to encode a map takes longer than to evaluate a function. */
const trailers = new WeakMap<PatchSource, string>()

/** A comment that names the piece to debuggers and gives them the source map. */
function trailerOf(source: PatchSource): string {
  const { id, map } = source
  const known = trailers.get(source)
  if (known !== undefined) return known
  const url = nextSourceUrl(id, map)
  const inline =
    map === '' ? '' : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
  const trailer = `\n//# sourceURL=${url}${inline}`
  trailers.set(source, trailer)
  return trailer
}

/** As many lines as the text has, and as many columns in the last one. */
function blank(text: string): string {
  let lines = 0
  let last = -1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines++
    last = at
  }
  return '\n'.repeat(lines) + ' '.repeat(text.length - last - 1)
}
