import type { Program } from 'acorn'
import { NAMESPACE, type Range, type Ref, toImportRef } from '../../protocol/index.ts'
import { prefixFor } from './module.ts'
import { parseProgram, walk } from './syntax.ts'

/** What is known of a module that is left as it is: whom it imports. */
export interface OpaqueAnalysis {
  readonly code: string
  readonly program: Program
  readonly prefix: string
  /** Each import statement: its specifier, and its text from there on, which may have attributes. */
  readonly imports: readonly { readonly specifier: string; readonly tail: string; readonly names: readonly string[] }[]
  /** What it reads of other modules, when and wherever. */
  readonly reads: readonly Ref[]
  /** Expressions `import(…)`. */
  readonly dynamicImports: readonly Range[]
  /** There may be an `await` at its top level. */
  readonly isAsync: boolean
}

/** Reads off a module what can be known without taking it apart. Nothing for one that does not parse. */
export function analyzeOpaque(code: string): OpaqueAnalysis | undefined {
  let program: Program
  try {
    program = parseProgram(code)
  } catch {
    // Syntax that only others know: they may run it.
    return undefined
  }
  const imports: { specifier: string; tail: string; names: string[] }[] = []
  const reads = new Set<Ref>()
  for (const statement of program.body) {
    if (
      statement.type !== 'ImportDeclaration' &&
      statement.type !== 'ExportNamedDeclaration' &&
      statement.type !== 'ExportAllDeclaration'
    )
      continue
    if (!statement.source) continue
    const specifier = String(statement.source.value)
    const names = namesOf(statement)
    imports.push({
      specifier,
      tail: code.slice(statement.source.start, statement.end).replace(/;$/, ''),
      names: names.filter((name) => name !== NAMESPACE),
    })
    for (const name of names) reads.add(toImportRef(name, specifier))
  }
  const dynamicImports: Range[] = []
  walk(program, (node) => {
    if (node.type === 'ImportExpression') dynamicImports.push([node.start, node.end])
  })
  if (dynamicImports.length > 0) reads.add(toImportRef(NAMESPACE, NAMESPACE))
  return {
    code,
    program,
    prefix: prefixFor(program, code),
    imports,
    reads: [...reads],
    dynamicImports,
    isAsync: /\bawait\b/.test(code),
  }
}

/** Names a statement imports; `*` for all of them. */
function namesOf(statement: Extract<Program['body'][number], { source?: unknown }>): string[] {
  const nameOf = (node: { type: string; name?: string; value?: unknown }): string =>
    node.type === 'Identifier' ? String(node.name) : String(node.value)
  switch (statement.type) {
    case 'ExportAllDeclaration':
      return [NAMESPACE]
    case 'ExportNamedDeclaration':
      return statement.specifiers.map(({ local }) => nameOf(local))
    case 'ImportDeclaration':
      return statement.specifiers.map((item) => {
        if (item.type === 'ImportSpecifier') return nameOf(item.imported)
        return item.type === 'ImportDefaultSpecifier' ? 'default' : NAMESPACE
      })
    default:
      return statement satisfies never
  }
}
