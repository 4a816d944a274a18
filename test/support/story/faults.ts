import { parseSync } from 'vite'

/** In what a statement stands. */
type Context = 'module' | 'async function' | 'other'

/** A fault that can be put into a source, or into another of the same length. */
export interface Fault {
  /** Where it stands: `service.ts:12`. */
  readonly place: string
  readonly context: Context
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

/** What can go wrong, and where a re-run is to notice it. */
const KINDS = {
  throw: { text: (line: number) => `throw new Error('injected in line ${line}');`, contexts: undefined },
  /** Nobody waits for the promise. One that a function begins ends the process on a cold start, and is no unit's. */
  rejection: {
    text: (line: number) => `void Promise.reject(new Error('injected in line ${line}'));`,
    contexts: ['module'],
  },
  /** Says that it is there, and never settles. */
  endless: {
    text: () => `await new Promise(() => (globalThis as any).faultReached?.());`,
    contexts: ['module', 'async function'],
  },
} satisfies Record<string, { text: (line: number) => string; contexts: readonly Context[] | undefined }>

/**
 * Puts a fault at every statement of a source in turn, whatever function or class it stands in, and at its end. Those
 * that are no throw only where a re-run waits for them.
 */
export function faultsIn(file: string, source: string, kind: keyof typeof KINDS = 'throw'): Fault[] {
  const { text, contexts } = KINDS[kind]
  const found = statementsOf(parseSync(file, source).program as unknown as Node)
  const places = [...found, { at: source.length, context: 'module' as const }].filter(
    ({ context }) => !contexts || (contexts as readonly Context[]).includes(context),
  )
  return places.map(({ at, context }) => {
    const line = source.slice(0, at).split('\n').length
    const inject = (whole: string): string => `${whole.slice(0, at)}${text(line)} ${whole.slice(at)}`
    return { place: `${file}:${line}`, context, inject }
  })
}

/** Where statements of a list of statements begin. */
function statementsOf(node: Node): { readonly at: number; readonly context: Context }[] {
  const found: { at: number; context: Context }[] = []
  const visit = (value: unknown, isStatement: boolean, context: Context): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, isStatement, context)
      return
    }
    if (!isNode(value)) return
    if (isStatement && !NO_PLACE.has(value.type)) found.push({ at: value.start, context })
    const isList = ['Program', 'BlockStatement', 'StaticBlock'].includes(value.type)
    const inner = toContext(value) ?? context
    for (const [key, child] of Object.entries(value))
      visit(child, (isList && key === 'body') || (value.type === 'SwitchCase' && key === 'consequent'), inner)
  }
  visit(node, false, 'module')
  return found
}

/** What a node is to the statements in it, if they no longer stand in what it stands in. */
function toContext({ type, async: isAsync }: Node): Context | undefined {
  if (type === 'StaticBlock') return 'other'
  if (!/^(?:Arrow)?Function/.test(type)) return undefined
  return isAsync === true ? 'async function' : 'other'
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string'
}
