import { NAMESPACE, type Ref, toImportRef } from '../../protocol/index.ts'
import type { Names, Reference } from './names.ts'
import type { Node } from './syntax.ts'

/** The references of a module, found by their identifier. */
export type ReferenceMap = ReadonlyMap<Node, Reference>

export function toReferenceMap(names: Names): ReferenceMap {
  return new Map(names.references.map((reference) => [reference.node, reference]))
}

/** What a use refers to outside the piece of source it stands in: an own binding of the module, or an import. */
export function toRef(reference: Reference): Ref | undefined {
  const { binding } = reference
  if (!binding || binding.scope.node.type !== 'Program') return undefined
  if (!binding.import) return binding.name
  const { name, specifier } = binding.import
  if (name === NAMESPACE && reference.property) return toImportRef(reference.property, specifier)
  return toImportRef(name, specifier)
}

/** Whether an expression names a binding and nothing of its value: `app`, or `routes.app` of a namespace `routes`. */
export function isName(node: Node, references: ReferenceMap): boolean {
  if (node.type !== 'MemberExpression') return node.type === 'Identifier'
  const reference = references.get(node.object)
  return reference?.property !== undefined && reference.binding?.import?.name === NAMESPACE
}

/** The identifier at the root of `a.b().c`: whatever a member call or an assignment there may change. */
export function rootOf(node: Node, references: ReferenceMap): Node | undefined {
  switch (node.type) {
    case 'Identifier':
      return node
    case 'MemberExpression':
      return rootOf(node.object, references)
    case 'ChainExpression':
      return rootOf(node.expression, references)
    case 'AwaitExpression':
      return rootOf(node.argument, references)
    case 'CallExpression':
      // `create().use()` changes what `create` returned, not `create`.
      return isName(node.callee, references) ? undefined : rootOf(node.callee, references)
    default:
      return undefined
  }
}
