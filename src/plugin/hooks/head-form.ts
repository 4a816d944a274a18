import { moduleRunnerTransform } from 'vite'
import { NO_MAP } from './ready-runtime.ts'

/** All that is written here of a head. */
const SAMPLE =
  'import * as $hot_n0 from "/src/a.ts"; import * as $hot_n1 from "node:os"; ' +
  'import { EOL, tmpdir as folder } from "node:os"; import * as $hot_n2 from "/src/b.ts"; ' +
  'export { one as one, $hot_default as default }; function $hot_boot($hot_early) { ' +
  '$hot_start($hot_create, import.meta, ($hot_s) => $hot_s === "$hot_n1" ? import("a") : import(/* @vite-ignore */ $hot_s)); ' +
  'if ($hot_early) { $hot.early(() => { $hot_i_a = $hot.link("./a.ts", $hot_n0) }); } } ' +
  'var $hot, $hot_i_a; $hot_boot(); $hot_i_a = $hot.link("./a.ts", $hot_n0); $hot_i_b = $hot.link("./$hot_n0", $hot_n2); '

/** Of an import. One with an escape is for Vite. */
const SPECIFIER = /"[^"\\\n]*"|'[^'"\\\n]*'/.source
const NAMES = /[\w$]+(?: as [\w$]+)?(?:, [\w$]+(?: as [\w$]+)?)*/.source
const NAMESPACE = new RegExp(`\\s*import \\* as (\\$hot\\d*_n\\d+) from (${SPECIFIER});`, 'y')
const NAMED = new RegExp(`\\s*import \\{ (${NAMES}) \\} from (${SPECIFIER});`, 'y')
const EXPORTS = /\s*export \{ ([\w$]+ as [\w$]+(?:, [\w$]+ as [\w$]+)*) \};/y
const REST = /\s*function /y
/** In the rest: strings, which stay as they are, and what a runner calls otherwise. */
const TOKENS = /"(?:[^"\\\n]|\\.)*"|\bimport\.meta\b|\bimport\(|\$hot\d*_n\d+\b/g

/**
 * Writes a head in the form in which runners evaluate it, as Vite would: it would parse and walk each, which takes as long
 * as all else it does for a module.
 *
 * @returns nothing for a head with anything in it that is not known here: it is for Vite
 */
export function writeHead(head: string): string | undefined {
  const statements: string[] = []
  const variables = new Map<string, string>()
  let at = 0
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(head)
    if (match) at = pattern.lastIndex
    return match
  }
  for (let count = 0; ; count++) {
    const variable = `__vite_ssr_import_${count}__`
    const namespace = next(NAMESPACE)
    const match = namespace ?? next(NAMED)
    if (!match) break
    const [, bound = '', specifier = ''] = match
    if (namespace) variables.set(bound, variable)
    const names = namespace
      ? ''
      : `, {"importedNames":${JSON.stringify(bound.split(', ').map((item) => item.split(' as ')[0]))}}`
    statements.push(`const ${variable} = await __vite_ssr_import__("${specifier.slice(1, -1)}"${names}); `)
  }
  const exports = next(EXPORTS)?.[1]?.split(', ') ?? []
  if (!next(REST)) return undefined
  const getters = exports.map((item) => {
    const [local = '', exported = ''] = item.split(' as ')
    return `__vite_ssr_exportName__("${exported}", () => { try { return ${local} } catch {} }); `
  })
  const rest = head.slice(at).replace(TOKENS, (token) => {
    if (token === 'import.meta') return '__vite_ssr_import_meta__'
    if (token === 'import(') return '__vite_ssr_dynamic_import__('
    const variable = variables.get(token)
    return variable === undefined ? token : `(0,${variable})`
  })
  return `${getters.join('')}${statements.join('')}function ${rest}`
}

/** Whether the Vite at hand gives heads the form that is written here. */
export async function isKnownForm(): Promise<boolean> {
  const made = await moduleRunnerTransform(SAMPLE, NO_MAP, '', '')
  const known = writeHead(SAMPLE)
  return made !== null && known !== undefined && toWords(made.code) === toWords(known)
}

function toWords(code: string): string {
  return code.trim().replaceAll(/\s+/g, ' ')
}
