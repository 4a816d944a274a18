import { type Comment, type Options, parse } from 'acorn'
import type {
  AnyNode,
  ArrowFunctionExpression,
  ClassDeclaration,
  ClassExpression,
  FunctionDeclaration,
  FunctionExpression,
  Program,
} from 'acorn'

export type Node = AnyNode
export type FunctionLiteral = FunctionExpression | ArrowFunctionExpression
export type AnyFunction = FunctionDeclaration | FunctionLiteral
export type AnyClass = ClassDeclaration | ClassExpression
export type { Program }

const OPTIONS: Options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }

/**
 * Parses plain ECMAScript, as Vite hands it over once types are gone.
 *
 * @returns the program, and the code with its comments blanked out, to look for tokens in
 * @throws SyntaxError with `pos` when the text is no module
 */
export function parseModule(code: string): { readonly program: Program; readonly bare: string } {
  const comments: Comment[] = []
  const program = parse(code, { ...OPTIONS, onComment: comments })
  let bare = code
  for (const { start, end } of comments) bare = bare.slice(0, start) + ' '.repeat(end - start) + bare.slice(end)
  return { program, bare }
}

/** The same without the comments. */
export function parseProgram(code: string): Program {
  return parse(code, OPTIONS)
}

export function isFunction(node: Node): node is AnyFunction {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  )
}

export function isClass(node: Node): node is AnyClass {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

/** Fields of nodes that never hold a node. */
const PLAIN_FIELDS = new Set(
  'type start end name raw operator kind computed static async generator delegate shorthand method prefix optional regex'
    .concat(' bigint sourceType directive tail phase')
    .split(' '),
)

/** Fields that may hold nodes, in source order, by type of node. Filled as types are met. */
const childFields = new Map<string, readonly (keyof Node)[]>()

/** Calls back for the children of a node, in source order of its fields. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  let fields = childFields.get(node.type)
  if (!fields) {
    fields = (Object.keys(node) as (keyof Node)[]).filter((field) => !PLAIN_FIELDS.has(field))
    childFields.set(node.type, fields)
  }
  for (const field of fields) {
    const value: unknown = node[field]
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item)
    } else if (isNode(value)) visit(value)
  }
}

/** Visits a node and all below it. The visitor answers `false` to stay out of a node. */
export function walk(node: Node, visit: (node: Node) => boolean | void): void {
  if (visit(node) === false) return
  forEachChild(node, (child) => walk(child, visit))
}

/** Number of parameters before the first default or rest: ECMAScript's ExpectedArgumentCount. */
export function arityOf(fn: AnyFunction): number {
  const index = fn.params.findIndex((param) => param.type === 'AssignmentPattern' || param.type === 'RestElement')
  return index === -1 ? fn.params.length : index
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
