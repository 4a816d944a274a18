import { writeFileSync } from 'node:fs'
import type { Answer } from './answer.ts'
import { diffTexts } from './git.ts'
import type { Probe } from './probe.ts'
import type { Difference, StateChange, StateFate } from './result.ts'
import type { Workplace } from './workplace.ts'

/** Answers of one server to all probes, in their order. */
export type Answers = readonly Answer[]

export async function findDifferences(
  probes: readonly Probe[],
  { expected, actual, again }: { expected: Answers; actual: Answers; again: Answers },
  place: Workplace,
): Promise<Difference[]> {
  const differences: Difference[] = []
  for (const [index, probe] of probes.entries()) {
    const [before, after] = [expected[index]?.text ?? '', actual[index]?.text ?? '']
    if (before === after) continue
    const files = [place.temporaryFile('expected'), place.temporaryFile('actual')] as const
    writeFileSync(files[0], toLines(before))
    writeFileSync(files[1], toLines(after))
    const diff = (await diffTexts(...files)) ?? ''
    differences.push({ probe: probe.name, diff, isVolatile: again[index]?.text !== before })
  }
  return differences
}

/** What the process remembered, before the update and after it; a cold server tells what it is in the beginning. */
export function compareState(
  probes: readonly Probe[],
  { before, after, cold }: { before: Answers; after: Answers; cold: Answers | undefined },
): StateChange[] {
  return probes.flatMap((probe, index) =>
    probe.state.map((place) => {
      const was = before[index]?.state.get(place)
      const is = after[index]?.state.get(place)
      const fresh = cold?.[index]?.state.get(place)
      return { what: `${probe.name} ${place}`, fate: toFate(was, is, fresh), before: was, after: is }
    }),
  )
}

function toFate(was: string | undefined, is: string | undefined, fresh: string | undefined): StateFate {
  if (was === undefined || is === undefined || was === fresh) return 'untold'
  if (was === is) return 'kept'
  if (is === fresh) return 'lost'
  return isFurther(was, is) ? 'kept' : 'changed'
}

/** Numbers at one place that have all gone on from where they were, such as a count of requests. */
function isFurther(was: string, is: string): boolean {
  const [before, after] = [toNumbers(was), toNumbers(is)]
  return before.length === after.length && before.every((number, index) => number <= (after[index] ?? Number.NaN))
}

function toNumbers(found: string): number[] {
  const values = JSON.parse(found) as readonly unknown[]
  // What a pattern finds is text.
  return values.map((value) =>
    typeof value === 'string' ? Number(/\d+/.exec(value)?.[0]) : typeof value === 'number' ? value : Number.NaN,
  )
}

/** A document in one line is spread out, so that a diff shows the place. */
function toLines(text: string): string {
  const at = text.indexOf('\n\n') + 2
  try {
    return `${text.slice(0, at)}${JSON.stringify(JSON.parse(text.slice(at)), null, 2)}\n`
  } catch {
    return `${text}\n`
  }
}
