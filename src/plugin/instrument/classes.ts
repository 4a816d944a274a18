import type { ArrowFunctionExpression, PropertyDefinition } from 'acorn'
import type { ClassRecord, MemberRecord, NameUse, PrivateRecord } from '../../protocol/index.ts'
import { type ClassAnalysis, type Member, plainKey, type PrivateName, thisOf } from '../analyze/classes.ts'
import { arityOf, isClass, isFunction, type Node } from '../analyze/syntax.ts'
import { MARK, MarkedRange, type Rewriter } from './rewriter.ts'
import { isIdentifier, toImplementation, toKey, type Writer } from './writer.ts'

/**
 * Splits a class into an implementation, which has the constructor, the fields and the code of the methods, and a
 * facade that extends it, which everybody holds and which is never replaced.
 *
 * ```js
 * class Counter { #n = 0; next() { return ++this.#n } }
 * // becomes (shortened)
 * class extends $hot.Stamp {                            // declares the private names once for all versions
 *   #n; static scope = (code) => eval(code)
 *   static inner = ($hot_k, $hot_m0) => { let Counter; return class Counter$hot {
 *     static { Counter = $hot_k.bind(this, class Counter extends this { next() { return $hot_m0.impl.apply(…) } }) }
 *     #$hot_stamp = void $hot_k.stamp(this)
 *     constructor() { $hot_w.open && $hot_k.enter() }
 *     #$hot_n = void (this.#n = (0))
 *     next$hot() { return ++this.#n }
 *   } }
 * }
 * ```
 *
 * Does not change how a private name is used, nor the order in which fields are initialised.
 *
 * @returns what the record needs, once the rewriter has settled
 */
export function writeClass(writer: Writer, analysis: ClassAnalysis): () => ClassRecord {
  const { rewriter, p } = writer
  const { node, name } = analysis
  const code = new MarkedRange()
  const members = memberCells(analysis, p)
  const privates = analysis.privates.map((item) => toPrivate(writer, analysis, item))
  const groups = [privates.filter((item) => !item.isStatic), privates.filter((item) => item.isStatic)].filter(
    (group) => group.length > 0,
  )
  const parameters = [`${p}_k`, ...members.map((_, index) => `${p}_m${index}`)].join(', ')
  const inner = node.id?.name

  rewriter.open(
    node.start,
    `${p}.class(${JSON.stringify(analysis.key)}, ` +
      groups.map((group) => openPrivates(p, group)).join('') +
      `${MARK}(${parameters}) => { ${inner ? `let ${inner}; ` : ''}return `,
    ...privateMarks(groups),
    code.start,
  )
  const implementation = isIdentifier(name) ? `${name}${p}` : p
  if (node.id) rewriter.replace(node.id.start, node.id.end, implementation)
  else rewriter.open(node.start + 'class'.length, ` ${implementation}`)

  const isNamed = node.id !== null && node.id !== undefined
  rewriter.open(
    node.body.start + 1,
    ` static { ${inner ? `${inner} = ` : ''}${p}_k.bind(this, class ${isNamed ? name : ''} extends this { ${facadeMembers(analysis, p)} }, ${JSON.stringify(name)}); }` +
      (groups.some((group) => !group[0]?.isStatic) || hasMigrate(analysis)
        ? ` #${p}_stamp = void ${p}_k.stamp(this);`
        : '') +
      (analysis.members.some((member) => member.kind === 'constructor') ? '' : ` ${defaultConstructor(analysis, p)}`) +
      ` /*${p}*/`,
  )
  const { superClass } = node
  if (superClass && superClass.type !== 'Identifier' && superClass.type !== 'MemberExpression') {
    rewriter.open(superClass.start, `${p}_k.parent("${analysis.heritage}", () => (`)
    rewriter.close(superClass.end, '))')
  }
  let cells = 0
  for (const member of analysis.members) {
    const isCell = member.kind === 'method' || member.kind === 'arrow field'
    writeMember(writer, analysis, member, isCell ? `${p}_m${cells++}` : '')
  }
  rewriter.close(node.end, ` }${MARK}${groups.map(() => ' })()').join('')})`, code.end)

  return () => ({
    key: analysis.key,
    code: code.toRange(),
    members,
    fields: analysis.fields,
    blocks: analysis.blocks,
    uses: privates.length > 0 ? usesOf(writer, node) : [],
    privates: privates.map(({ name: of, isStatic, shape, cells: used, marked }) => ({
      name: of,
      isStatic,
      shape,
      cells: used,
      code: marked.toRange(),
    })),
  })
}

