import { statSync } from 'node:fs'
import path from 'node:path'
import { createFilter, normalizePath, type ViteDevServer } from 'vite'
import type { Task } from '../messages.ts'

const MAGIC = /[*?{}[\]()!+@]/

/**
 * Calls back when a file is saved that lives outside any module: the Vite config and what it imports, `.env` files, and those
 * named on the command line. Vite would make a new server in this process for the first of them; here, that is a new process.
 */
export function whenOutdated(
  vite: ViteDevServer,
  { include, envFiles }: Task,
  callback: (file?: string) => void,
): void {
  vite.restart = () => {
    callback()
    return Promise.resolve()
  }
  const patterns = include.map(toPattern)
  const isIncluded = createFilter([...patterns, ...envFiles.map(normalizePath)])
  if (patterns.length + envFiles.length === 0) return
  vite.watcher.add([...patterns.map(toWatched), ...envFiles])
  for (const event of ['add', 'change', 'unlink'] as const)
    vite.watcher.on(event, (file) => {
      if (isIncluded(normalizePath(file))) callback(file)
    })
}

/** A folder stands for all that is in it. */
function toPattern(pattern: string): string {
  const absolute = normalizePath(path.resolve(pattern))
  return statSync(absolute, { throwIfNoEntry: false })?.isDirectory() ? `${absolute}/**` : absolute
}

/** The folder above the first part of a pattern that is no name. */
function toWatched(pattern: string): string {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => MAGIC.test(part))
  return first === -1 ? pattern : parts.slice(0, first).join('/') || '/'
}
