import { expect, test } from 'vitest'
import { check } from './check.ts'

/** What every run of these tests checks. Other programs: `npm run equivalence`. */
const SEED = 4

const PROGRAMS = 500

test(`${PROGRAMS} programs answer as a cold start after each of ten edits, and keep the rest`, async () => {
  const { counts, counterExample } = await check({ programs: PROGRAMS, seed: SEED })

  expect(counterExample).toBeUndefined()
  // Most of them have to be worth something.
  expect(counts.get('programs')).toBeGreaterThan(PROGRAMS * 0.9)
  expect(counts.get('edits: patch')).toBeGreaterThan(PROGRAMS)
  expect(counts.get('edits: re-run')).toBeGreaterThan(PROGRAMS)
  expect(counts.get('edits: failed')).toBeGreaterThan(PROGRAMS / 4)
}, 300_000)
