import type { Identifier, Pattern, Program } from 'acorn'
import {
  type Binding,
  declareImports,
  declareLexical,
  declarePattern,
  declareVars,
  openScope,
  type Scope,
} from './scopes.ts'
import { forEachChild, isClass, isFunction, type Node } from './syntax.ts'

/** One use of a name. */
export interface Reference {
  readonly node: Identifier
  readonly binding: Binding | undefined
  readonly usage: 'read' | 'write' | 'call' | 'typeof'
  /** `{ name }`: the identifier is key and value at once. */
  readonly isShorthand: boolean
  /** `name.property`, not computed: the property's name. */
  readonly property: string | undefined
  /** It is the first token of an expression statement in a block, where a parenthesis may need a semicolon before. */
  readonly startsStatement: boolean
}

export interface Names {
  readonly module: Scope
  /** In source order. */
  readonly references: readonly Reference[]
  /** Every `import.meta`. */
  readonly metas: readonly Node[]
  /** Every `import()`. */
  readonly dynamicImports: readonly Node[]
}

/**
 * Resolves every name of a module: which binding each identifier refers to
 * (ECMAScript, "Static Semantics: LexicallyDeclaredNames" and "VarDeclaredNames").
 */
export function resolveNames(program: Program): Names {
  const resolver = new Resolver(program)
  return resolver.resolve()
}

interface UseContext {
  readonly usage?: Reference['usage']
  readonly isShorthand?: boolean
  readonly property?: string | undefined
}

class Resolver {
  readonly #program: Program
  readonly #references: Reference[] = []
  readonly #metas: Node[] = []
  readonly #dynamicImports: Node[] = []
  /** Start of the statement whose first token may be a reference. */
  #statementStart = -1

  constructor(program: Program) {
    this.#program = program
  }

  resolve(): Names {
    const module: Scope = { parent: undefined, node: this.#program, bindings: new Map() }
    declareImports(this.#program, module)
    declareVars(this.#program, module)
    declareLexical(this.#program.body, module)
    for (const statement of this.#program.body) this.#visit(statement, module)
    this.#references.sort((a, b) => a.node.start - b.node.start)
    return { module, references: this.#references, metas: this.#metas, dynamicImports: this.#dynamicImports }
  }

  #statements(body: readonly Node[], scope: Scope): void {
    for (const statement of body) {
      if (statement.type === 'ExpressionStatement') this.#statementStart = statement.start
      this.#visit(statement, scope)
    }
  }

  #use(node: Identifier, scope: Scope, context: UseContext = {}): void {
    let binding: Binding | undefined
    for (let at: Scope | undefined = scope; at && !binding; at = at.parent) binding = at.bindings.get(node.name)
    this.#references.push({
      node,
      binding,
      usage: context.usage ?? 'read',
      isShorthand: context.isShorthand ?? false,
      property: context.property,
      startsStatement: node.start === this.#statementStart,
    })
  }

  #visit(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        return this.#use(node, scope)
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'BreakStatement':
      case 'ContinueStatement':
        return
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#visit(node.declaration, scope)
        return
      case 'LabeledStatement':
        return this.#visit(node.body, scope)
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#metas.push(node)
        return
      case 'ImportExpression':
        this.#dynamicImports.push(node)
        return this.#visit(node.source, scope)
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#function(node, scope)
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node, scope)
      case 'BlockStatement':
        return this.#statements(node.body, openScope(node, scope, node.body))
      case 'StaticBlock': {
        const inner = openScope(node, scope, node.body)
        declareVars(node, inner)
        return this.#statements(node.body, inner)
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#loop(node, scope)
      case 'SwitchStatement': {
        this.#visit(node.discriminant, scope)
        const inner = openScope(
          node,
          scope,
          node.cases.flatMap((item) => item.consequent),
        )
        for (const item of node.cases) {
          if (item.test) this.#visit(item.test, inner)
          this.#statements(item.consequent, inner)
        }
        return
      }
      case 'CatchClause': {
        const inner: Scope = { parent: scope, node, bindings: new Map() }
        if (node.param) {
          declarePattern(node.param, 'let', inner)
          this.#pattern(node.param, inner, true)
        }
        return this.#visit(node.body, inner)
      }
      case 'VariableDeclarator':
        this.#pattern(node.id, scope, true)
        if (node.init) this.#visit(node.init, scope)
        return
      case 'AssignmentExpression':
        this.#pattern(node.left, scope, false)
        return this.#visit(node.right, scope)
      case 'UpdateExpression':
        if (node.argument.type === 'Identifier') return this.#use(node.argument, scope, { usage: 'write' })
        return this.#visit(node.argument, scope)
      case 'UnaryExpression':
        if (node.operator === 'typeof' && node.argument.type === 'Identifier')
          return this.#use(node.argument, scope, { usage: 'typeof' })
        return this.#visit(node.argument, scope)
      case 'CallExpression':
        if (node.callee.type === 'Identifier') this.#use(node.callee, scope, { usage: 'call' })
        else this.#visit(node.callee, scope)
        for (const argument of node.arguments) this.#visit(argument, scope)
        return
      case 'TaggedTemplateExpression':
        if (node.tag.type === 'Identifier') this.#use(node.tag, scope, { usage: 'call' })
        else this.#visit(node.tag, scope)
        return this.#visit(node.quasi, scope)
      case 'MemberExpression':
        if (node.object.type === 'Identifier') {
          const property = !node.computed && node.property.type === 'Identifier' ? node.property.name : undefined
          this.#use(node.object, scope, { property })
        } else this.#visit(node.object, scope)
        if (node.computed) this.#visit(node.property, scope)
        return
      case 'Property':
        if (node.computed) this.#visit(node.key, scope)
        if (node.shorthand && node.value.type === 'Identifier')
          return this.#use(node.value, scope, { isShorthand: true })
        return this.#visit(node.value, scope)
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) this.#visit(node.key, scope)
        if (node.value) this.#visit(node.value, scope)
        return
      default:
        forEachChild(node, (child) => this.#visit(child, scope))
    }
  }

