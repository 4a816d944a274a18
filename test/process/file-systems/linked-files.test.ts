import { expect, test } from 'vitest'
import { AXES, followLink } from './links.ts'

// A file of its own, so that one worker need not tell them all.
test.for(AXES)('a file that is a link is followed: $host, $watcher, preserveSymlinks: $preserves', async (axis) => {
  expect(
    await followLink({ at: 'src/words.ts', one: '../versions/one/words.ts', two: '../versions/two/words.ts' }, axis),
  ).toBe('three')
})
