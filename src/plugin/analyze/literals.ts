import type { Property } from 'acorn'
import type { ReferenceMap } from './refs.ts'
import { type FunctionLiteral, isClass, isFunction, type Node, walk } from './syntax.ts'

/** A function written directly in a unit, so that it closes over nothing but the module. */
export interface Literal {
  readonly node: FunctionLiteral
  /** Where it stands in the unit: `.list`, `[0]`, `/2`. Empty if it is the whole of it. */
  readonly path: string
  /** The name the language gives it (ECMAScript, NamedEvaluation). */
  readonly name: string
  /** For `{ list() {} }` and `{ get size() {} }`: the property whose value it is. */
  readonly method: Property | undefined
}

/**
 * Finds the function literals of a unit that can be cells. One in a loop is made many times, and one that uses a
 * variable of the unit (not of the module) cannot be made again from outside: both stay part of the unit's text.
 */
export function findLiterals(root: Node, name: string, references: ReferenceMap): Literal[] {
  const found: Literal[] = []
  let ordinal = 0

  const visit = (node: Node, path: string | undefined, named: string, method?: Property): void => {
    if (isClass(node)) return
    if (isFunction(node)) {
      if (node.type === 'FunctionDeclaration') return
      const at = path ?? `/${ordinal++}`
      const literal: Literal = {
        node,
        path: at,
        name: node.type === 'FunctionExpression' && node.id ? node.id.name : named,
        method,
      }
      if (closesOverModuleOnly(node, references) && !usesSuper(node)) found.push(literal)
      return
    }
    switch (node.type) {
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return
      case 'ObjectExpression':
        for (const property of node.properties) {
          if (property.type === 'SpreadElement') visit(property, undefined, '')
          else if (property.computed) {
            visit(property.key, undefined, '')
            if (property.kind === 'init' && !property.method && !isFunction(property.value))
              visit(property.value, undefined, '')
          } else {
            const key =
              property.key.type === 'Identifier'
                ? property.key.name
                : String((property.key as { value?: unknown }).value)
            if (key === '__proto__') continue
            const isMethod = property.method || property.kind !== 'init'
            const step = property.kind === 'init' ? `.${key}` : `.${property.kind} ${key}`
            visit(property.value, path === undefined ? undefined : path + step, key, isMethod ? property : undefined)
          }
        }
        return
      case 'ArrayExpression':
        node.elements.forEach((item, index) => {
          if (item) visit(item, path === undefined ? undefined : `${path}[${index}]`, '')
        })
        return
      case 'AssignmentExpression':
        visit(node.left, undefined, '')
        visit(node.right, undefined, node.left.type === 'Identifier' ? node.left.name : '')
        return
      case 'VariableDeclarator':
        if (node.init) visit(node.init, path, node.id.type === 'Identifier' ? node.id.name : '')
        return
      default:
        for (const key in node) {
          const value: unknown = node[key as keyof Node]
          for (const item of Array.isArray(value) ? value : [value])
            if (item && typeof item === 'object' && typeof (item as Node).type === 'string')
              visit(item as Node, undefined, '')
        }
    }
  }
  visit(root, '', name)
  return found
}

function closesOverModuleOnly(fn: Node, references: ReferenceMap): boolean {
  let isClosed = true
  walk(fn, (node) => {
    const scope = references.get(node)?.binding?.scope.node
    if (scope && scope.type !== 'Program' && !(scope.start >= fn.start && scope.end <= fn.end)) isClosed = false
  })
  return isClosed
}

function usesSuper(fn: Node): boolean {
  let isUsed = false
  walk(fn, (node) => {
    if (isClass(node)) return false
    if (node.type === 'Super') isUsed = true
    return undefined
  })
  return isUsed
}
