import type { Expression, ExpressionStatement } from 'acorn'
import type { UnitRecord } from '../../protocol/index.ts'
import { namesOfPattern } from '../analyze/scopes.ts'
import { isClass, isFunction, type Node, walk } from '../analyze/syntax.ts'
import type { LiteralCell, Unit } from '../analyze/units.ts'
import { writeClass } from './classes.ts'
import { writeFunctionDeclaration, writeLiteral } from './functions.ts'
import { MARK, MarkedRange } from './rewriter.ts'
import type { Writer } from './writer.ts'

// Texts that close at one place are written from the outside in: the unit's before its class's and its cells'.

/**
 * Turns a unit into a call that can be made again.
 *
 * ```js
 * const pool = createPool(LIMIT)     let pool; $hot.unit("pool", () => (pool = createPool($hot_i_config.LIMIT)));
 * app.use(auth)                      $hot.unit("#4fe…:0", () => (app.use($hot_i_auth.auth)));
 * await main()                       await $hot.unit("#91c…:0", async () => (await main()));
 * ```
 *
 * A declaration stays a variable of the module, at the same place, so that it is still unusable before it.
 *
 * @returns the unit's record, once the rewriter has settled
 */
export function writeUnit(writer: Writer, unit: Unit): () => UnitRecord {
  const { facts, syntax } = unit
  switch (syntax.form) {
    case 'function': {
      const { unit: code, cell } = writeFunctionDeclaration(writer, syntax.node, syntax.variable)
      return () => ({ ...facts, code: code.toRange(), cells: [{ ...syntax.cell, code: cell.toRange() }] })
    }
    case 'class': {
      const code = new MarkedRange()
      const { key, isAsync } = facts
      writer.rewriter.open(
        syntax.node.start,
        `let ${syntax.variable}; ${openUnit(writer, key, isAsync)}(${syntax.variable} = `,
        code.start,
      )
      writer.rewriter.close(syntax.node.end, `)${MARK});`, code.end)
      const classRecord = writeClass(writer, syntax.class)
      return () => ({ ...facts, code: code.toRange(), class: classRecord() })
    }
    case 'declarator':
      return writeDeclarator(writer, unit, syntax)
    case 'default expression': {
      const code = new MarkedRange()
      const { statement } = syntax
      const variable = facts.names[0] ?? ''
      const head = /^export\s+default/.exec(writer.module.code.slice(statement.start))?.[0].length ?? 0
      writer.rewriter.open(
        statement.start,
        `let ${variable}; ${openUnit(writer, facts.key, facts.isAsync)}(${variable} = (`,
        code.start,
      )
      writer.rewriter.replace(statement.start, statement.start + head, ' ')
      closeStatement(writer, statement, '))', code)
      const cells = writeCells(writer, syntax.cells)
      return () => ({ ...facts, code: code.toRange(), cells: cells() })
    }
    case 'effect':
      return writeEffect(writer, unit, syntax)
    default:
      return syntax satisfies never
  }
}

function writeDeclarator(
  writer: Writer,
  { facts }: Unit,
  syntax: Unit['syntax'] & { form: 'declarator' },
): () => UnitRecord {
  const { rewriter } = writer
  const { statement, node } = syntax
  const code = new MarkedRange()
  const index = statement.declarations.indexOf(node)
  const previous = statement.declarations[index - 1]
  const keyword = statement.kind === 'var' ? 'var' : 'let'
  rewriter.replace(
    previous ? previous.end : statement.start,
    node.start,
    `${keyword} ${facts.names.length > 0 ? facts.names.join(', ') : `${writer.p}_none`}; `,
  )
  rewriter.open(node.start, `${openUnit(writer, facts.key, facts.isAsync)}(`, code.start)
  // A `var` may have been assigned before its statement is reached.
  const initial = keyword === 'var' ? ` = ${writer.p}.isAgain ? void 0 : ${facts.names[0] ?? 'void 0'}` : ' = void 0'
  rewriter.close(node.end, `${node.init ? '' : initial})${MARK});`, code.end)
  const classRecord = syntax.class && writeClass(writer, syntax.class)
  const cells = writeCells(writer, syntax.cells)
  return () => ({
    ...facts,
    code: code.toRange(),
    ...(classRecord ? { class: classRecord() } : { cells: cells() }),
  })
}

function writeEffect(writer: Writer, { facts }: Unit, syntax: Unit['syntax'] & { form: 'effect' }): () => UnitRecord {
  const { rewriter } = writer
  const { node } = syntax
  const code = new MarkedRange()
  const open = openUnit(writer, facts.key, facts.isAsync)
  if (node.type === 'ExpressionStatement') {
    rewriter.open(node.start, `${open}(`, code.start)
    dropVoid(writer, node)
    closeStatement(writer, node, ')', code)
  } else {
    const { p } = writer
    const begins = statementsThatBegin(node)
    const begun = `${p}_b`
    const head = begins.length > 0 ? `const ${begun} = ${p}_w.begin(${p}.isAgain); ` : ''
    const tail = begins.length > 0 ? `; return ${begun}.all();` : ''
    rewriter.open(node.start, `${open}{ ${head}`, code.start)
    rewriter.close(node.end, `${tail} }${MARK});`, code.end)
    for (const statement of begins) writeBeginning(writer, statement, begun)
    unhoistVars(writer, node)
  }
  const cells = writeCells(writer, syntax.cells)
  return () => ({ ...facts, code: code.toRange(), cells: cells() })
}