/** Where the class uses variables of the module, its own and those that hold imports. */
function usesOf({ rewriter, module, importVariable }: Writer, node: Node): NameUse[] {
  const text = rewriter.toString()
  return module.names.references.flatMap(({ node: identifier, binding, usage, isShorthand }): NameUse[] => {
    if (identifier.start < node.start || identifier.end > node.end) return []
    if (!binding || binding.scope.node.type !== 'Program') return []
    const at = rewriter.offsetOf(identifier.start)
    if (!binding.import) {
      // A constant that is assigned to is no longer a name here.
      if (binding.kind === 'const' && usage === 'write') return []
      return [{ name: binding.name, at, as: isShorthand ? 'shorthand' : usage === 'call' ? 'call' : 'name' }]
    }
    const name = importVariable(binding.import.specifier)
    return [{ name, at: text.indexOf(name, at), as: 'name' }]
  })
}

/** The members that are cells, in the order of the class. */
function memberCells(analysis: ClassAnalysis, p: string): MemberRecord[] {
  let computed = 0
  return analysis.members.flatMap((member): MemberRecord[] => {
    if (member.kind === 'arrow field')
      return [{ cell: member.cell.key, kind: 'method', isStatic: false, at: plainKey(member.node.key) + p }]
    if (member.kind !== 'method') return []
    const { node, cell } = member
    const kind = node.kind === 'constructor' ? 'method' : node.kind
    const place = member.computed ? { computed: computed++ } : { at: plainKey(node.key) + p }
    return [{ cell: cell.key, kind, isStatic: node.static, ...place, ...(member.isMigrate && { isMigrate: true }) }]
  })
}

function facadeMembers(analysis: ClassAnalysis, p: string): string {
  let index = 0
  let computed = 0
  const parts: string[] = []
  for (const member of analysis.members) {
    if (member.kind !== 'method' && member.kind !== 'arrow field') continue
    const cell = toImplementation(p, `${p}_m${index++}`)
    if (member.kind === 'arrow field') continue
    const { node } = member
    const isComputed = member.computed !== undefined
    const key = isComputed ? `[${p}_k.keys[${computed++}]]` : toKey(plainKey(node.key))
    if (node.key.type === 'PrivateIdentifier') continue
    const prefix = node.static ? 'static ' : ''
    if (node.kind === 'get') parts.push(`${prefix}get ${key}() { return ${cell}.call(this) }`)
    else if (node.kind === 'set') parts.push(`${prefix}set ${key}(v) { ${cell}.call(this, v) }`)
    else parts.push(`${prefix}${key}() { return ${cell}.apply(this, arguments) }`)
  }
  return parts.join(' ')
}

function hasMigrate({ members }: ClassAnalysis): boolean {
  return members.some((member) => member.kind === 'method' && member.isMigrate)
}

/** What a constructor does before anything else. */
function writeEntry(analysis: ClassAnalysis, p: string): string {
  const begin = analysis.node.superClass && hasMigrate(analysis) ? ` ${p}_k.begin();` : ''
  return `${p}_w.open && ${p}_k.enter();${begin}`
}

function defaultConstructor(analysis: ClassAnalysis, p: string): string {
  const enter = writeEntry(analysis, p)
  return analysis.node.superClass
    ? `constructor(...${p}_a) { ${enter} super(...${p}_a) }`
    : `constructor() { ${enter} }`
}

