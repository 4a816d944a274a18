import type { MethodDefinition, PropertyDefinition, StaticBlock } from 'acorn'
import { type CellRecord, PACKAGE_ENTRY, type PrivateRecord, toImportRef } from '../../protocol/index.ts'
import type { EffectReader } from './effects.ts'
import { fingerprint } from './fingerprint.ts'
import { type ReferenceMap, rootOf, toRef } from './refs.ts'
import { type AnyClass, arityOf, isClass, isFunction, type Node, walk } from './syntax.ts'

/** The key of the method that migrates instances. */
const MIGRATE = toImportRef('migrate', PACKAGE_ENTRY)

/** What becomes of one element of a class body. */
export type Member =
  | { readonly kind: 'constructor'; readonly node: MethodDefinition }
  | {
      readonly kind: 'method'
      readonly node: MethodDefinition
      readonly cell: CellRecord
      readonly computed: string | undefined
      /** `static [migrate]`, with the symbol of the package. */
      readonly isMigrate: boolean
    }
  /** `name = () => …` in an instance: the arrow is a cell, so that live instances follow. */
  | { readonly kind: 'arrow field'; readonly node: PropertyDefinition; readonly cell: CellRecord }
  | { readonly kind: 'field'; readonly node: PropertyDefinition }
  | { readonly kind: 'static field'; readonly node: PropertyDefinition; readonly hash: string }
  | { readonly kind: 'static block'; readonly node: StaticBlock; readonly hash: string; readonly index: number }

export type PrivateName = Pick<PrivateRecord, 'name' | 'isStatic' | 'shape'>

export interface ClassAnalysis {
  readonly node: AnyClass
  /** The key of the class and of its constructor cell. */
  readonly key: string
  /** The name the class has; empty for none. */
  readonly name: string
  readonly members: readonly Member[]
  readonly constructorCell: CellRecord
  readonly privates: readonly PrivateName[]
  /** Hash of the heritage expression. */
  readonly heritage: string
  /** Names of instance fields: declared, or assigned to by the constructor. */
  readonly fields: readonly string[]
  /** Hash of the static blocks; empty if there are none. */
  readonly blocks: string
}

/** Takes a class apart: what is patched where it stands, and what is part of starting up. */
export function analyzeClass(node: AnyClass, key: string, name: string, reader: EffectReader): ClassAnalysis {
  const { references } = reader
  const members: Member[] = []
  const constructorParts: Node[] = []
  const constructorHoles = new Map<Node, string>()
  const used = new Set<string>()
  let blocks = 0
  let computedKeys = 0

  const toCell = (
    label: string,
    root: Node,
    of: MethodDefinition | PropertyDefinition,
    cellName: string,
  ): CellRecord => {
    let cellKey = `${key}.${cellName}`
    while (used.has(cellKey)) cellKey += '~'
    used.add(cellKey)
    const fn = isFunction(root) ? root : undefined
    return {
      key: cellKey,
      hash: fingerprint([root], references),
      label,
      arity: fn ? arityOf(fn) : 0,
      ...(of.computed ? {} : { member: { name: plainKey(of.key), isStatic: of.static } }),
      ...reader.read(cellKey, [root]),
    }
  }

  for (const element of node.body.body) {
    if (element.type === 'StaticBlock') {
      members.push({ kind: 'static block', node: element, hash: fingerprint([element], references), index: blocks++ })
      continue
    }
    if (element.type === 'MethodDefinition') {
      if (element.kind === 'constructor') {
        members.push({ kind: 'constructor', node: element })
        constructorParts.push(element.value)
        continue
      }
      const computed = element.computed ? `k${computedKeys++}` : undefined
      const accessor = element.kind === 'method' ? '' : `${element.kind} `
      const cellName = `${element.static ? 'static ' : ''}${accessor}${computed ? `[${fingerprint([element.key], references)}]` : plainKey(element.key)}`
      const shown = `${name || 'class'}.${computed ? '[…]' : plainKey(element.key)}${accessor ? '' : '()'}`
      const cell = toCell(shown, element.value, element, cellName)
      const isMigrate = isMigrateMethod(element, references)
      members.push({ kind: 'method', node: element, cell, computed, isMigrate })
      continue
    }
    if (element.static) {
      members.push({ kind: 'static field', node: element, hash: fingerprint([element], references) })
      continue
    }
    constructorParts.push(element)
    if (element.value?.type === 'ArrowFunctionExpression' && !element.computed) {
      const shown = `${name || 'class'}.${plainKey(element.key)}()`
      const cell = toCell(shown, element.value, element, `= ${plainKey(element.key)}`)
      constructorHoles.set(element.value, `arrow ${cell.arity}`)
      members.push({ kind: 'arrow field', node: element, cell })
    } else members.push({ kind: 'field', node: element })
  }

  const constructor = constructorParts.find((part) => isFunction(part))
  const constructorCell: CellRecord = {
    key: `${key}.constructor`,
    hash: fingerprint(constructorParts, references, constructorHoles),
    label: `new ${name || 'class'}()`,
    arity: constructor && isFunction(constructor) ? arityOf(constructor) : 0,
    ...reader.read(`${key}.constructor`, constructorParts, new Set(constructorHoles.keys())),
  }
  return {
    node,
    key,
    name,
    members,
    constructorCell,
    privates: privatesOf(members),
    fields: fieldsOf(members),
    heritage: node.superClass ? fingerprint([node.superClass], references) : '',
    blocks:
      blocks === 0
        ? ''
        : fingerprint(
            members.flatMap((member) => (member.kind === 'static block' ? [member.node] : [])),
            references,
          ),
  }
}

