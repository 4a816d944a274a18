import type { SourceMap } from 'magic-string'
import {
  type ImportRecord,
  type ModuleRecord,
  packRecord,
  parseRef,
  PROTOCOL_VERSION,
  RUNTIME_ID,
  toCellVariable,
  toImplementationName,
} from '../../protocol/index.ts'
import type { ModuleAnalysis } from '../analyze/module.ts'
import { type BareSpecifiers, findBareSpecifiers, findRequests, toLoad } from './bare-specifiers.ts'
import { writeInnerFunctions } from './functions.ts'
import { writeReferences } from './references.ts'
import { hoistedVars, writeUnit } from './units.ts'
import { createWriter, toKey, type Writer } from './writer.ts'

export interface HotModule {
  readonly code: string
  readonly record: ModuleRecord
  readonly bare: BareSpecifiers
  /** From `code` to the analysed source. Made when asked for. */
  map(): SourceMap
}

/**
 * Turns a module into a hot module: the same statements in the same order, each in a form that can be run again or
 * patched in place, and at the end a record of them.
 *
 * ```js
 * import { create as $hot_create } from "virtual:hot-node/runtime"; import * as $hot_n0 from "./greet"; export { … };
 * function $hot_boot() { … $hot_start($hot_create, import.meta, …) }
 * var $hot, $hot_w, …; $hot_boot(); $hot_i_greet_3f1a = $hot.link("./greet", $hot_n0); /* $hot:body *\/
 * … units …
 * $hot.end();
 * function $hot_start(…) { $hot = $hot_create("{…record…}", { evaluate: (code) => eval(code), … }) }
 * ```
 *
 * The first line, the **head**, has all that only a module can say: imports, exports, `import.meta`, `import()`. What
 * follows it a runner can run as it is. Without a `runtime`, it lacks the import of that. Line breaks of the source are kept. The record stands last, so that it does not
 * move what it points to.
 */
export function instrument(
  module: ModuleAnalysis,
  id: string,
  label: string,
  runtime: string | null = RUNTIME_ID,
): HotModule {
  const writer = createWriter(module)
  const { rewriter, p } = writer
  const { links, statements } = writeImports(writer)
  const bare = findBareSpecifiers(module)
  writeReferences(writer)
  const records = module.units.map((unit) => writeUnit(writer, unit))
  writeInnerFunctions(writer)
  writeExports(writer)

  const functions = module.units.flatMap(({ syntax }) => (syntax.form === 'function' ? [syntax.variable] : []))
  const variables = [
    p,
    ...['w', 'meta', 'free', 'const'].map((name) => `${p}_${name}`),
    ...new Set(links.map(({ variable }) => variable)),
    ...functions.map((name) => toCellVariable(p, name)),
    ...hoistedVars(module.units),
  ]
  const start = bodyStart(module.code)
  rewriter.openFirst(
    start,
    [
      start > 0 && module.code[start - 1] !== '\n' ? '\n' : '',
      runtime === null ? '' : `import { create as ${p}_create } from ${JSON.stringify(runtime)}; `,
      ...statements,
      toExportStatement(module),
      toBoot(p, links, toLoad(p, bare)),
      `var ${variables.join(', ')}; ${p}_boot(); `,
      ...links.map((link) => `${toLinkStatement(p, link)}; `),
      module.code.includes('import.meta.env') ? 'void import.meta.env; ' : '',
      `${toHeadEnd(p)}\n`,
    ].join(''),
  )
  rewriter.settle()

  const imports: ImportRecord[] = [...module.importedNames].map(([specifier, names]) => ({
    specifier,
    variable: writer.importVariable(specifier),
    names: [...names],
  }))
  const requests = findRequests(module)
  const record: ModuleRecord = {
    protocol: PROTOCOL_VERSION,
    id,
    label,
    prefix: p,
    imports,
    ...(requests.length > 0 && { requests }),
    exports: module.exports,
    stars: module.stars,
    units: records.map((toRecord) => toRecord()),
  }
  rewriter.append(`\n;${p}.end();\n${toStart(p, record, functions)}\n`)
  return { code: rewriter.toString(), record, bare, map: () => rewriter.generateMap(id) }
}

/** What stands at the end of the head. */
export function toHeadEnd(prefix: string): string {
  return `/* ${prefix}:body */`
}

interface Link {
  readonly specifier: string
  readonly variable: string
  /** The local name of the namespace import. */
  readonly namespace: string
}

/**
 * Binds each imported namespace to a variable. Of a package, the names stay imported too: Node and the runners check
 * that they exist.
 *
 * @returns besides, the statements for the head, which stand for those of the source
 */
