import type { Reference } from '../analyze/names.ts'
import { statementsThatBegin } from './units.ts'
import { isIdentifier, type Writer } from './writer.ts'

/** Names that are there without a declaration: those of the language and of Node, and those the runners give a module. */
export const GLOBALS: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...'undefined NaN Infinity arguments eval require module exports __filename __dirname'.split(' '),
])

/**
 * Makes every name outside the module reachable from code evaluated later.
 *
 * - An import becomes a property of its namespace, `greet()` → `(0, $hot_i_greet.greet)()`: code evaluated in the
 *   module's scope cannot name the runner's own import variables (and `eval` sees no import at all).
 * - `import.meta` becomes a variable, as `eval` may not mention it, and `import.meta.hot` is the runtime's.
 * - `import()` goes through the module, as code in `eval` has no module to import from.
 * - A free name that is no known global is looked up when it runs. A patch may have removed the declaration it meant,
 *   but not the variable from the scope of the running module.
 * - Assigning to a `const` goes to an object that refuses, because the variable itself became a `let`.
 */
export function writeReferences(writer: Writer): void {
  const { rewriter, module, p } = writer
  const wrapped = startsOfWrapped(writer)
  for (const reference of module.names.references) {
    const replacement = toReplacement(writer, reference)
    if (replacement === undefined) continue
    const { node, isShorthand, usage, startsStatement } = reference
    const isCall = usage === 'call' && replacement.includes('.')
    // The statement before may have no semicolon.
    const head = startsStatement && !wrapped.has(node.start) ? ';' : ''
    const text = isCall ? `${head}(0, ${replacement})` : replacement
    rewriter.replace(node.start, node.end, isShorthand ? `${node.name}: ${text}` : text)
  }
  for (const call of module.names.dynamicImports)
    rewriter.replace(call.start, call.start + 'import'.length, `${p}.import`)
  for (const meta of module.names.metas) {
    HOT.lastIndex = meta.end
    if (HOT.test(module.code)) rewriter.replace(meta.start, HOT.lastIndex, `${p}.hot`)
    else rewriter.replace(meta.start, meta.end, `${p}_meta`)
  }
}

/** Where statements start that become arguments. */
function startsOfWrapped({ module }: Writer): ReadonlySet<number> {
  const effects = module.units.flatMap(({ syntax }) => (syntax.form === 'effect' ? [syntax.node] : []))
  return new Set(effects.flatMap((node) => statementsThatBegin(node).map(({ start }) => start)))
}

/** What follows `import.meta`. */
const HOT = /\s*(?:\?\.|\.)\s*hot(?![\w$])/y

function toReplacement({ p, importVariable }: Writer, reference: Reference): string | undefined {
  const { binding, node, usage } = reference
  if (!binding) {
    if (GLOBALS.has(node.name) || node.name.startsWith('__vite')) return undefined
    // Of a name that nobody declares, `typeof` tells without throwing.
    return usage === 'typeof' ? `globalThis.${node.name}` : `${p}_free.${node.name}`
  }
  if (binding.import) {
    const variable = importVariable(binding.import.specifier)
    return binding.import.name === '*' ? variable : variable + toAccess(binding.import.name)
  }
  if (binding.kind === 'const' && usage === 'write' && binding.scope.node.type === 'Program')
    return `${p}_const.${node.name}`
  return undefined
}

function toAccess(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}
