import { expect, test } from 'vitest'
import { MANNERS } from '../../support/process/index.ts'
import { toWords, WATCHERS, Words } from './server.ts'

test.for(WATCHERS)('every manner of saving is one update, time and again: $host, $watcher', async (axis) => {
  const server = await Words.start(axis)
  await server.answer()

  // Each twice: the second time finds what the first did to the watcher.
  for (const [index, how] of MANNERS.flatMap((manner) => [manner, manner]).entries()) {
    const word = `${how}-${index}`
    const printed = await server.change(() => server.project.save('src/words.ts', toWords(word), { how }))
    expect({ word, printed }).toEqual({ word, printed: ['patched src/words.ts: words() · kept everything'] })
    expect(await server.answer()).toBe(word)
  }
})