/** The nodes of a class that only run later: its members' functions, its constructor and its instance fields. */
export function laterPartsOf(analysis: ClassAnalysis): Node[] {
  return analysis.members.flatMap((member): Node[] => {
    switch (member.kind) {
      case 'constructor':
      case 'method':
        return [member.node.value]
      case 'arrow field':
      case 'field':
        return member.node.computed || !member.node.value
          ? member.node.value
            ? [member.node.value]
            : []
          : [member.node.value]
      default:
        return []
    }
  })
}

function isMigrateMethod(
  { key, kind, computed, static: isStatic }: MethodDefinition,
  references: ReferenceMap,
): boolean {
  if (!computed || !isStatic || kind !== 'method') return false
  const root = rootOf(key, references)
  const reference = root && references.get(root)
  return reference !== undefined && toRef(reference) === MIGRATE
}

/**
 * What of a class counts as its start-up text: heritage, statics, computed keys. Members may come and go, `[migrate]`
 * included.
 */
export function startUpHash(analysis: ClassAnalysis, references: ReferenceMap): string {
  const parts: Node[] = []
  if (analysis.node.superClass) parts.push(analysis.node.superClass)
  for (const member of analysis.members) {
    if (member.kind === 'static field' || member.kind === 'static block') parts.push(member.node)
    else if (member.node.computed && !(member.kind === 'method' && member.isMigrate)) parts.push(member.node.key)
  }
  return fingerprint(parts, references)
}

export function plainKey(key: Node): string {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Identifier') return key.name
  return String((key as { value?: unknown }).value)
}

function privatesOf(members: readonly Member[]): PrivateName[] {
  const byName = new Map<string, { isStatic: boolean; kinds: Set<string> }>()
  for (const member of members) {
    if (member.kind === 'static block' || member.node.key.type !== 'PrivateIdentifier') continue
    const name = plainKey(member.node.key)
    const known = byName.get(name) ?? { isStatic: member.node.static, kinds: new Set<string>() }
    known.kinds.add(member.kind === 'method' ? member.node.kind : 'field')
    byName.set(name, known)
  }
  return [...byName].map(([name, { isStatic, kinds }]): PrivateName => {
    const shape = kinds.has('get') && kinds.has('set') ? 'get set' : ([...kinds][0] as PrivateName['shape'])
    return { name, isStatic, shape }
  })
}

/** What the constructor assigns to through an accessor of the class is no field. */
function fieldsOf(members: readonly Member[]): string[] {
  const names = new Set<string>()
  const accessors = new Set<string>()
  for (const member of members) {
    if (member.kind === 'method' && member.node.kind !== 'method') accessors.add(plainKey(member.node.key))
    if ((member.kind === 'field' || member.kind === 'arrow field') && !member.node.computed)
      names.add(plainKey(member.node.key))
    if (member.kind !== 'constructor') continue
    walk(member.node.value.body, (node) => {
      if (isClass(node) || (isFunction(node) && node.type !== 'ArrowFunctionExpression')) return false
      if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return undefined
      if (node.left.object.type === 'ThisExpression' && !node.left.computed) names.add(plainKey(node.left.property))
      return undefined
    })
  }
  return [...names].filter((name) => !accessors.has(name))
}

/** Every `this` of a static initialiser or static block that means the class. */
export function thisOf(root: Node): Node[] {
  const found: Node[] = []
  walk(root, (node) => {
    if (isClass(node) || (isFunction(node) && node.type !== 'ArrowFunctionExpression')) return false
    if (node.type === 'ThisExpression') found.push(node)
    return undefined
  })
  return found
}
