import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** No hooks: those of a developer are none of the replay's. */
const SETTINGS = ['-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false', '-c', 'core.quotePath=false']

/** Runs git in a folder. Returns what it printed; throws, with what it complained of, if it fails. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute('git', ['-C', folder, ...SETTINGS, ...args], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.trimEnd()
}

/** What git finds different between two texts, or undefined. */
export async function diffTexts(before: string, after: string): Promise<string | undefined> {
  if (before === after) return undefined
  return execute('git', ['diff', '--no-index', '--no-color', '--unified=2', before, after]).then(
    () => undefined,
    // It exits with 1 when there is a difference.
    (error: { code?: number; stdout?: string }) => {
      if (error.code !== 1 || error.stdout === undefined) throw error
      return error.stdout.slice(error.stdout.indexOf('@@')).trimEnd()
    },
  )
}
