import { hash } from 'node:crypto'
import { type ReferenceMap, toRef } from './refs.ts'
import { isNode, type Node } from './syntax.ts'

/** Fields that say where or how something is written, not what it does. */
const NOT_MEANING = new Set(['start', 'end', 'type', 'raw', 'sourceFile', 'range', 'loc', 'directive'])

/**
 * A hash of what a piece of source means: white space, comments, quotes and position do not matter, and every name
 * counts as what it refers to, so that importing the same name from elsewhere gives another hash, and importing the
 * same under another name does not.
 * A node in `holes` counts as the text given for it.
 */
export function fingerprint(
  roots: readonly Node[],
  references: ReferenceMap,
  holes: ReadonlyMap<Node, string> = new Map(),
): string {
  const parts: string[] = []

  const visit = (node: Node): void => {
    const hole = holes.get(node)
    if (hole !== undefined) {
      parts.push('<', hole, '>')
      return
    }
    if (node.type === 'ObjectExpression' && isJsxSource(node)) return
    parts.push('(', node.type)
    const reference = node.type === 'Identifier' ? references.get(node) : undefined
    if (reference) {
      parts.push(reference.binding ? (toRef(reference) ?? ' local') : ' free')
      if (reference.usage === 'write' && reference.binding?.kind === 'const') parts.push(' constant')
      // What it is called here says nothing.
      if (reference.binding?.import) return void parts.push(')')
    }
    if (node.type === 'Literal') parts.push(' ', typeof node.value, '=', JSON.stringify(String(node.value)))
    if (node.type === 'Literal' && node.regex) parts.push(`/${node.regex.pattern}/${node.regex.flags}`)
    if (node.type === 'TemplateElement') parts.push(JSON.stringify(node.value.raw))
    for (const field of fieldsOf(node)) {
      const value: unknown = node[field]
      if (value === null || value === undefined || value === false) continue
      parts.push(' ', field, '=')
      if (Array.isArray(value)) {
        for (const item of value as (Node | null)[])
          if (item) visit(item)
          else parts.push('_')
      } else if (isNode(value)) visit(value)
      else if (typeof value !== 'object') parts.push(JSON.stringify(String(value)))
    }
    parts.push(')')
  }
  for (const root of roots) visit(root)
  return hash('sha1', parts.join(''), 'base64url').slice(0, 12)
}

/** Fields with a meaning, by type of node. Filled as types are met. */
const meaningfulFields = new Map<string, readonly (keyof Node)[]>()

function fieldsOf(node: Node): readonly (keyof Node)[] {
  let fields = meaningfulFields.get(node.type)
  if (!fields) {
    fields = (Object.keys(node) as (keyof Node)[]).filter(
      (field) => !NOT_MEANING.has(field) && !(node.type === 'Literal' && ['value', 'regex'].includes(field)),
    )
    meaningfulFields.set(node.type, fields)
  }
  return fields
}

/** `{ fileName: _jsxFileName, lineNumber: 3, columnNumber: 5 }`: where JSX stood, which moves with every line above. */
function isJsxSource(node: Node & { type: 'ObjectExpression' }): boolean {
  const first = node.properties[0]
  return first?.type === 'Property' && first.value.type === 'Identifier' && first.value.name === '_jsxFileName'
}