function writeImports(writer: Writer): { readonly links: Link[]; readonly statements: string[] } {
  const { rewriter, module, p, importVariable } = writer
  const links: Link[] = []
  const statements: string[] = []
  const toLine = (from: number, to: number): string =>
    module.bare
      .slice(from, to)
      .replaceAll(/\s*\n\s*/g, ' ')
      .replace(/;$/, '')
  for (const statement of module.program.body) {
    if (
      statement.type !== 'ImportDeclaration' &&
      !(statement.type === 'ExportNamedDeclaration' && statement.source) &&
      statement.type !== 'ExportAllDeclaration'
    )
      continue
    const specifier = String(statement.source?.value)
    const namespace = `${p}_n${links.length}`
    links.push({ specifier, variable: importVariable(specifier), namespace })
    statements.push(`import * as ${namespace} from ${toLine(statement.source?.start ?? 0, statement.end)}; `)
    const isChecked =
      statement.type === 'ImportDeclaration' && statement.specifiers.length > 0 && /^[\w@]/.test(specifier)
    if (statement.type !== 'ImportDeclaration' || isChecked)
      statements.push(`${toLine(statement.start, statement.end)}; `)
    const lines = module.code.slice(statement.start, statement.end).replaceAll(/[^\n]/g, '')
    rewriter.replace(statement.start, statement.end, lines)
  }
  return { links, statements }
}

function toLinkStatement(p: string, { variable, specifier, namespace }: Link): string {
  return `${variable} = ${p}.link(${JSON.stringify(specifier)}, ${namespace})`
}

/** Takes `export` off declarations and drops export lists; one list at the end stands for them all. */
function writeExports({ rewriter, module }: Writer): void {
  for (const statement of module.program.body) {
    if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
      const { declaration } = statement
      // A variable statement is rewritten from its own start.
      if (declaration) rewriter.replace(statement.start, declaration.start, '')
      else rewriter.replace(statement.start, statement.end, ';')
    } else if (
      statement.type === 'ExportDefaultDeclaration' &&
      (statement.declaration.type === 'FunctionDeclaration' || statement.declaration.type === 'ClassDeclaration')
    )
      rewriter.replace(statement.start, statement.declaration.start, '')
  }
}

function toExportStatement(module: ModuleAnalysis): string {
  const own: string[] = []
  const passedOn: string[] = []
  for (const statement of module.program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue
    for (const { local, exported } of statement.specifiers) {
      const binding = local.type === 'Identifier' ? module.names.module.bindings.get(local.name) : undefined
      const as = exported.type === 'Identifier' ? exported.name : JSON.stringify(exported.value)
      if (!binding?.import) continue
      const { specifier, name } = binding.import
      passedOn.push(
        name === '*'
          ? `export * as ${as} from ${JSON.stringify(specifier)};`
          : `export { ${name} as ${as} } from ${JSON.stringify(specifier)};`,
      )
    }
  }
  for (const [name, ref] of Object.entries(module.exports))
    if (parseRef(ref).kind === 'own') own.push(`${ref} as ${toKey(name)}`)
  if (own.length > 0) passedOn.unshift(`export { ${own.join(', ')} };`)
  return passedOn.map((statement) => `${statement} `).join('')
}

/**
 * The function that makes the module known to the runtime. Hoisted, as an import cycle may call a function before all
 * else: then it links, too.
 */
function toBoot(p: string, links: readonly Link[], load: string): string {
  const early = links.map((link) => `${p}.early(() => { ${toLinkStatement(p, link)} });`)
  return [
    `function ${p}_boot(${p}_early) {`,
    `if (${p} !== void 0) return;`,
    `${p}_start(${p}_create, import.meta, ${load});`,
    early.length > 0 ? `if (${p}_early) { ${early.join(' ')} }` : '',
    `} `,
  ].join(' ')
}

/** What of that needs nothing that only a module can say. */
function toStart(p: string, record: ModuleRecord, functions: readonly string[]): string {
  const values = Object.entries(record.exports)
    .filter(([, ref]) => parseRef(ref).kind === 'own')
    .map(([name, ref]) => `${JSON.stringify(name)}: () => { try { return ${ref} } catch {} }`)
  const cells = functions.map(
    (name) =>
      `${toCellVariable(p, name)} = ${p}.declare(${JSON.stringify(name)}, ${name}, ${toImplementationName(p, name)});`,
  )
  return [
    `function ${p}_start(${p}_create, ${p}_self, ${p}_load) {`,
    `${p} = ${p}_create(${toLiteral(JSON.stringify(packRecord(record)))}, {`,
    `exports: __vite_ssr_exports__,`,
    `evaluate: (${p}_e) => eval(${p}_e),`,
    `load: ${p}_load,`,
    `values: { ${values.join(', ')} } });`,
    `${p}_w = ${p}.window; ${p}_free = ${p}.free; ${p}_const = ${p}.const; ${p}_meta = ${p}_self;`,
    ...cells,
    `}`,
  ].join(' ')
}

/** A string literal. Of JSON, shorter than with the quotation marks that JSON is full of. */
export function toLiteral(text: string): string {
  const needsNone = !text.includes('\\') && !text.includes("'")
  return needsNone ? `'${text}'` : `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}

/** Where code may be added: after the line `#!…`, if there is one. */
export function bodyStart(code: string): number {
  if (!code.startsWith('#!')) return 0
  const end = code.indexOf('\n')
  return end === -1 ? code.length : end + 1
}
