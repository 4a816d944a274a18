import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file that a path or URL names, as ids of modules name theirs. */
export function toScriptFile(path: string | URL): string | undefined {
  if (typeof path === 'string') return resolve(path).replaceAll('\\', '/')
  return path.protocol === 'file:' ? fileURLToPath(path).replaceAll('\\', '/') : undefined
}
