import type {
  ClassDeclaration,
  ClassExpression,
  ExportDefaultDeclaration,
  FunctionDeclaration,
  Statement,
  VariableDeclarator,
  VariableDeclaration,
} from 'acorn'
import { type CellRecord, NAMESPACE, PACKAGE_ENTRY, toImportRef, type UnitRecord } from '../../protocol/index.ts'
import { type ClassAnalysis, analyzeClass, laterPartsOf, startUpHash } from './classes.ts'
import { type EffectReader, isPlainPart } from './effects.ts'
import { fingerprint } from './fingerprint.ts'
import { labelOf } from './labels.ts'
import { findLiterals, type Literal } from './literals.ts'
import { namesOfPattern } from './scopes.ts'
import { type ReferenceMap, rootOf, toRef } from './refs.ts'
import { type AnyClass, arityOf, isClass, isFunction, type Node, walk } from './syntax.ts'

/** The function that keeps a value over re-runs. */
const KEEP = toImportRef('keep', PACKAGE_ENTRY)

/** A function literal of a unit that is a cell. */
export interface LiteralCell {
  readonly literal: Literal
  readonly record: CellRecord
}

/** How a unit is written; together with `record` all that is needed to rewrite it. */
export type UnitSyntax =
  | {
      readonly form: 'function'
      readonly node: FunctionDeclaration
      readonly cell: CellRecord
      readonly variable: string
    }
  | { readonly form: 'class'; readonly node: AnyClass; readonly class: ClassAnalysis; readonly variable: string }
  | {
      readonly form: 'declarator'
      readonly statement: VariableDeclaration
      readonly node: VariableDeclarator
      readonly cells: readonly LiteralCell[]
      readonly class: ClassAnalysis | undefined
    }
  | {
      readonly form: 'default expression'
      readonly statement: ExportDefaultDeclaration
      readonly node: Node
      readonly cells: readonly LiteralCell[]
    }
  | { readonly form: 'effect'; readonly node: Statement; readonly cells: readonly LiteralCell[] }

/** A unit's record, but for where its code will stand. */
export type UnitFacts = Omit<UnitRecord, 'code' | 'class'>

export interface Unit {
  readonly facts: UnitFacts
  readonly syntax: UnitSyntax
}

/** Turns top-level statements into units. One instance for one module, as effects are numbered. */
export class UnitReader {
  readonly #code: string
  readonly #references: ReferenceMap
  readonly #reader: EffectReader
  readonly #effects = new Map<string, number>()
  /** Variable that holds the module's default export. */
  readonly #defaultVariable: string

  constructor(code: string, reader: EffectReader, defaultVariable: string) {
    this.#code = code
    this.#reader = reader
    this.#references = reader.references
    this.#defaultVariable = defaultVariable
  }

