import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Emptied by `npm ci`, like all that packages left there. */
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/node')

/** A Node of the matrix. */
export interface NodeBinary {
  readonly file: string
  /** Such as `v24.1.0`. */
  readonly version: string
}

/**
 * The newest Node of a major version: the one that runs this, or one from npm, of some 190 MB, which is fetched once.
 *
 * @param major such as 24
 * @throws what npm said, for a version or a platform that it has none for
 */
export async function nodeOf(major: number): Promise<NodeBinary> {
  if (process.versions.node.startsWith(`${major}.`)) return { file: process.execPath, version: process.version }
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const folder = path.join(CACHE, String(major))
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  const file = path.join(folder, 'node_modules', name, 'bin', executable)
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true })
    // Without a prefix, npm would take the package for one of this project's.
    await run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${major}`])
  }
  const { stdout } = await run(file, ['--version'])
  return { file, version: stdout.trim() }
}