function writeMember(writer: Writer, analysis: ClassAnalysis, member: Member, cell: string): void {
  const { rewriter, p } = writer
  const k = `${p}_k`
  switch (member.kind) {
    case 'constructor':
      rewriter.open(member.node.value.body.start + 1, ` ${writeEntry(analysis, p)}`)
      return
    case 'method': {
      const { key } = member.node
      if (member.computed) {
        rewriter.open(key.start, `${k}.key(${member.computed.slice(1)}, `)
        rewriter.close(key.end, ')')
      } else rewriter.replace(key.start, key.end, toKey(plainKey(key) + p))
      return
    }
    case 'field':
      if (member.node.key.type === 'PrivateIdentifier') writePrivateField(writer, member.node)
      return
    case 'arrow field':
      writeArrowField(writer, member.node, cell)
      return
    case 'static field':
      writeStaticField(writer, member.node, member.hash)
      return
    case 'static block': {
      const { node, hash, index } = member
      const brace = writer.module.bare.indexOf('{', node.start)
      rewriter.replace(node.start, brace + 1, `static { ${k}.once("block ${index}", "${hash}", () => {`)
      rewriter.replace(node.end - 1, node.end, '}, true) }')
      replaceThis(writer, node.body)
      return
    }
    default:
      return member satisfies never
  }
}

/** `#n = 1` becomes `#$hot_n = void (this.#n = (1))`: the name itself is declared around all versions of the class. */
function writePrivateField({ rewriter, p }: Writer, { key, value, start, end }: PropertyDefinition): void {
  const name = plainKey(key)
  if (!value) return rewriter.replace(start, end, ';')
  rewriter.replace(start, value.start, `#${p}_${name.slice(1)} = void (this.${name} = (`)
  writeTail(rewriter, value.end, end, '));')
}

/** Writes what follows a value in place of what stood there: white space and a semicolon, or nothing at all. */
function writeTail(rewriter: Rewriter, from: number, to: number, text: string): void {
  if (to > from) rewriter.replace(from, to, text)
  else rewriter.close(from, text)
}

/**
 * `on = (event) => this.log(event)` becomes a method with the arrow's code, which is a cell, and a field whose arrow
 * calls that cell: live instances run the new code.
 */
function writeArrowField({ rewriter, module, p }: Writer, node: PropertyDefinition, cell: string): void {
  const arrow = node.value as ArrowFunctionExpression
  const { code } = module
  const name = plainKey(node.key)
  const head = `${arrow.async ? 'async ' : ''}${toKey(name + p)}`
  const first = arrow.params[0]
  const arrowAt = module.bare.lastIndexOf('=>', arrow.body.start)
  const paren = module.bare.indexOf('(', arrow.start + (arrow.async ? 'async'.length : 0))
  const isBare = arrow.params.length === 1 && first?.type === 'Identifier' && (paren === -1 || paren > first.start)
  if (isBare && first) {
    rewriter.replace(node.start, first.start, `${head}(`)
    rewriter.replace(first.end, arrowAt + 2, arrow.expression ? ') { return (' : ')')
  } else {
    rewriter.replace(node.start, paren, head)
    rewriter.replace(arrowAt, arrowAt + 2, arrow.expression ? '{ return (' : '')
  }
  const dummies = Array.from({ length: arityOf(arrow) }, (_, i) => `$${i}`)
  const list = [...dummies, '...$rest'].join(', ')
  const forward = `(${list}) => ${toImplementation(p, cell)}.call(this, ${list})`
  const field = name.startsWith('#')
    ? ` #${p}_${name.slice(1)} = void (this.${name} = ${forward});`
    : ` ${code.slice(node.key.start, node.key.end)} = ${forward};`
  const tail = `${arrow.expression ? ') }' : ''}${field}`
  writeTail(rewriter, arrow.end, node.end, tail)
}