  #function(node: Node & { type: string }, scope: Scope): void {
    if (!isFunction(node)) return
    let outer = scope
    if (node.type === 'FunctionExpression' && node.id) {
      outer = { parent: scope, node, bindings: new Map() }
      outer.bindings.set(node.id.name, { name: node.id.name, kind: 'self', scope: outer })
    }
    const inner: Scope = { parent: outer, node, bindings: new Map() }
    for (const param of node.params) declarePattern(param, 'parameter', inner)
    if (node.type !== 'ArrowFunctionExpression')
      inner.bindings.set('arguments', { name: 'arguments', kind: 'parameter', scope: inner })
    if (node.body.type === 'BlockStatement') {
      declareVars(node.body, inner)
      declareLexical(node.body.body, inner)
    }
    for (const param of node.params) this.#pattern(param, inner, true)
    if (node.body.type === 'BlockStatement') this.#statements(node.body.body, inner)
    else this.#visit(node.body, inner)
  }

  #class(node: Node, scope: Scope): void {
    if (!isClass(node)) return
    const inner: Scope = { parent: scope, node, bindings: new Map() }
    if (node.id) inner.bindings.set(node.id.name, { name: node.id.name, kind: 'self', scope: inner })
    if (node.superClass) this.#visit(node.superClass, inner)
    for (const member of node.body.body) this.#visit(member, inner)
  }

  #loop(node: Node & { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }, scope: Scope): void {
    const inner: Scope = { parent: scope, node, bindings: new Map() }
    const head = node.type === 'ForStatement' ? node.init : node.left
    if (head?.type === 'VariableDeclaration') {
      if (head.kind !== 'var')
        for (const item of head.declarations)
          declarePattern(item.id, 'let', inner, node.type === 'ForStatement' ? undefined : 'loop')
      this.#visit(head, inner)
    } else if (head) {
      if (node.type === 'ForStatement') this.#visit(head, inner)
      else this.#pattern(head as Pattern, inner, false)
    }
    if (node.type === 'ForStatement') {
      if (node.test) this.#visit(node.test, inner)
      if (node.update) this.#visit(node.update, inner)
    } else this.#visit(node.right, inner)
    this.#visit(node.body, inner)
  }

  /** Visits a pattern: its names are declared there, or written to. */
  #pattern(node: Node, scope: Scope, isDeclaration: boolean, isShorthand = false): void {
    switch (node.type) {
      case 'Identifier':
        if (!isDeclaration) this.#use(node, scope, { usage: 'write', isShorthand })
        return
      case 'ObjectPattern':
        for (const item of node.properties) {
          if (item.type === 'RestElement') this.#pattern(item.argument, scope, isDeclaration)
          else {
            if (item.computed) this.#visit(item.key, scope)
            this.#pattern(item.value, scope, isDeclaration, item.shorthand)
          }
        }
        return
      case 'ArrayPattern':
        for (const item of node.elements) if (item) this.#pattern(item, scope, isDeclaration)
        return
      case 'AssignmentPattern':
        this.#pattern(node.left, scope, isDeclaration, isShorthand)
        return this.#visit(node.right, scope)
      case 'RestElement':
        return this.#pattern(node.argument, scope, isDeclaration)
      default:
        this.#visit(node, scope)
    }
  }
}