  function(node: FunctionDeclaration): Unit {
    const variable = node.id?.name ?? this.#defaultVariable
    const label = `${node.id?.name ?? 'default'}()`
    const cell: CellRecord = {
      key: variable,
      hash: fingerprint([node], this.#references),
      label,
      arity: arityOf(node),
      ...this.#reader.read(variable, [...node.params, node.body]),
    }
    return {
      facts: {
        key: variable,
        kind: 'function',
        names: [variable],
        hash: `function${node.generator ? ' *' : ''}`,
        label,
        isAsync: false,
        isPure: true,
        reads: [],
        touches: [],
        passes: [],
        calls: [],
        inner: [],
        cells: [cell],
      },
      syntax: { form: 'function', node, cell, variable },
    }
  }

  class(node: ClassDeclaration | ClassExpression): Unit {
    const variable = node.id?.name ?? this.#defaultVariable
    const analysis = analyzeClass(node, variable, node.id?.name ?? 'default', this.#reader)
    return {
      facts: this.#classFacts(node, analysis, [variable], ''),
      syntax: { form: 'class', node, class: analysis, variable },
    }
  }

  declarator(statement: VariableDeclaration, node: VariableDeclarator): Unit {
    const names = namesOfPattern(node.id)
    const key = names.join(',')
    if (node.id.type === 'Identifier' && node.init && isClass(node.init)) {
      const analysis = analyzeClass(node.init, key, node.init.id?.name ?? key, this.#reader)
      return {
        facts: this.#classFacts(node.init, analysis, names, statement.kind),
        syntax: { form: 'declarator', statement, node, cells: [], class: analysis },
      }
    }
    const cells = this.#cells(node, node.id.type === 'Identifier' ? key : '', key)
    return {
      facts: {
        ...this.#facts([node], key, key, cells),
        kind: 'value',
        names,
        // `const f = () => {}` is as good as a function, and a function that became an arrow is still that cell.
        hash: cells[0]?.literal.path === '' ? `function${shapeOf(cells[0].literal)}` : this.#hash([node], cells),
        ...this.#partOf(node.init),
        ...(node.id.type === 'Identifier' && this.#isKept(node.init) ? { isKept: true } : {}),
      },
      syntax: { form: 'declarator', statement, node, cells, class: undefined },
    }
  }

  defaultExpression(statement: ExportDefaultDeclaration, node: Node): Unit {
    const variable = this.#defaultVariable
    const cells = this.#cells(node, 'default', variable)
    return {
      facts: {
        ...this.#facts([node], variable, 'default', cells),
        kind: 'value',
        names: [variable],
        hash: cells[0]?.literal.path === '' ? `function${shapeOf(cells[0].literal)}` : this.#hash([node], cells),
        ...this.#partOf(node),
        ...(this.#isKept(node) ? { isKept: true } : {}),
      },
      syntax: { form: 'default expression', statement, node, cells },
    }
  }

  effect(node: Statement): Unit {
    const literals = findLiterals(node, '', this.#references)
    const hash = fingerprint([node], this.#references, holesOf(literals))
    const ordinal = this.#effects.get(hash) ?? 0
    this.#effects.set(hash, ordinal + 1)
    const key = `#${hash}:${ordinal}`
    const label = labelOf(node, this.#code, this.#references)
    const cells = this.#toCells(literals, key, `${label} callback`)
    return {
      facts: { ...this.#facts([node], key, label, cells), kind: 'effect', names: [], hash },
      syntax: { form: 'effect', node, cells },
    }
  }

  #classFacts(node: AnyClass, analysis: ClassAnalysis, names: readonly string[], extra: string): UnitFacts {
    const cells = analysis.members.flatMap((member) =>
      member.kind === 'method' || member.kind === 'arrow field' ? [member.cell] : [],
    )
    return {
      key: names.join(','),
      kind: 'class',
      names,
      hash: `class ${extra} ${startUpHash(analysis, this.#references)}`,
      label: analysis.name || 'class',
      isAsync: hasAwait(node),
      isPure:
        !analysis.members.some(({ kind }) => kind === 'static field' || kind === 'static block') &&
        isPure(node, new Set(laterPartsOf(analysis))),
      ...this.#reader.read(names.join(','), [node], new Set(laterPartsOf(analysis))),
      cells: [...cells, analysis.constructorCell],
    }
  }

  #facts(
    roots: readonly Node[],
    key: string,
    label: string,
    cells: readonly LiteralCell[],
  ): Omit<UnitFacts, 'kind' | 'names' | 'hash'> {
    const excluded = new Set<Node>(cells.map((cell) => cell.literal.node))
    return {
      key,
      label,
      isAsync: roots.some(hasAwait),
      isPure: roots.every((root) => isPure(root, excluded)),
      ...this.#reader.read(key, roots, excluded),
      cells: cells.map((cell) => cell.record),
    }
  }

  /** `const api = app.router`: what is done to `api` is done to `app`. */
  #partOf(init: Node | null | undefined): Pick<UnitFacts, 'partOf'> {
    const reference =
      init && isPlainPart(init) ? this.#references.get(rootOf(init, this.#references) ?? init) : undefined
    const ref = reference && toRef(reference)
    return ref === undefined ? {} : { partOf: ref }
  }

  /** `keep('bus', …)` or `await keep('db', …)`: the key is always the same, and nothing is done to what it gives. */
  #isKept(init: Node | null | undefined): boolean {
    const call = init?.type === 'AwaitExpression' ? init.argument : init
    if (call?.type !== 'CallExpression') return false
    const { callee } = call
    const [key] = call.arguments
    if (key?.type !== 'Literal') return false
    const isMember = callee.type === 'MemberExpression'
    const reference = this.#references.get(isMember ? callee.object : callee)
    const isNamespace = reference?.binding?.import?.name === NAMESPACE
    return reference !== undefined && isMember === isNamespace && toRef(reference) === KEEP
  }

  #cells(node: Node, name: string, key: string): LiteralCell[] {
    return this.#toCells(findLiterals(node, name, this.#references), key, key)
  }

  #toCells(literals: readonly Literal[], key: string, label: string): LiteralCell[] {
    const used = new Set<string>()
    return literals.map((literal) => {
      let cellKey = `${key}${literal.path}`
      while (used.has(cellKey)) cellKey += '~'
      used.add(cellKey)
      const { node } = literal
      const isNamed = !literal.path.startsWith('/') && !key.startsWith('#')
      return {
        literal,
        record: {
          key: cellKey,
          hash: fingerprint([node], this.#references),
          label: isNamed
            ? `${label === this.#defaultVariable ? 'default' : label}${literal.path}()`
            : key.startsWith('#')
              ? label
              : `${label} callback`,
          arity: arityOf(node),
          ...this.#reader.read(cellKey, [...node.params, node.body]),
        },
      }
    })
  }

  #hash(roots: readonly Node[], cells: readonly LiteralCell[]): string {
    return fingerprint(roots, this.#references, holesOf(cells.map((cell) => cell.literal)))
  }
}

function shapeOf(literal: Literal): string {
  return literal.node.generator ? ' *' : ''
}

/**
 * A cell counts in its unit's text as where and of what kind it is. Becoming `async` is a change of the cell alone, and
 * so is another arity, unless somebody read `length`.
 */
function holesOf(literals: readonly Literal[]): Map<Node, string> {
  return new Map(literals.map((literal) => [literal.node, `cell ${literal.node.type}${shapeOf(literal)}`]))
}

function hasAwait(root: Node): boolean {
  let isFound = false
  walk(root, (node) => {
    if (isFunction(node)) return false
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) isFound = true
    return undefined
  })
  return isFound
}

/** It calls nothing and assigns nothing, so it may run at any time with the same result. */
function isPure(root: Node, excluded: ReadonlySet<Node>): boolean {
  let pure = true
  walk(root, (node) => {
    if (excluded.has(node) || isFunction(node)) return false
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
      case 'AwaitExpression':
      case 'ImportExpression':
      case 'AssignmentExpression':
      case 'UpdateExpression':
      case 'SpreadElement':
        pure = false
    }
    return undefined
  })
  return pure
}
