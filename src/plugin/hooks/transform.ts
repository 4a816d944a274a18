import { relative } from 'node:path'
import { createFilter } from 'vite'
import { RELOAD_QUERY, RUNTIME_ID } from '../../protocol/index.ts'
import { RUNTIME_URL } from './runtime-module.ts'
import type { ResolvedOptions } from '../options.ts'
import { type HotCode, toHotCode } from '../hot-code.ts'

/** Virtual modules that are not the user's: ours, Vite's, and helpers of what lowers syntax. */
const FOREIGN_VIRTUAL = /^\0(hot-node:|@oxc-project|vite\/|commonjs|rolldown)/

/** Decides which modules become hot. */
export function createModuleFilter(options: ResolvedOptions): (id: string) => boolean {
  const filter = createFilter(options.include, options.exclude)
  return (id) => {
    if (id.startsWith('\0')) return !FOREIGN_VIRTUAL.test(id)
    return !id.includes('/vite/dist/') && !id.startsWith('/@') && filter(id.replace(/[?#].*$/, ''))
  }
}

const RELOAD = new RegExp(`([?&])${RELOAD_QUERY}=\\d+&?`)

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

/** Makes a module hot. Nothing for one that cannot be. */
export function transformModule(code: string, id: string, toLabel: (id: string) => string): HotCode {
  const moduleId = toModuleId(id)
  return toHotCode(code, moduleId, toLabel(moduleId), isResolvedLater(id) ? RUNTIME_ID : RUNTIME_URL)
}

/** Vite resolves the imports of what it takes for a script, by its extension. */
function isResolvedLater(id: string): boolean {
  return !/\.json(?:[?#]|$)/.test(id)
}
