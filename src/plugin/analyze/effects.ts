import type { CallExpression, NewExpression } from 'acorn'
import {
  DYNAMIC_CALLEE,
  type Effects,
  NAMESPACE,
  type NestedEffects,
  type Ref,
  toImportRef,
  UNKNOWN_CALLEE,
} from '../../protocol/index.ts'
import { isDecoration } from './labels.ts'
import { isName, type ReferenceMap, rootOf, toRef } from './refs.ts'
import { forEachChild, isClass, isFunction, type Node, walk } from './syntax.ts'

/**
 * Methods that leave their receiver as it was wherever they are found in the language. Only for calls whose result is
 * used: a call that is a statement is there for what it changes, so `app.get('/', …)` touches `app`.
 */
const NON_MUTATING = new Set(
  (
    'get has keys values entries map filter find findIndex findLast findLastIndex some every reduce reduceRight slice ' +
    'concat join includes indexOf lastIndexOf at flat flatMap forEach toSorted toReversed toSpliced with toString ' +
    'toJSON valueOf toFixed toPrecision toLocaleString trim trimStart trimEnd split replace replaceAll match matchAll ' +
    'test search startsWith endsWith padStart padEnd toUpperCase toLowerCase charAt charCodeAt codePointAt substring ' +
    'repeat normalize localeCompare getTime toISOString hasOwnProperty then catch finally bind call apply listenerCount'
  ).split(' '),
)

/** Functions of the language that change their first argument. */
const MUTATES_ARGUMENT = /^(Object\.(assign|define|set|freeze|seal|prevent)|Reflect\.(set|define|delete|decorate))/

/** Reads off pieces of a module's source which bindings of the module they use, and which they may change. */
export class EffectReader {
  readonly references: ReferenceMap
  /** Functions inside each piece that do something of their own, in the order of its `inner` effects. */
  readonly innerFunctions: Map<string, readonly Node[]> = new Map()

  constructor(references: ReferenceMap) {
    this.references = references
  }

  /** Does not look inside `excluded` nodes: they are pieces of their own. */
  read(key: string, roots: readonly Node[], excluded: ReadonlySet<Node> = new Set()): NestedEffects {
    const { references } = this
    const inner: Effects[] = []
    const nodes: Node[] = []
    for (const root of roots)
      walk(root, (node) => {
        if (excluded.has(node)) return false
        if (!isFunction(node) || roots.includes(node)) return undefined
        const effects = ownEffectsOf([...node.params, node.body], excluded, references)
        if (effects.reads.length + effects.touches.length > 0) {
          inner.push(effects)
          nodes.push(node)
        }
        return undefined
      })
    if (nodes.length > 0) this.innerFunctions.set(key, nodes)
    return { ...ownEffectsOf(roots, excluded, references), inner }
  }
}

