import remapping, { type SourceMapInput } from '@jridgewell/remapping'
import type { ModuleVersion, OpaqueModule } from '../protocol/index.ts'
import { analyzeModule } from './analyze/module.ts'
import { analyzeOpaque } from './analyze/opaque.ts'
import { type HotModule, instrument } from './instrument/module.ts'
import { instrumentOpaque } from './instrument/opaque.ts'

/** Larger than this, a module costs more to take apart at each save than running it again does. */
const LARGEST_MODULE = 1024 * 1024

/** What the plugin made of a module. */
export type HotCode =
  | { readonly kind: 'hot'; readonly module: HotModule }
  /** `module` is absent where even its imports cannot be made out. */
  | { readonly kind: 'opaque'; readonly opaque: OpaqueModule; readonly module: HotModule | undefined }
  /** No engine would take it either. */
  | { readonly kind: 'invalid'; readonly code: string; readonly message: string; readonly position: number }

/** What there is to know of a module beside its code. */
export interface ModuleFacts {
  /** Without queries of ours. */
  readonly id: string
  /** How to call it before a person. */
  readonly label: string
  /** Where it imports the runtime from. */
  readonly runtime: string
  /** Hot code gets that import later. */
  readonly isLinkedLater: boolean
}

/**
 * Makes a module hot, or says why it cannot be.
 *
 * @param code plain ECMAScript, as Vite's own plugins leave it
 */
export function toHotCode(code: string, module: ModuleFacts): HotCode {
  const { id, label, runtime, isLinkedLater } = module
  const isTooLarge = code.length > LARGEST_MODULE
  const analysis = isTooLarge ? undefined : analyzeModule(code)
  if (analysis?.kind === 'module')
    return { kind: 'hot', module: instrument(analysis.module, id, label, isLinkedLater ? null : runtime) }
  if (analysis?.kind === 'invalid') return { ...analysis, code }
  const reason = analysis?.reason ?? `it is over ${LARGEST_MODULE / 1024 / 1024} MB`
  return toOpaqueCode(code, { id, label, reason }, runtime)
}

/** Leaves a module as it is, but for letting the runtime know of it. */
export function toOpaqueCode(code: string, opaque: OpaqueModule, runtime: string): HotCode {
  const analysis = analyzeOpaque(code)
  return { kind: 'opaque', opaque, module: analysis && instrumentOpaque(analysis, opaque, runtime) }
}

/**
 * A module's version as an update carries it.
 *
 * @param upstream map from the code that was made hot to the source
 */
export function toVersion(module: HotModule, upstream: SourceMapInput | undefined): ModuleVersion {
  const own = module.map()
  const map = upstream
    ? remapping([own as unknown as SourceMapInput, upstream], () => null, { excludeContent: true })
    : own
  // The debugger and stack traces know the module by its file.
  const sources = map.sources.map(() => module.record.id)
  return { record: module.record, code: module.code, map: JSON.stringify({ ...map, sources, file: module.record.id }) }
}
