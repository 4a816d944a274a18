import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const FOLDER: string = import.meta.dirname
const PACKAGES: string = join(FOLDER, 'node_modules')
const require = createRequire(import.meta.url)

interface Manifest {
  readonly version: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Installs the peers beside this file, unless they are. Their install scripts do not run: none of them is needed. */
export function installPeers(): void {
  if (existsSync(PACKAGES)) return
  console.error('Installing the peers in bench/field …')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('npm ci failed in bench/field.')
}

/** A file of a peer's package. */
export function peerFile(path: string): string {
  return join(PACKAGES, path)
}

/** The binary of the platform's package, of which npm has installed one: `bun` itself has only a script that looks for it. */
export function peerBinary(name: string, path: string): string {
  const { optionalDependencies = {} } = readManifest(peerFile(name))
  const found = Object.keys(optionalDependencies).find((platform) => existsSync(peerFile(join(platform, path))))
  if (found === undefined) throw new Error(`${name} has no binary for ${process.platform} ${process.arch}.`)
  return peerFile(join(found, path))
}

/** The version of a peer, or of a package of the root. */
export function packageVersion(name: string): string {
  const own = peerFile(name)
  if (existsSync(own)) return readManifest(own).version
  return readManifest(dirname(require.resolve(`${name}/package.json`))).version
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