/**
 * Hands what a statement inside an effect began to the runtime, as the value of an effect that is an expression is.
 *
 * ```js
 * if (isMain) { void main() }
 * // becomes, inside its unit
 * const $hot_b = $hot_w.begin($hot.isAgain); if (isMain) { $hot_b.add((  main())); }; return $hot_b.all();
 * ```
 */
function writeBeginning(writer: Writer, statement: ExpressionStatement, begun: string): void {
  const { rewriter, module } = writer
  const hasSemicolon = module.code[statement.end - 1] === ';'
  rewriter.open(statement.start, `${begun}.add((`)
  dropVoid(writer, statement)
  rewriter.close(hasSemicolon ? statement.end - 1 : statement.end, hasSemicolon ? '))' : '));')
}

/** The expressions inside a statement that stand for themselves, outside functions, and may have a promise as value. */
export function statementsThatBegin(root: Node): ExpressionStatement[] {
  const found: ExpressionStatement[] = []
  walk(root, (node) => {
    if (isFunction(node) || isClass(node)) return false
    if (node.type === 'ExpressionStatement' && mayBegin(node.expression)) found.push(node)
    return undefined
  })
  return found
}

function mayBegin(expression: Expression): boolean {
  switch (expression.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'TaggedTemplateExpression':
    case 'ImportExpression':
      return true
    case 'UnaryExpression':
      return expression.operator === 'void' && mayBegin(expression.argument)
    case 'AssignmentExpression':
      return mayBegin(expression.right)
    case 'ConditionalExpression':
      return mayBegin(expression.consequent) || mayBegin(expression.alternate)
    case 'LogicalExpression':
      return mayBegin(expression.left) || mayBegin(expression.right)
    case 'SequenceExpression':
      return expression.expressions.slice(-1).some(mayBegin)
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return mayBegin(expression.expression)
    default:
      return false
  }
}

/** The value of `void main()` is the promise the process is starting up with. */
function dropVoid({ rewriter }: Writer, { expression }: ExpressionStatement): void {
  if (expression.type === 'UnaryExpression' && expression.operator === 'void')
    rewriter.replace(expression.start, expression.start + 'void'.length, ' ')
}

/** `await $hot.unit("key", async () => `, with the mark where the function begins. */
function openUnit({ p }: Writer, key: string, isAsync: boolean): string {
  return `${isAsync ? 'await ' : ''}${p}.unit(${JSON.stringify(key)}, ${MARK}${isAsync ? 'async ' : ''}() => `
}

function closeStatement({ rewriter, module }: Writer, node: Node, text: string, code: MarkedRange): void {
  const hasSemicolon = module.code[node.end - 1] === ';'
  rewriter.close(hasSemicolon ? node.end - 1 : node.end, `${text}${MARK})${hasSemicolon ? '' : ';'}`, code.end)
}

function writeCells(writer: Writer, cells: readonly LiteralCell[]): () => UnitRecord['cells'] {
  const written = cells.map((cell) => ({ record: cell.record, code: writeLiteral(writer, cell) }))
  return () => written.map(({ record, code }) => ({ ...record, code: code.toRange() }))
}

/** A `var` in a block or loop head belongs to the module, where the hot code declares it: here it is assigned. */
function unhoistVars({ rewriter }: Writer, root: Node): void {
  /** Statements of a list, where a parenthesis may need a semicolon before. */
  const listed = new Set<Node>()
  walk(root, (node) => {
    if (isFunction(node) || isClass(node) || node.type === 'StaticBlock') return false
    if (node.type === 'BlockStatement') for (const item of node.body) listed.add(item)
    if (node.type === 'SwitchCase') for (const item of node.consequent) listed.add(item)
    if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') {
      const { left } = node
      if (left.type === 'VariableDeclaration' && left.kind === 'var' && left.declarations[0])
        rewriter.replace(left.start, left.declarations[0].start, '')
    } else if (node.type === 'VariableDeclaration' && node.kind === 'var' && !isLoopHead(root, node)) {
      const [first] = node.declarations
      if (!first) return undefined
      rewriter.replace(node.start, first.start, listed.has(node) ? ';(' : '(')
      for (const one of node.declarations) if (!one.init) rewriter.open(one.start, 'void ')
      const last = node.declarations.at(-1)
      if (last) rewriter.close(last.end, ')')
    }
    return undefined
  })
}

function isLoopHead(root: Node, declaration: Node): boolean {
  let isHead = false
  walk(root, (node) => {
    if ((node.type === 'ForInStatement' || node.type === 'ForOfStatement') && node.left === declaration) isHead = true
  })
  return isHead
}

/** Names of `var`s that stand inside other statements. */
export function hoistedVars(units: readonly Unit[]): string[] {
  const names = new Set<string>()
  for (const { syntax } of units) {
    if (syntax.form !== 'effect') continue
    walk(syntax.node, (node) => {
      if (isFunction(node) || isClass(node) || node.type === 'StaticBlock') return false
      if (node.type === 'VariableDeclaration' && node.kind === 'var')
        for (const one of node.declarations) for (const name of namesOfPattern(one.id)) names.add(name)
      return undefined
    })
  }
  return [...names]
}
