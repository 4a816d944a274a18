import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** What tools leave in `node_modules` for themselves. */
const CACHES = new Set(['.cache', '.vite', '.vite-temp', '.package-lock.json'])

const INSIDE = path.join(import.meta.dirname, 'inside')

interface Roots {
  /** The repository, whose working copy is none of a commit. */
  readonly repository: string
  /** The clone, in which commits are checked out. */
  readonly clone: string
}

/**
 * Makes `node_modules` in a folder: a link to each package of another one, and what a replay adds. `vite-plugin-hot-node`
 * is the one built here, whatever version the repository has, and so is what `vite-node` runs. Vite is added where the
 * repository has none. A package of the repository's own, which a workspace links, is that of the commit, with what the
 * repository has installed for it.
 */
export function linkPackages(source: string, folder: string, roots: Roots): void {
  const own = path.dirname(createRequire(import.meta.url).resolve('vite/package.json'))
  const packages = new Map([
    // In the folder of a workspace it would hide that of the root.
    ...(folder === roots.clone ? [['vite', own] as const] : []),
    ...listPackages(source).map(([name, target]) => [name, toCommit(target, roots)] as const),
    ['vite-plugin-hot-node', path.join(INSIDE, 'package')],
  ])
  replaceLinks(path.join(folder, 'node_modules'), packages)
  const commands = new Map([
    ...listEntries(path.join(source, '.bin')).map(([name, target]) => [name, toCommit(target, roots)] as const),
    ['vite-node', path.join(INSIDE, 'vite-node.mjs')] as const,
  ])
  replaceLinks(path.join(folder, 'node_modules/.bin'), commands)
  for (const [, target] of listPackages(source)) linkDependencies(target, roots)
}

/** Of a package of the repository's own. */
function linkDependencies(target: string, roots: Roots): void {
  const real = realOf(target)
  const inClone = toCommit(target, roots)
  const installed = path.join(real, 'node_modules')
  const isLinked = existsSync(path.join(inClone, 'node_modules'))
  if (inClone !== real && existsSync(installed) && !isLinked) linkPackages(installed, inClone, roots)
}

/** What a workspace links leads on to where it leads, when its `node_modules` is moved. */
export function holdWorkspaceLinks(modules: string): void {
  for (const [, file] of listPackages(modules)) {
    if (!lstatSync(file).isSymbolicLink() || isInstalled(realOf(file))) continue
    const target = realOf(file)
    rmSync(file)
    symlinkSync(target, file)
  }
}

/** Where a package of the working copy is in the clone. */
function toCommit(target: string, { repository, clone }: Roots): string {
  const real = realOf(target)
  const inside = path.relative(repository, real)
  const isOwn = !inside.startsWith('..') && !path.isAbsolute(inside) && !isInstalled(inside)
  return isOwn ? path.join(clone, inside) : real
}

function isInstalled(file: string): boolean {
  return file.split(path.sep).includes('node_modules')
}

/** Packages with their folders, scoped ones one by one. */
function listPackages(folder: string): [string, string][] {
  return listEntries(folder)
    .filter(([name]) => name !== '.bin' && !CACHES.has(name))
    .flatMap(([name, file]) =>
      name.startsWith('@')
        ? listEntries(file).map(([inner, target]): [string, string] => [`${name}/${inner}`, target])
        : [[name, file] as [string, string]],
    )
}

function listEntries(folder: string): [string, string][] {
  return existsSync(folder) ? readdirSync(folder).map((name) => [name, path.join(folder, name)]) : []
}

/** Brings the links in a folder up to date, and leaves alone those that are right. */
function replaceLinks(folder: string, links: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, file] of listPackages(folder)) {
    const isRight = lstatSync(file).isSymbolicLink() && readlinkSync(file) === links.get(name)
    if (!isRight) rmSync(file, { recursive: true, force: true })
  }
  for (const [name, target] of links) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    if (!lstatSync(file, { throwIfNoEntry: false })) symlinkSync(target, file)
  }
}

/** A link may be broken. */
function realOf(target: string): string {
  return existsSync(target) ? realpathSync(target) : target
}
