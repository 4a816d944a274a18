import * as fc from 'fast-check'
import { anyScenario } from './arbitrary.ts'
import { print } from './print.ts'
import { CounterExample, run, Tally } from './scenario.ts'

/** A counter-example is made smaller for so many milliseconds at most. */
const LONGEST_SHRINK = 60_000

export interface Checked {
  /** What happened how often: programs, edits by rung, and those that were left out. */
  readonly counts: ReadonlyMap<string, number>
  /** The smallest that was found, as files and diffs. */
  readonly counterExample: string | undefined
}

/**
 * Runs generated programs, with ten edits each.
 *
 * @param seed decides all of them (fast-check's `seed`)
 * @param path where a run with this seed failed before (fast-check's `path`)
 * @throws what is no counter-example: a defect of the generator
 */
export async function check({
  programs,
  seed,
  path,
}: {
  readonly programs: number
  readonly seed: number
  readonly path?: string | undefined
}): Promise<Checked> {
  const tally = new Tally()
  let shrinkUntil: number | undefined
  const property = fc.asyncProperty(anyScenario, async (scenario) => {
    if (shrinkUntil !== undefined && performance.now() > shrinkUntil) return
    try {
      await run(scenario, tally)
    } catch (error) {
      shrinkUntil ??= performance.now() + LONGEST_SHRINK
      throw error
    }
  })
  const result = await fc.check(property, { numRuns: programs, seed, ...(path !== undefined && { path }) })
  if (!result.failed) return { counts: tally.counts, counterExample: undefined }
  const error = result.errorInstance
  if (!(error instanceof CounterExample)) throw error
  // The rest of the path is how it was made smaller. fast-check takes gigabytes to go a long one again.
  const [program] = result.counterexamplePath!.split(':')
  const again = `npm run equivalence -- --seed ${seed} --path ${program} --programs 1`
  return { counts: tally.counts, counterExample: `${print(error)}\n\nAgain: ${again}` }
}
