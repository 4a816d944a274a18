import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { git } from './git.ts'
import type { Options } from './options.ts'
import { holdWorkspaceLinks, linkPackages } from './packages.ts'

/** Files on which depends what is installed. */
const MANIFESTS = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
]

/** A clone in a temporary folder, in which one commit after the other is checked out. */
export class Workplace {
  /** The clone. */
  readonly root: string
  /** Where commands run. */
  readonly cwd: string
  readonly #temporary: string
  readonly #options: Options
  /** Which packages are linked. */
  #linked: string | undefined

  private constructor(temporary: string, options: Options) {
    this.#temporary = temporary
    this.#options = options
    this.root = path.join(temporary, path.basename(options.repository, '.git') || 'repository')
    this.cwd = path.join(this.root, options.folder)
  }

  /** The clone shares the objects of the repository, which is not written to. */
  static async create(options: Options): Promise<Workplace> {
    const place = new Workplace(realpathSync(mkdtempSync(path.join(tmpdir(), 'hot-node-replay-'))), options)
    folders.add(place.#temporary)
    await git(place.#temporary, 'clone', '--quiet', '--shared', '--no-checkout', options.repository, place.root)
    return place
  }

  /** A file beside the clone, for what is to be compared. */
  temporaryFile(name: string): string {
    return path.join(this.#temporary, name)
  }

  /** Brings the files of a commit there, over whatever the server has written in their place. */
  async checkOut(hash: string): Promise<void> {
    await git(this.root, 'checkout', '--quiet', '--force', '--detach', hash)
  }

  /** Removes what servers wrote, and brings files that are not in the repository. */
  async clean(): Promise<void> {
    await git(this.root, 'clean', '--quiet', '-ffdx', '--exclude=node_modules')
    for (const file of this.#options.copies)
      cpSync(path.join(this.#options.repository, file), path.join(this.root, file), { recursive: true })
  }

  /** Which packages a commit is to be run with: those of another commit serve if this is the same. */
  async packagesOf(hash: string): Promise<string> {
    if (this.#options.install === undefined) return 'linked'
    const files = this.#folders.flatMap((folder) => MANIFESTS.map((file) => path.posix.join(folder, file)))
    const tree = await git(this.root, 'ls-tree', hash, '--', ...files)
    return createHash('sha256').update(tree).digest('hex').slice(0, 12)
  }

  /** Installs the packages of the commit that is checked out, unless that has been done. */
  async install(packages: string): Promise<void> {
    const { install } = this.#options
    if (install === undefined || existsSync(this.#storeOf(packages, ''))) return
    for (const folder of this.#folders) rmSync(this.#modulesOf(folder), { recursive: true, force: true })
    this.#linked = undefined
    await promisify(execFile)('sh', ['-c', install], { cwd: this.cwd, maxBuffer: 64 * 1024 * 1024 })
    // In a workspace, what is installed in one of its folders is put into the root's.
    for (const folder of this.#folders.toReversed()) {
      const modules = this.#modulesOf(folder)
      mkdirSync(modules, { recursive: true })
      holdWorkspaceLinks(modules)
      mkdirSync(path.dirname(this.#storeOf(packages, folder)), { recursive: true })
      await rename(modules, this.#storeOf(packages, folder))
    }
  }

  /** Links packages into the clone, a few files at a time: a server may be running. */
  link(packages: string): void {
    if (this.#linked === packages) return
    const { repository, install } = this.#options
    const roots = { repository: realpathSync(repository), clone: this.root }
    for (const folder of this.#folders) {
      const source =
        install === undefined ? path.join(repository, folder, 'node_modules') : this.#storeOf(packages, folder)
      linkPackages(source, path.join(this.root, folder), roots)
    }
    this.#linked = packages
  }

  /** Folders of the repository in which packages are looked for: its root, and the one in which commands run. */
  get #folders(): string[] {
    return [...new Set(['', this.#options.folder])]
  }

  #modulesOf(folder: string): string {
    return path.join(this.root, folder, 'node_modules')
  }

  #storeOf(packages: string, folder: string): string {
    return path.join(this.#temporary, 'packages', packages, folder, 'node_modules')
  }
}

/** Folders to delete at the end, when the report has been printed: it may take long. Filled by `create`. */
const folders = new Set<string>()

process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
