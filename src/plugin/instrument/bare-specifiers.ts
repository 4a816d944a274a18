import type { ModuleAnalysis } from '../analyze/module.ts'

/**
 * Specifiers that are neither a path nor an address: `hono`, `@/users.ts`, `virtual:routes`. What they lead to only Vite
 * knows, as its config and its plugins decide that.
 */
export interface BareSpecifiers {
  /** Of import statements, re-exports included. */
  readonly imported: readonly string[]
  /** Of `import()`, where they are literals. */
  readonly requested: readonly string[]
}

export function findBareSpecifiers(module: ModuleAnalysis): BareSpecifiers {
  const requested = findRequests(module).filter(isBare)
  return { imported: [...module.importedNames.keys()].filter(isBare), requested }
}

/** Specifiers of `import()` that stand in the text, each once. */
export function findRequests(module: ModuleAnalysis): string[] {
  const requests = new Set<string>()
  for (const node of module.names.dynamicImports) {
    if (node.type !== 'ImportExpression' || node.source.type !== 'Literal') continue
    const { value } = node.source
    if (typeof value === 'string') requests.add(value)
  }
  return [...requests]
}

/**
 * The function by which a module loads another. `import()` stands in code that is evaluated, where Vite does not find
 * it; so bare specifiers stand here once more, in the head, where Vite puts in their place what they lead to.
 *
 * ```js
 * ($hot_s) => $hot_s === "@/users.ts" ? import("@/users.ts") : import($hot_s)
 * ```
 */
export function toLoad(p: string, { requested }: BareSpecifiers): string {
  const cases = requested
    .map((specifier) => JSON.stringify(specifier))
    .map((literal) => `${p}_s === ${literal} ? import(${literal}) : `)
  return `(${p}_s) => ${cases.join('')}import(/* @vite-ignore */ ${p}_s)`
}

function isBare(specifier: string): boolean {
  return !/^(?:\.{1,2}$|\.{0,2}\/|(?:node|data|file|https?):)/.test(specifier)
}
