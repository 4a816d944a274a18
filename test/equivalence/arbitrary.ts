import * as fc from 'fast-check'
import type { Scenario } from './scenario.ts'

/** How many numbers decide an item, or an edit. What they leave open is decided for the simplest. */
const NUMBERS = 24

export const EDITS = 10

const MODULES_AT_MOST = 12
const ITEMS_AT_MOST = 30

const numbers = fc.array(fc.nat({ max: 9_999 }), { minLength: NUMBERS, maxLength: NUMBERS })

/** Any program, and ten edits of it. Most programs are small: of those, more can be had. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  modules: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: MODULES_AT_MOST })),
  items: fc.oneof(
    { arbitrary: fc.array(numbers, { minLength: 1, maxLength: 8, size: 'max' }), weight: 4 },
    { arbitrary: fc.array(numbers, { minLength: 8, maxLength: ITEMS_AT_MOST, size: 'max' }), weight: 1 },
  ),
  edits: fc.array(numbers, { minLength: EDITS, maxLength: EDITS }),
})
