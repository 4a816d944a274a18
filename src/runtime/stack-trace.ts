import { SourceMap, type SourceMapPayload } from 'node:module'
import { type ModuleId, RELOAD_QUERY, RUNTIME_SOURCE_URL } from '../protocol/index.ts'

/**
 * Makes stack traces of patched code point into the source, and leaves facades and the runtime out of them.
 *
 * A patch is evaluated under a name of its own, `/src/a.ts?hot=3`, of which Node and the runners know nothing. So
 * `Error.prepareStackTrace` is wrapped: frames of patches are mapped here, all others go to whoever mapped them before.
 * This file is the only one that touches it; read from Node 20 to 26 and vite-node 6.
 */

/** Patches of a module share this many names in turn, so that their maps do not pile up. */
const NAMES_PER_MODULE = 16

const MARKER = '?hot='
const numbers = new Map<ModuleId, number>()
const maps = new Map<string, { readonly text: string; parsed?: SourceMap }>()

/** A name for the next patch of a module, and the map its frames are read with. */
export function nextSourceUrl(id: ModuleId, map: string): string {
  const number = (numbers.get(id) ?? 0) + 1
  numbers.set(id, number)
  const url = `${id}${MARKER}${number % NAMES_PER_MODULE}`
  maps.set(url, { text: map })
  return url
}

type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown

/** Installs the wrapper; again whenever somebody has replaced it, as runners do when they start. */
export function installStackTraces(): void {
  const previous = Error.prepareStackTrace as (Prepare & { readonly isHot?: true }) | undefined
  if (previous?.isHot) return
  const prepare: Prepare = (error, frames) => {
    const shown = withoutRuntime(withoutFacades(frames)).map(toFrame)
    const result: unknown = previous
      ? previous.call(Error, error, shown)
      : `${String(error)}${shown.map((frame) => `\n    at ${String(frame)}`).join('')}`
    return typeof result === 'string' ? withoutSuffixes(result) : result
  }
  Error.prepareStackTrace = Object.assign(prepare, { isHot: true })
}

/** Implementations are named after their facades with a suffix; those of functions without a name are all suffix. */
function withoutSuffixes(trace: string): string {
  return trace.replaceAll(/^(\s+at (?:async )?)(?:[\w$]+\.)?\$hot\d* \((.*)\)$/gm, '$1$2').replaceAll(/\$hot\d*\b/g, '')
}

/** The facade's frame comes right after that of its implementation, whose name is the facade's with a suffix. */
function withoutFacades(frames: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  return frames.filter((frame, index) => {
    const inner = frames[index - 1]?.getFunctionName()
    if (!inner || !/\$hot\d*$/.test(inner)) return true
    const name = inner.replace(/\$hot\d*$/, '')
    return toFunctionName(frame) !== name
  })
}

/** Where a runner evaluates modules by `eval` or as functions, V8 calls those without a name `eval`. */
function toFunctionName(frame: NodeJS.CallSite): string {
  const name = frame.getFunctionName() ?? ''
  return name === 'eval' && frame.isEval() ? '' : name
}

/**
 * Between a program's frames, the runtime's say nothing, nor do Node's that it calls itself through, nor the one of a
 * module's top level beside that of its unit. Errors of the runtime's own keep theirs.
 */
function withoutRuntime(frames: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  const [first] = frames
  if (!first || isOfRuntime(first)) return frames
  return frames.filter((frame, index) => {
    const inner = frames[index - 1]
    if (isOfRuntime(frame)) return false
    if (!isOfRuntime(inner)) return true
    const isBetween = isOfRuntime(frames[index + 1]) && frame.getFileName()?.startsWith('node:')
    return !isBetween && inner?.getFunctionName() !== 'unit'
  })
}

function isOfRuntime(frame: NodeJS.CallSite | undefined): boolean {
  return frame?.getScriptNameOrSourceURL()?.endsWith(RUNTIME_SOURCE_URL) ?? false
}

function isPatched(frame: NodeJS.CallSite): boolean {
  return frame.getScriptNameOrSourceURL()?.includes(MARKER) ?? false
}

function toFrame(frame: NodeJS.CallSite): NodeJS.CallSite {
  if (isPatched(frame)) return toMappedFrame(frame)
  const url = frame.getScriptNameOrSourceURL()
  const file = frame.getFileName()
  return url && file && url !== file && url.includes(`${RELOAD_QUERY}=`) ? toReloadedFrame(frame, url) : frame
}

/** vite-node calls all instances of a module by one name, and would take the source map of the first. */
function toReloadedFrame(frame: NodeJS.CallSite, url: string): NodeJS.CallSite {
  return new Proxy(frame, {
    get(target, property) {
      if (property === 'getFileName') return () => url
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** A frame that says of itself that it is native: whoever formats the trace takes its text as it is. */
function toMappedFrame(frame: NodeJS.CallSite): NodeJS.CallSite {
  const url = frame.getScriptNameOrSourceURL() ?? ''
  const entry = maps.get(url)
  const line = frame.getLineNumber()
  const column = frame.getColumnNumber()
  if (!entry || entry.text === '' || line === null || column === null) return frame
  entry.parsed ??= new SourceMap(JSON.parse(entry.text) as SourceMapPayload)
  const origin = entry.parsed.findEntry(line - 1, column - 1)
  if (!('originalLine' in origin)) return frame
  const position = `${url.slice(0, url.lastIndexOf(MARKER))}:${origin.originalLine + 1}:${origin.originalColumn + 1}`
  const text = String(frame)
  const from = text.indexOf(url)
  const shown =
    from === -1
      ? `${text} (${position})`
      : text.slice(0, from) + position + text.slice(from + url.length).replace(/^:\d+:\d+/, '')
  return new Proxy(frame, {
    get(target, property) {
      if (property === 'toString') return () => shown
      if (property === 'isNative') return () => true
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
