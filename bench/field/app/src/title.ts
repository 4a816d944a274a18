const SUFFIX = 'bench'

/** A value that another module reads while it starts. */
export const EDITION = 'version 0'

export function toTitle(words: readonly string[]): string {
  return [...words, SUFFIX].join(' · ')
}
