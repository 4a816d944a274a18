import type { ImportDeclaration, Program } from 'acorn'
import { forEachChild, isClass, isFunction, type Node } from './syntax.ts'

/** What a name stands for. A name without a binding is free: a global, or nothing at all. */
export interface Binding {
  readonly name: string
  readonly kind: 'import' | 'const' | 'let' | 'var' | 'function' | 'class' | 'parameter' | 'self'
  readonly scope: Scope
  /** What a variable is declared with, or that it is one of what a loop goes through. */
  readonly origin?: Node | 'loop' | undefined
  /** Imports: where from, and the name there (`*` for the namespace). */
  readonly import?: { readonly specifier: string; readonly name: string }
}

export interface Scope {
  readonly parent: Scope | undefined
  /** The syntax that opens the scope; the program for the module's own. */
  readonly node: Node
  readonly bindings: Map<string, Binding>
}

/** Opens a scope for a list of statements. */
export function openScope(node: Node, parent: Scope, body: readonly Node[]): Scope {
  const scope: Scope = { parent, node, bindings: new Map() }
  declareLexical(body, scope)
  return scope
}

function declare(name: string, kind: Binding['kind'], scope: Scope, origin?: Binding['origin']): void {
  if (!scope.bindings.has(name)) scope.bindings.set(name, { name, kind, scope, origin })
}

/** Declares what import statements bind: they hoist above all else. */
export function declareImports(program: Program, scope: Scope): void {
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue
    const specifier = String(statement.source.value)
    for (const item of statement.specifiers) {
      const local = item.local.name
      scope.bindings.set(local, { name: local, kind: 'import', scope, import: { specifier, name: importedName(item) } })
    }
  }
}

function importedName(item: ImportDeclaration['specifiers'][number]): string {
  if (item.type === 'ImportNamespaceSpecifier') return '*'
  if (item.type === 'ImportDefaultSpecifier') return 'default'
  return item.imported.type === 'Identifier' ? item.imported.name : String(item.imported.value)
}

/** Declares `let`, `const`, classes and functions of a list of statements. */
export function declareLexical(body: readonly Node[], scope: Scope): void {
  for (const item of body) {
    const statement =
      (item.type === 'ExportNamedDeclaration' || item.type === 'ExportDefaultDeclaration') && item.declaration
        ? item.declaration
        : item
    if (statement.type === 'FunctionDeclaration' && statement.id) declare(statement.id.name, 'function', scope)
    else if (statement.type === 'ClassDeclaration' && statement.id) declare(statement.id.name, 'class', scope)
    else if (statement.type === 'VariableDeclaration' && statement.kind !== 'var')
      for (const one of statement.declarations)
        declarePattern(one.id, statement.kind === 'const' ? 'const' : 'let', scope, one.init ?? undefined)
  }
}

/** Declares the `var`s at any depth below a node, functions excluded. */
export function declareVars(node: Node, scope: Scope): void {
  forEachChild(node, (child) => {
    // An expression has no statements in it but those of functions and classes.
    if (isFunction(child) || isClass(child) || child.type === 'StaticBlock' || isPlainExpression(child)) return
    if (child.type === 'VariableDeclaration' && child.kind === 'var')
      for (const one of child.declarations) declarePattern(one.id, 'var', scope)
    declareVars(child, scope)
  })
}

function isPlainExpression({ type }: Node): boolean {
  return type.endsWith('Expression') || type === 'Identifier' || type === 'Literal' || type === 'ExpressionStatement'
}

/** Declares every name of a pattern. */
export function declarePattern(pattern: Node, kind: Binding['kind'], scope: Scope, origin?: Binding['origin']): void {
  for (const name of namesOfPattern(pattern)) declare(name, kind, scope, origin)
}

/** The names a binding pattern declares (ECMAScript, BoundNames). */
export function namesOfPattern(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap((item) => namesOfPattern(item.type === 'RestElement' ? item : item.value))
    case 'ArrayPattern':
      return pattern.elements.flatMap((item) => (item ? namesOfPattern(item) : []))
    case 'AssignmentPattern':
      return namesOfPattern(pattern.left)
    case 'RestElement':
      return namesOfPattern(pattern.argument)
    default:
      return []
  }
}
