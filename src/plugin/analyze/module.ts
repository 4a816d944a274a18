import type { ExportNamedDeclaration, ImportDeclaration, ModuleDeclaration, Program, Statement } from 'acorn'
import { type Ref, toImportRef } from '../../protocol/index.ts'
import { EffectReader } from './effects.ts'
import { type Names, resolveNames } from './names.ts'
import { namesOfPattern } from './scopes.ts'
import { type ReferenceMap, toReferenceMap } from './refs.ts'
import { type Node, parseModule, walk } from './syntax.ts'
import { type Unit, UnitReader } from './units.ts'

/** A module as its source has it: everything the rewriting needs to know. */
export interface ModuleAnalysis {
  readonly code: string
  /** The code with its comments blanked out. */
  readonly bare: string
  readonly program: Program
  readonly names: Names
  readonly references: ReferenceMap
  /** Prefix of every name the hot code adds; occurs nowhere in `code`. */
  readonly prefix: string
  readonly imports: readonly ImportDeclaration[]
  /** Names imported of each specifier, in order of first appearance, re-exports included. */
  readonly importedNames: ReadonlyMap<string, ReadonlySet<string>>
  readonly exports: Readonly<Record<string, Ref>>
  readonly stars: readonly string[]
  readonly units: readonly Unit[]
  /** Functions inside a unit or cell that note when they run, by its key. */
  readonly innerFunctions: ReadonlyMap<string, readonly Node[]>
}

export type Analysis =
  | { readonly kind: 'module'; readonly module: ModuleAnalysis }
  | { readonly kind: 'opaque'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly message: string; readonly position: number }

/**
 * Takes a module apart into units, cells and what they read.
 * A module it cannot take apart is opaque: it still runs, and a change to it restarts all modules in the process.
 */
export function analyzeModule(code: string): Analysis {
  let parsed: ReturnType<typeof parseModule>
  try {
    parsed = parseModule(code)
  } catch (error) {
    const { message, pos } = error as SyntaxError & { readonly pos?: number }
    return { kind: 'invalid', message: message.replace(/ \(\d+:\d+\)$/, ''), position: pos ?? 0 }
  }
  const { program, bare } = parsed
  for (const statement of program.body)
    if (statement.type === 'VariableDeclaration' && statement.kind.includes('using'))
      return { kind: 'opaque', reason: 'it has a top-level `using` declaration' }

  const prefix = prefixFor(program, code)
  const names = resolveNames(program)
  if (isCommonJs(program, names)) return { kind: 'opaque', reason: 'it is CommonJS' }
  const references = toReferenceMap(names)
  const effects = new EffectReader(references)
  const reader = new UnitReader(code, effects, `${prefix}_default`)
  const imports: ImportDeclaration[] = []
  const importedNames = new Map<string, Set<string>>()
  const exports: Record<string, Ref> = Object.create(null) as Record<string, Ref>
  const stars: string[] = []
  const units: Unit[] = []

  const importedOf = (specifier: string): Set<string> => {
    const known = importedNames.get(specifier) ?? new Set<string>()
    importedNames.set(specifier, known)
    return known
  }
  const own = (name: string): Ref => {
    const binding = names.module.bindings.get(name)
    return binding?.import ? toImportRef(binding.import.name, binding.import.specifier) : name
  }
  const exportNamed = (statement: ExportNamedDeclaration): void => {
    for (const item of statement.specifiers) {
      const local = item.local.type === 'Identifier' ? item.local.name : String(item.local.value)
      const exported = item.exported.type === 'Identifier' ? item.exported.name : String(item.exported.value)
      if (statement.source) {
        const specifier = String(statement.source.value)
        importedOf(specifier).add(local)
        exports[exported] = toImportRef(local, specifier)
      } else exports[exported] = own(local)
    }
  }
  const read = (statement: Statement | ModuleDeclaration): void => {
    switch (statement.type) {
      case 'ImportDeclaration': {
        imports.push(statement)
        importedOf(String(statement.source.value))
        return
      }
      case 'ExportAllDeclaration': {
        const specifier = String(statement.source.value)
        importedOf(specifier)
        if (!statement.exported) stars.push(specifier)
        else {
          const name =
            statement.exported.type === 'Identifier' ? statement.exported.name : String(statement.exported.value)
          exports[name] = toImportRef('*', specifier)
        }
        return
      }
      case 'ExportNamedDeclaration':
        if (!statement.declaration) return exportNamed(statement)
        if (statement.declaration.type === 'VariableDeclaration') {
          for (const one of statement.declaration.declarations)
            for (const name of namesOfPattern(one.id)) exports[name] = name
        } else if (statement.declaration.id) exports[statement.declaration.id.name] = statement.declaration.id.name
        return read(statement.declaration as Statement)
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement
        const unit =
          declaration.type === 'FunctionDeclaration'
            ? reader.function(declaration as Parameters<UnitReader['function']>[0])
            : declaration.type === 'ClassDeclaration'
              ? reader.class(declaration as Parameters<UnitReader['class']>[0])
              : reader.defaultExpression(statement, declaration)
        units.push(unit)
        exports.default = unit.facts.names[0] ?? `${prefix}_default`
        return
      }
      case 'FunctionDeclaration':
        units.push(reader.function(statement))
        return
      case 'ClassDeclaration':
        units.push(reader.class(statement))
        return
      case 'VariableDeclaration':
        for (const one of statement.declarations) units.push(reader.declarator(statement, one))
        return
      case 'EmptyStatement':
        return
      case 'ExpressionStatement':
        if (statement.directive) return
    }
    units.push(reader.effect(statement))
  }
  for (const statement of program.body) read(statement)

  for (const { binding } of names.references)
    if (binding?.import && binding.import.name !== '*') importedOf(binding.import.specifier).add(binding.import.name)
  return {
    kind: 'module',
    module: {
      code,
      bare,
      program,
      names,
      references,
      prefix,
      imports,
      importedNames,
      exports,
      stars,
      units,
      innerFunctions: effects.innerFunctions,
    },
  }
}

/** Whether it exports as CommonJS modules do, which vite-node knows: what they export is only known when they have run. */
function isCommonJs(program: Program, names: Names): boolean {
  if (program.body.some(({ type }) => type.startsWith('Import') || type.startsWith('Export'))) return false
  return names.references.some(
    ({ binding, node, property }) =>
      !binding && (node.name === 'exports' || (node.name === 'module' && property === 'exports')),
  )
}

/** The first of `$hot`, `$hot1`, `$hot2` … with which no name of the code begins. */
export function prefixFor(program: Program, code: string): string {
  // An identifier may be written with escapes.
  if (!code.includes('$hot') && !code.includes('\\u')) return '$hot'
  const taken = new Set<string>()
  walk(program, (node) => {
    if ((node.type === 'Identifier' || node.type === 'PrivateIdentifier') && node.name.startsWith('$hot'))
      taken.add(/^\$hot\d*/.exec(node.name)?.[0] ?? '')
  })
  for (let n = 0; ; n++) {
    const prefix = n === 0 ? '$hot' : `$hot${n}`
    if (!taken.has(prefix)) return prefix
  }
}
