import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Not below node_modules: Vite does not watch what lies there. */
const PARENT = join(import.meta.dirname, '..', '.tmp')

/**
 * A new folder inside the repository, so that generated apps find the packages of `parent`. It is deleted when the process
 * exits.
 */
export function createTempFolder(name: string, parent: string = PARENT): string {
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, `${name}-`))
  folders.push(folder)
  return folder
}

/** Folders to delete. Filled by `createTempFolder`. */
const folders: string[] = []

process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