/** Without what functions inside do. */
function ownEffectsOf(roots: readonly Node[], excluded: ReadonlySet<Node>, references: ReferenceMap): Effects {
  const reads = new Set<Ref>()
  const touches = new Set<Ref>()
  const passes = new Map<string, readonly [Ref, Ref, ...string[]]>()
  const calls = new Set<Ref>()

  const refOf = (node: Node | undefined): Ref | undefined => {
    const reference = node && references.get(node)
    return reference && toRef(reference)
  }
  /** In the body of a class of the module, its name: `Item.made++` changes a static of it. */
  const toClassAround = (node: Node | undefined): Ref | undefined => {
    const binding = node && references.get(node)?.binding
    if (binding?.kind !== 'self' || !isClass(binding.scope.node)) return undefined
    const { parent } = binding.scope
    return parent?.node.type === 'Program' && parent.bindings.has(binding.name) ? binding.name : undefined
  }
  /** A local variable stands for what it was made of: `const { router } = app; router.get(…)` touches `app`. */
  const touch = (node: Node | undefined, through: ReadonlySet<Node> = new Set()): void => {
    const root = node && rootOf(node, references)
    const ref = refOf(root) ?? (node?.type === 'MemberExpression' ? toClassAround(root) : undefined)
    if (ref !== undefined) touches.add(ref)
    const origin = ref === undefined && root ? references.get(root)?.binding?.origin : undefined
    if (origin && origin !== 'loop' && isPlainPart(origin) && !through.has(origin))
      touch(origin, new Set([...through, origin]))
  }

  /**
   * Whose code a local variable stands for. A function in it may be anybody's, and so may one of those a loop goes
   * through. A method of a parameter is taken for a library's (`app.use(router)`), as is one of what a call returned.
   */
  const toLocalCallee = (callee: Node): Ref | undefined => {
    const root = rootOf(callee, references)
    const binding = root && references.get(root)?.binding
    if (!binding) return undefined
    const { origin } = binding
    if (callee.type === 'Identifier' || origin === 'loop') return UNKNOWN_CALLEE
    const made = origin?.type === 'AwaitExpression' ? origin.argument : origin
    if (made?.type === 'ImportExpression') return UNKNOWN_CALLEE
    return made?.type === 'NewExpression' ? refOf(rootOf(made.callee, references)) : undefined
  }

  const visitCall = (node: CallExpression | NewExpression, isStatement: boolean): void => {
    const { callee } = node
    const name = dottedName(callee)
    if (isBoundToItsOwner(node)) return
    if (callee.type === 'MemberExpression' && node.type === 'CallExpression' && !isName(callee, references)) {
      const method = callee.property.type === 'Identifier' && !callee.computed ? callee.property.name : ''
      const isRead = NON_MUTATING.has(method) && !(method === 'get' && node.arguments.length > 1)
      if (isStatement || !isRead) touch(callee.object)
      if (MUTATES_ARGUMENT.test(name) && node.arguments[0]) touch(node.arguments[0])
    }
    if (isDecoration(node, references)) for (const argument of node.arguments) touch(argument)
    // `register('/a')(app)`: what a function of the user's returned is the user's.
    const called = callee.type === 'CallExpression' ? callee.callee : callee
    const root = rootOf(called, references)
    // A global is the language's.
    if (root && !references.get(root)?.binding) return
    const calleeRef = refOf(root) ?? toLocalCallee(called) ?? DYNAMIC_CALLEE
    if (calleeRef !== UNKNOWN_CALLEE && calleeRef !== DYNAMIC_CALLEE && isName(callee, references)) calls.add(calleeRef)
    for (const argument of node.arguments.flatMap(namedArguments)) {
      const ref = refOf(rootOf(argument, references))
      const path = pathOf(argument, references)
      if (ref === undefined || !path) continue
      passes.set(`${calleeRef} ${ref} ${path.join('.')}`, [calleeRef, ref, ...path])
    }
  }

  const visit = (node: Node, isStatement: boolean): void => {
    if (excluded.has(node) || (isFunction(node) && !roots.includes(node))) return
    switch (node.type) {
      case 'Identifier': {
        const reference = references.get(node)
        const ref = reference && toRef(reference)
        if (ref === undefined) return
        reads.add(ref)
        if (reference?.usage === 'write') touches.add(ref)
        return
      }
      case 'ExpressionStatement':
        return visit(node.expression, true)
      case 'AwaitExpression':
      case 'ChainExpression':
        return visit(node.type === 'AwaitExpression' ? node.argument : node.expression, isStatement)
      case 'UnaryExpression':
        if (node.operator === 'delete') touch(node.argument)
        return visit(node.argument, isStatement && node.operator === 'void')
      case 'ImportExpression':
        reads.add(toImportRef(NAMESPACE, node.source.type === 'Literal' ? String(node.source.value) : NAMESPACE))
        break
      case 'CallExpression':
      case 'NewExpression':
        visitCall(node, isStatement)
        break
      case 'AssignmentExpression':
        if (node.left.type === 'MemberExpression') touch(node.left)
        break
      case 'UpdateExpression':
        if (node.argument.type === 'MemberExpression') touch(node.argument)
        break
    }
    forEachChild(node, (child) => visit(child, false))
  }
  for (const root of roots) visit(root, false)
  return { reads: [...reads], touches: [...touches], passes: [...passes.values()], calls: [...calls] }
}

/** `app`, `app.router`: not a copy, nor what a call made. */
export function isPlainPart(node: Node): boolean {
  if (node.type === 'ChainExpression') return isPlainPart(node.expression)
  return node.type === 'Identifier' || (node.type === 'MemberExpression' && isPlainPart(node.object))
}

/** `['router', 'routes']` for `app.router.routes`; nothing where it is computed. */
function pathOf(node: Node, references: ReferenceMap): string[] | undefined {
  if (isName(node, references)) return []
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined
  const path = pathOf(node.object, references)
  return path && [...path, node.property.name]
}

/** Bindings passed by name: `f(app)`, `f(context.app)`, `f({ app })`, `f([app])`, `f(...apps)`. */
function namedArguments(node: Node): Node[] {
  switch (node.type) {
    case 'Identifier':
    case 'MemberExpression':
      return [node]
    case 'SpreadElement':
      return namedArguments(node.argument)
    case 'ArrayExpression':
      return node.elements.flatMap((item) => (item ? namedArguments(item) : []))
    case 'ObjectExpression':
      return node.properties.flatMap((item) => namedArguments(item.type === 'SpreadElement' ? item : item.value))
    default:
      return []
  }
}

/** `list.add.bind(list)`: calls nothing yet, whereas `socket.bind(port)` may be anything. */
function isBoundToItsOwner({ callee, arguments: [owner, ...others] }: CallExpression | NewExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'MemberExpression') return false
  const name = owner ? dottedName(owner) : ''
  return (
    others.length === 0 &&
    name !== '' &&
    dottedName(callee) === `${name}.${dottedName(callee.object).split('.').at(-1)}.bind`
  )
}

function dottedName(node: Node): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier')
    return `${dottedName(node.object)}.${node.property.name}`
  return ''
}
