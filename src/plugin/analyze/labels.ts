import type { CallExpression } from 'acorn'
import type { ReferenceMap } from './refs.ts'
import { isFunction, type Node } from './syntax.ts'

/** Helpers that TypeScript's legacy decorators are lowered to: they change the class they are given. */
const DECORATOR_HELPER = /@oxc-project\/runtime\/helpers\/decorate/

/** Whether a call is what a decorator was lowered to. */
export function isDecoration(call: Node, references: ReferenceMap): call is CallExpression {
  if (call.type !== 'CallExpression') return false
  const helper = references.get(call.callee)?.binding?.import?.specifier
  return helper !== undefined && DECORATOR_HELPER.test(helper)
}

/** `app.get('/todos')`, `decorators of Todos.add`: enough of an effect for a person to know it by. */
export function labelOf(effect: Node, code: string, references: ReferenceMap): string {
  const toText = (node: Node): string => code.slice(node.start, node.end).replace(/\s+/g, ' ')
  let at: Node = effect
  if (at.type === 'ExpressionStatement') at = at.expression
  while (at.type === 'AwaitExpression' || (at.type === 'UnaryExpression' && at.operator === 'void')) at = at.argument
  const made = at.type === 'AssignmentExpression' ? at.right : at
  if (isDecoration(made, references)) return `decorators of ${toDecorated(made, toText)}`
  if (at.type === 'CallExpression' && at.callee.end - at.callee.start <= 60 && !isFunction(at.callee)) {
    const callee = toText(at.callee)
    const first = at.arguments[0]
    const hint = first?.type === 'Literal' || first?.type === 'Identifier' ? toText(first) : ''
    return `${callee}(${hint})`
  }
  if (at.type === 'AssignmentExpression') return `${toText(at.left)} = …`
  const text = toText(at).replace(/;$/, '')
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

/** Of `decorate([…], Todos.prototype, "add", null)`, `Todos.add`. */
function toDecorated({ arguments: [, target, key] }: CallExpression, toText: (node: Node) => string): string {
  const owner = target ? toText(target).replace(/\.prototype$/, '') : 'a class'
  return key?.type === 'Literal' ? `${owner}.${String(key.value)}` : owner
}
