import { expect, test } from 'vitest'
import { AXES, followLink } from './links.ts'

// A file of its own, so that one worker need not tell them all.
test.for(AXES)('a folder that is a link is followed: $host, $watcher, preserveSymlinks: $preserves', async (axis) => {
  expect(await followLink({ at: 'src', one: 'versions/one', two: 'versions/two' }, axis)).toBe('three')
})