/** Static fields are defined on the facade, and only again when their text changed. */
function writeStaticField(writer: Writer, node: PropertyDefinition, hash: string): void {
  const { rewriter, p } = writer
  const k = `${p}_k`
  const { key, value } = node
  const isPrivate = key.type === 'PrivateIdentifier'
  const name = plainKey(key)
  const shown = JSON.stringify(name)
  const isAnonymous =
    value && !isPrivate && !node.computed && (isFunction(value) || isClass(value)) && !('id' in value && value.id)
  const open = isPrivate
    ? `static { ${k}.once(${shown}, "${hash}", () => { ${k}.facade.${name} = (`
    : `static { ${k}.static(${node.computed ? '' : `${shown}, "${hash}", () => (`}`
  const usesClass =
    value !== null && value !== undefined && /\b(this|super)\b/.test(writer.module.code.slice(value.start, value.end))
  const close = isPrivate ? `) }, ${usesClass}) }` : `), ${usesClass}) }`
  if (node.computed) {
    rewriter.replace(node.start, key.start, open)
    rewriter.replace(key.end, value?.start ?? node.end, `, "${hash}", () => (${value ? '' : `void 0${close}`}`)
  } else {
    rewriter.replace(
      node.start,
      value?.start ?? node.end,
      `${open}${isAnonymous ? `({ ${shown}: ` : ''}${value ? '' : `void 0${close}`}`,
    )
  }
  if (!value) return
  const tail = `${isAnonymous ? ` })[${shown}]` : ''}${close}`
  writeTail(rewriter, value.end, node.end, tail)
  replaceThis(writer, [value])
}

function replaceThis({ rewriter, p }: Writer, roots: readonly Node[]): void {
  for (const root of roots) for (const node of thisOf(root)) rewriter.replace(node.start, node.end, `${p}_k.facade`)
}

type WrittenPrivate = Omit<PrivateRecord, 'code'> & { readonly marked: MarkedRange; readonly declaration: string }

function toPrivate({ p }: Writer, analysis: ClassAnalysis, item: PrivateName): WrittenPrivate {
  const cells: { key: string; variable: string }[] = []
  const parts: string[] = []
  for (const member of analysis.members) {
    if (member.kind !== 'method' || plainKey(member.node.key) !== item.name || member.computed) continue
    const variable = `${p}_p_${member.node.kind}_${item.name.slice(1)}`
    cells.push({ key: member.cell.key, variable })
    const cell = toImplementation(p, variable)
    if (member.node.kind === 'get') parts.push(`get ${item.name}() { return ${cell}.call(this) }`)
    else if (member.node.kind === 'set') parts.push(`set ${item.name}(v) { ${cell}.call(this, v) }`)
    else parts.push(`${item.name}() { return ${cell}.apply(this, arguments) }`)
  }
  return {
    ...item,
    cells,
    marked: new MarkedRange(),
    declaration: parts.length > 0 ? parts.join(' ') : `${item.name};`,
  }
}

/** Opens a class that declares private names, and whose scope evaluates every version of the implementation. */
function openPrivates(p: string, group: readonly WrittenPrivate[]): string {
  const cells = group.flatMap((item) => item.cells)
  const parameters = cells.map(({ key, variable }) => `${variable} = ${p}.cell(${JSON.stringify(key)})`).join(', ')
  const declarations = group.map(({ declaration }) => `${MARK}${declaration}${MARK}`).join(' ')
  return (
    `((${parameters}) => class extends ${p}.Stamp { ${declarations} static isStatic = ${group[0]?.isStatic ?? false}; ` +
    `static scope = (${p}_e) => eval(${p}_e); static inner = `
  )
}

function privateMarks(groups: readonly (readonly WrittenPrivate[])[]): MarkedRange['start'][] {
  return groups.flatMap((group) => group.flatMap(({ marked }) => [marked.start, marked.end]))
}
