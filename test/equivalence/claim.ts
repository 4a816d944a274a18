import { expect, test } from 'vitest'
import { check } from './check.ts'

const PROGRAMS = 2_000

/** With the time that it takes to make a counter-example small. */
const LIMIT_MS = 900_000

/**
 * A test of generated programs. Its name says the seed, so that it can be repeated.
 *
 * @param which of all programs
 */
export function claim(which: string, seed: number): void {
  test(
    `${PROGRAMS} ${which} programs (seed ${seed}) answer as a cold start after each of ten edits, and keep the rest`,
    async () => {
      const { counts, counterExample } = await check({ programs: PROGRAMS, seed })

      if (counterExample !== undefined) throw new Error(counterExample)
      // Most of them have to be worth something.
      expect(counts.get('programs')).toBeGreaterThan(PROGRAMS * 0.9)
      expect(counts.get('edits: patch')).toBeGreaterThan(PROGRAMS)
      expect(counts.get('edits: re-run')).toBeGreaterThan(PROGRAMS)
      expect(counts.get('edits: failed')).toBeGreaterThan(PROGRAMS / 4)
    },
    LIMIT_MS,
  )
}
