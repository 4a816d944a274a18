import { beforeEach } from 'vitest'
import { createStory, type HostName, type Story } from '../../support/story/index.ts'

/** What modules of a story say, by `say()`: a global function, as to call one of a module would be an effect on it. */
export const said: unknown[] = []

beforeEach(() => {
  said.length = 0
  Object.assign(globalThis, { say: (...words: unknown[]) => void said.push(words.length === 1 ? words[0] : words) })
})

/** What was said since this was last asked. */
export function takeSaid(): unknown[] {
  return said.splice(0)
}

/** A started story of these files, the entry among them. */
export async function start(host: HostName, files: Readonly<Record<string, string>>): Promise<Story> {
  const story = await createStory({ host })
  for (const [path, source] of Object.entries(files)) story.file(path, source)
  await story.start('server.ts')
  return story
}
