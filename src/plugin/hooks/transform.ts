import { relative } from 'node:path'
import { createFilter } from 'vite'
import { RELOAD_QUERY, RUNTIME_ID } from '../../protocol/index.ts'
import { RUNTIME_URL } from './runtime-module.ts'
import type { ResolvedOptions } from '../options.ts'
import { type HotCode, type ModuleFacts, toHotCode, toOpaqueCode } from '../hot-code.ts'
import type { HotCodeCache } from '../hot-code-cache.ts'

/** Virtual modules that are not the user's: ours, Vite's, and helpers of what lowers syntax. */
const FOREIGN_VIRTUAL = /^\0(hot-node:|@oxc-project|vite\/|commonjs|rolldown)/

/** Whether a module is none of the user's server: such are left entirely alone. */
export function isForeign(id: string): boolean {
  return id.startsWith('\0') ? FOREIGN_VIRTUAL.test(id) : id.includes('/vite/dist/') || id.startsWith('/@')
}

/** Decides which modules become hot. */
export function createModuleFilter(options: ResolvedOptions): (id: string) => boolean {
  const filter = createFilter(options.include, options.exclude)
  return (id) => !isForeign(id) && (id.startsWith('\0') || filter(id.replace(/[?#].*$/, '')))
}

const RELOAD = new RegExp(`([?&])${RELOAD_QUERY}=\\d+&?`)

/** Whether it is an instance of a module beside its first. */
export function isReload(id: string): boolean {
  return RELOAD.test(id)
}

/** A module's id as the runtime knows it: without the query that makes a runner load it again. */
export function toModuleId(id: string): string {
  return id.replace(RELOAD, '$1').replace(/[?&]$/, '')
}

/** A module's id before a person: relative to the root where it lies inside. */
export function createLabeler(root: string): (id: string) => string {
  return (id) => {
    const file = id.replace(/^\0/, '')
    const path = relative(root, file).replaceAll('\\', '/')
    return id.startsWith('\0') || path.startsWith('..') ? file : path
  }
}

/** Makes a module hot, or opaque where it is excluded or cannot be. */
export function transformModule(
  code: string,
  id: string,
  {
    toLabel,
    isIncluded,
    isLinkedLater,
    cache,
  }: {
    readonly toLabel: (id: string) => string
    readonly isIncluded: (id: string) => boolean
    /** The module gets its import of the runtime with the form of runners. */
    readonly isLinkedLater: boolean
    readonly cache?: HotCodeCache | undefined
  },
): HotCode {
  const moduleId = toModuleId(id)
  const label = toLabel(moduleId)
  const runtime = isResolvedLater(id) ? RUNTIME_ID : RUNTIME_URL
  if (!isIncluded(id)) return toOpaqueCode(code, { id: moduleId, label, reason: 'it is excluded' }, runtime)
  const facts: ModuleFacts = { id: moduleId, label, runtime, isLinkedLater }
  const make = (): HotCode => toHotCode(code, facts)
  return cache ? cache.find(code, facts, make) : make()
}

/** Vite resolves the imports of what it takes for a script, by its extension. */
function isResolvedLater(id: string): boolean {
  return !/\.json(?:[?#]|$)/.test(id)
}
