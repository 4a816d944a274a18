import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { SourceMapInput } from '@jridgewell/remapping'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { stripVTControlCharacters } from 'node:util'
import type { UpdateFailure } from '../protocol/index.ts'

/** The place in a message of rolldown's, above the code. */
const DRAWN = /\[\s*([^[\]]+?):(\d+):(\d+)\s*\]/

/** What Vite's plugins throw: rolldown gives the place only in the message, others as fields. */
interface TransformError extends Error {
  readonly id?: string
  readonly loc?: { readonly file?: string; readonly line: number; readonly column: number }
}

/** A module that no engine would take. Its place is given in the code that Vite made of the source. */
export class SyntaxFailure extends Error {
  readonly failure: UpdateFailure

  constructor(
    { code, message, position }: { readonly code: string; readonly message: string; readonly position: number },
    file: string,
    upstream: SourceMapInput | undefined,
  ) {
    super(message)
    const before = code.slice(0, position).split('\n')
    const generated = { line: before.length, column: before.at(-1)?.length ?? 0 }
    const origin = upstream ? originalPositionFor(new TraceMap(upstream as never), generated) : generated
    this.failure = {
      code: 'transform_failed',
      message,
      location: { file, line: origin.line ?? generated.line, column: origin.column ?? generated.column },
      repair: 'Correct the syntax and save.',
    }
  }
}

/**
 * Describes why a file could not be transformed.
 *
 * @param saved the file that was to be transformed, where that is known
 */
export function toTransformFailure(thrown: unknown, root: string, saved?: string): UpdateFailure {
  if (thrown instanceof SyntaxFailure) return thrown.failure
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as TransformError
  const text = stripVTControlCharacters(error.message)
  const drawn = DRAWN.exec(text)
  // Vite 8 tells the place in JSON in words, and not in which file.
  const told = / at line (\d+) column (\d+)$/.exec(text)
  const said = /\[PARSE_ERROR\]\s*(.+)/.exec(text)?.[1]
  const message = said ?? text.split('\n').find((line, index) => index > 0 && line.trim() !== '') ?? text
  const file = typeof error.id === 'string' ? error.id.replace(/[?#].*$/, '') : (error.loc?.file ?? drawn?.[1] ?? saved)
  const location = drawn
    ? { line: Number(drawn[2]), column: Number(drawn[3]) - 1 }
    : told
      ? { line: Number(told[1]), column: Math.max(0, Number(told[2]) - 1) }
      : error.loc && { line: error.loc.line, column: error.loc.column }
  return {
    code: 'transform_failed',
    message: message.trim(),
    ...(file && location ? { location: { file: toFile(file, root), ...location } } : {}),
    repair: 'Correct the syntax and save.',
  }
}

/** Adds where in the source it happened: the import that failed, or the first frame of the stack in the user's code. */
export async function locate(failure: UpdateFailure): Promise<UpdateFailure> {
  if (failure.location) return failure
  const location =
    (failure.stack === undefined ? undefined : locateStack(failure.stack)) ??
    (failure.import && (await locateImport(failure.import.importer, failure.import.specifier))) ??
    // An import that no source has, as of a glob: what did not load may say where.
    locateDrawn(failure.message)
  return location ? { ...failure, location } : failure
}

async function locateImport(file: string, specifier: string): Promise<UpdateFailure['location']> {
  let source: string
  try {
    source = await readFile(file, 'utf8')
  } catch {
    return undefined
  }
  const at = ["'", '"', '`'].map((quote) => source.indexOf(quote + specifier + quote)).find((index) => index !== -1)
  if (at === undefined) return undefined
  const lines = source.slice(0, at).split('\n')
  return { file, line: lines.length, column: lines.at(-1)?.length ?? 0 }
}

function locateDrawn(message: string): UpdateFailure['location'] {
  const [, path, line, column] = DRAWN.exec(stripVTControlCharacters(message)) ?? []
  const file = path === undefined ? undefined : resolve(path)
  return file !== undefined && existsSync(file) ? { file, line: Number(line), column: Number(column) - 1 } : undefined
}

function locateStack(stack: string): UpdateFailure['location'] {
  for (const line of stack.split('\n')) {
    if (!line.trimStart().startsWith('at ') || line.includes('node_modules') || line.includes('node:')) continue
    const match = /(?:file:\/\/)?(\/[^()?]+?)(?:\?[^():]*)?:(\d+):(\d+)\)?$/.exec(line.trim())
    if (match?.[1]) return { file: match[1], line: Number(match[2]), column: Number(match[3]) - 1 }
  }
  return undefined
}

function toFile(file: string, root: string): string {
  return isAbsolute(file) && (file.startsWith(root) || !file.startsWith('/src')) && file !== '/' && file.includes(root)
    ? file
    : resolve(root, file.replace(/^\//, ''))
}
