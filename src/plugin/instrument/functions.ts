import type { FunctionDeclaration } from 'acorn'
import { isFunction } from '../analyze/syntax.ts'
import { toCellVariable, toImplementationName } from '../../protocol/index.ts'
import type { LiteralCell } from '../analyze/units.ts'
import { MARK, MarkedRange } from './rewriter.ts'
import { toImplementation, toKey, type Writer } from './writer.ts'

/**
 * Splits a declared function into a facade, which keeps the name and is what everybody holds, and an implementation.
 * Both hoist, as the original did. A call from an import cycle may come before the module has run at all: then the
 * facade boots the module's record first.
 *
 * ```js
 * function greet(name) { return `Hello ${name}` }
 * // becomes
 * function greet() { const c = $hot_c_greet ?? ($hot_boot(true), $hot_c_greet); return new.target ? … : (…).apply(this, arguments) }
 * function greet$hot(name) { return `Hello ${name}` }
 * ```
 *
 * Does not touch the body.
 */
export function writeFunctionDeclaration(
  { rewriter, module, p }: Writer,
  node: FunctionDeclaration,
  variable: string,
): { unit: MarkedRange; cell: MarkedRange } {
  const unit = new MarkedRange()
  const cell = new MarkedRange()
  const holder = toCellVariable(p, variable)
  const isConstructor = !node.async && !node.generator
  const forward =
    `function ${variable}() { const c = ${holder} ?? (${p}_boot(true), ${holder}); return ` +
    `${isConstructor ? 'new.target ? c.construct(arguments, new.target) : ' : ''}${toImplementation(p, 'c')}.apply(this, arguments) }`
  rewriter.open(node.start, `${MARK}${forward} ${MARK}`, unit.start, cell.start)
  const name = toImplementationName(p, variable)
  if (node.id) rewriter.replace(node.id.start, node.id.end, name)
  else {
    const head = /^(async\s+)?function\s*\*?/.exec(module.bare.slice(node.start, node.end))
    rewriter.open(node.start + (head?.[0].length ?? 0), ` ${name}`)
  }
  rewriter.close(node.end, MARK + MARK, cell.end, unit.end)
  return { unit, cell }
}

/**
 * Makes a cell of a function literal where it stands.
 *
 * ```js
 * app.get('/', c => c.text('hi'))
 * // becomes
 * app.get('/', $hot.fn("#…", ($hot_f) => ({ ""() { return (…).apply(this, arguments) } })[""], ({ "$hot": c => c.text('hi') })["$hot"]))
 * ```
 *
 * A function expression with a name of its own is made by a function of its facade, so that inside it the name means
 * the function others hold.
 */
export function writeLiteral({ rewriter, module, p }: Writer, { literal, record }: LiteralCell): MarkedRange {
  const range = new MarkedRange()
  const { node, method } = literal
  const key = JSON.stringify(literal.name)
  const implementationName = toImplementationName(p, literal.name)
  const implementationKey = JSON.stringify(implementationName)
  const call = `${toImplementation(p, `${p}_f`)}.apply(this, arguments)`
  const isConstructor = node.type === 'FunctionExpression' && !method && !node.async && !node.generator
  const facade = isConstructor
    ? `({ ${key}: function () { return new.target ? ${p}_f.construct(arguments, new.target) : ${call} } })[${key}]`
    : `({ ${key}() { return ${call} } })[${key}]`
  const open = `${p}.fn(${JSON.stringify(record.key)}, (${p}_f) => ${facade}, ${MARK}`

  if (method && method.kind !== 'init') {
    // An accessor has no place for a value: a computed key stands for it, and on the way registers the cell.
    const parameter = method.kind === 'set' ? 'v' : ''
    const shown = JSON.stringify(record.key)
    rewriter.open(method.start, `${method.kind} [${p}.accessor(${shown}, ${MARK}${p}.functionOf({ `, range.start)
    rewriter.replace(method.key.start, method.key.end, toKey(implementationName))
    rewriter.close(
      method.end,
      ` })${MARK}, ${key})](${parameter}) { return ${p}.callAccessor(${shown}, this${parameter && `, ${parameter}`}) }`,
      range.end,
    )
  } else if (method) {
    const methodKey = module.code.slice(method.key.start, method.key.end)
    rewriter.open(method.start, `${methodKey}: ${open}({ `, range.start)
    rewriter.replace(method.key.start, method.key.end, toKey(implementationName))
    rewriter.close(method.end, ` })[${implementationKey}]${MARK})`, range.end)
  } else if (node.type === 'FunctionExpression' && node.id) {
    rewriter.open(node.start, `${open}${p}.bound((${node.id.name}) => `, range.start)
    rewriter.replace(node.id.start, node.id.end, toImplementationName(p, node.id.name))
    rewriter.close(node.end, `)${MARK})`, range.end)
  } else {
    rewriter.open(node.start, `${open}({ ${implementationKey}: `, range.start)
    rewriter.close(node.end, ` })[${implementationKey}]${MARK})`, range.end)
  }
  return range
}

/**
 * Makes functions inside units and cells note that they ran while the process was starting up: what they use and change
 * counts as used and changed then, and only then. Those that use nothing of the module are left alone.
 *
 * ```js
 * items.forEach((item) => register(item))
 * // becomes
 * items.forEach((item) => ($hot_w.open && $hot.ran("main", 0), register(item)))
 * ```
 */
export function writeInnerFunctions({ rewriter, module, p }: Writer): void {
  for (const [key, nodes] of module.innerFunctions)
    nodes.forEach((node, index) => {
      if (!isFunction(node)) return
      const note = `${p}_w.open && ${p}.ran(${JSON.stringify(key)}, ${index})`
      if (node.body.type === 'BlockStatement') rewriter.open(node.body.start + 1, ` ${note};`)
      else {
        rewriter.open(node.body.start, `(${note}, `)
        rewriter.close(node.body.end, ')')
      }
    })
}
