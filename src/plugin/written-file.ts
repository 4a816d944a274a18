import { existsSync, readFileSync, statSync } from 'node:fs'

/** A file that stays empty for so many milliseconds is meant to be. */
const LONGEST_WRITE = 100

/** What a file held, and when it was written: a number that is compared and no more. */
export interface Written {
  readonly content: string
  readonly at: number | undefined
}

/** Reads a file that may just be written: an editor that writes in place empties it first. */
export async function readWritten(file: string): Promise<Written> {
  const deadline = performance.now() + LONGEST_WRITE
  for (;;) {
    const written = readNow(file)
    if (written.content !== '' || performance.now() > deadline || !existsSync(file)) return written
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Reads a file as it is. One that is not there is empty. */
export function readNow(file: string): Written {
  if (isNoName(file)) return { content: '', at: undefined }
  // First, so that what is written while it is read counts as later.
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  try {
    return { content: readFileSync(file, 'utf8'), at }
  } catch {
    return { content: '', at }
  }
}

export function isSame(one: Written, other: Written | undefined): boolean {
  return one.content === other?.content && one.at === other.at
}

/** When a file was written, or put in its place, in milliseconds of the clock. Nothing where there is none. */
export function changedAt(file: string): number | undefined {
  const stats = isNoName(file) ? undefined : statSync(file, { throwIfNoEntry: false })
  return stats && Math.max(stats.mtimeMs, stats.ctimeMs)
}

/** The name of a virtual module is none that a file may have. */
function isNoName(file: string): boolean {
  return file.includes('\0')
}
