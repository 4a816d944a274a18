import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** What tools leave in `node_modules` for themselves. */
const CACHES = new Set(['.cache', '.vite', '.vite-temp', '.package-lock.json'])

const INSIDE = path.join(import.meta.dirname, 'inside')

/**
 * Makes `node_modules` in a folder: a link to each package of another one, and what a replay adds. `vite-plugin-hot-node`
 * is the one built here, whatever version the repository has, and so is what `vite-node` runs. Vite is added where the
 * repository has none.
 */
export function linkPackages(source: string, folder: string): void {
  const packages = new Map([
    ['vite', path.dirname(createRequire(import.meta.url).resolve('vite/package.json'))],
    ...listEntries(source).filter(([name]) => name !== '.bin' && !CACHES.has(name)),
    ['vite-plugin-hot-node', path.join(INSIDE, 'package')],
  ])
  replaceLinks(path.join(folder, 'node_modules'), packages, new Set(['.bin', ...CACHES]))
  const commands = new Map([
    ...listEntries(path.join(source, '.bin')),
    ['vite-node', path.join(INSIDE, 'vite-node.mjs')] as const,
  ])
  replaceLinks(path.join(folder, 'node_modules/.bin'), commands, new Set())
}

function listEntries(folder: string): [string, string][] {
  return existsSync(folder) ? readdirSync(folder).map((name) => [name, path.join(folder, name)]) : []
}

/** Brings the links in a folder up to date, and leaves alone those that are right. */
function replaceLinks(folder: string, links: ReadonlyMap<string, string>, others: ReadonlySet<string>): void {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    const target = links.get(name)
    const file = path.join(folder, name)
    const isRight = target !== undefined && lstatSync(file).isSymbolicLink() && readlinkSync(file) === realOf(target)
    if (!isRight && !others.has(name)) rmSync(file, { recursive: true, force: true })
  }
  for (const [name, target] of links) {
    const file = path.join(folder, name)
    if (!lstatSync(file, { throwIfNoEntry: false })) symlinkSync(realOf(target), file)
  }
}

/** A link may be broken. */
function realOf(target: string): string {
  return existsSync(target) ? realpathSync(target) : target
}
