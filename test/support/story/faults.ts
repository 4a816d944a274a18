import { parseSync } from 'vite'

/** A throw that can be put into a source, or into another of the same length. */
export interface Fault {
  /** Where it stands: `service.ts:12`. */
  readonly place: string
  inject(source: string): string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

/** Statements before which a throw would stand where nothing runs, or where none may stand. */
const NO_PLACE = new Set([
  'ImportDeclaration',
  'FunctionDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'EmptyStatement',
])

/** Throws from every statement of a source in turn, whatever function or class it stands in, and from its end. */
export function faultsIn(file: string, source: string): Fault[] {
  const places = [...statementsOf(parseSync(file, source).program as unknown as Node), source.length]
  return places.map((at) => {
    const line = source.slice(0, at).split('\n').length
    const thrown = `throw new Error('injected in line ${line}');`
    return { place: `${file}:${line}`, inject: (text) => `${text.slice(0, at)}${thrown} ${text.slice(at)}` }
  })
}

/** Where statements of a list of statements begin. */
function statementsOf(node: Node): number[] {
  const found: number[] = []
  const visit = (value: unknown, isStatement: boolean): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, isStatement)
      return
    }
    if (!isNode(value)) return
    if (isStatement && !NO_PLACE.has(value.type)) found.push(value.start)
    const isList = ['Program', 'BlockStatement', 'StaticBlock'].includes(value.type)
    for (const [key, child] of Object.entries(value))
      visit(child, (isList && key === 'body') || (value.type === 'SwitchCase' && key === 'consequent'))
  }
  visit(node, false)
  return found
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string'
}
