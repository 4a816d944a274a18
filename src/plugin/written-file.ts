import { existsSync, readFileSync, statSync } from 'node:fs'

/** A file that stays empty for so many milliseconds is meant to be. */
const LONGEST_WRITE = 100

/** Reads a file that may just be written: an editor that writes in place empties it first. */
export async function readWritten(file: string): Promise<string> {
  const deadline = performance.now() + LONGEST_WRITE
  for (;;) {
    const content = readOrEmpty(file)
    if (content !== '' || performance.now() > deadline || !existsSync(file)) return content
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

export function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** When it was last written, as a number that is compared and no more. */
export function writtenAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
