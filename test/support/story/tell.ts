import { describe, expect, test } from 'vitest'
import type { Outcome, UpdateFailure } from '../../../src/protocol/outcome.ts'
import type { Answer } from './answer.ts'
import type { ColdStart } from './cold.ts'
import { HOSTS, type HostName } from './hosts.ts'
import { ENTRY, type FailureExpectation, type Row, type Step } from './row.ts'
import { createStory, type Story } from './story.ts'

/** Tells every row over every host. */
export function tell(title: string, rows: readonly Row[]): void {
  describe.each(HOSTS)(`${title} in %s`, (host) => {
    const told = rows.filter((row) => row.hosts?.includes(host) ?? true)
    test.for(told.map((row) => [row.name, row] as const))('%s', async ([, row]) => {
      const { observed, expected } = await tellRow(row, host)
      expect(observed).toStrictEqual(expected)
    })
  })
}

/** What is compared of a row: the first start, then one entry per save. The two sides have the same shape. */
interface Telling {
  readonly observed: unknown[]
  readonly expected: unknown[]
}

export async function tellRow(row: Row, host: HostName): Promise<Telling> {
  const story = await createStory({ host, plugins: row.plugins })
  for (const [path, source] of Object.entries(row.files ?? {})) story.file(path, source)
  story.file(ENTRY, row.server)
  await story.start(ENTRY)

  const telling: Telling = { observed: [{ answer: await story.probe() }], expected: [await story.cold()] }
  for (const step of row.edits) {
    const { observed, expected } = await takeStep(story, step)
    telling.observed.push(observed)
    telling.expected.push(expected)
  }
  return telling
}

async function takeStep(story: Story, step: Step): Promise<{ observed: object; expected: object }> {
  for (const name of step.calls ?? []) await story.call(name)
  const answerBefore = await story.probe()
  const before = await remember(story)

  const outcome = await story.save(step.changes)

  const cold = await story.cold()
  const answer = await story.probe()
  const after = await remember(story)
  const fails = step.rung === 'failed'
  return {
    observed: {
      rung: outcome.rung,
      answer: answer,
      cold: describeCold(cold, answerBefore),
      state: after.state,
      objects: compareObjects(before, after),
      ...observeDetails(outcome, step),
      outcome,
    },
    expected: {
      rung: expectedRung(step, outcome),
      answer: fails || 'failedToStart' in cold ? answerBefore : cold.answer,
      cold: expectedCold(step),
      state: 'state' in step ? step.state : before.state,
      objects: expectedObjects(step, before, after),
      ...expectedDetails(step, outcome),
      outcome,
    },
  }
}

function expectedRung({ rung }: Step, outcome: Outcome): string {
  if (typeof rung === 'string') return rung
  return rung.includes(outcome.rung) ? outcome.rung : rung.join(' or ')
}

type ColdDescription = 'fails to start' | 'answers as before' | 'answers otherwise'

/** Whether the row is about an edit at all: one which a cold start does not notice would prove nothing. */
function describeCold(cold: ColdStart, answerBefore: Answer): ColdDescription {
  if ('failedToStart' in cold) return 'fails to start'
  return JSON.stringify(cold.answer) === JSON.stringify(answerBefore) ? 'answers as before' : 'answers otherwise'
}

function expectedCold(step: Step): unknown {
  if (step.rung !== 'failed') return step.sameAnswer ? 'answers as before' : 'answers otherwise'
  return step.coldRuns ? expect.stringMatching(/^answers/) : 'fails to start'
}

interface Memory {
  readonly state: unknown
  readonly retained: Readonly<Record<string, unknown>>
}

async function remember({ exports: { state, retained } }: Story): Promise<Memory> {
  return {
    state: typeof state === 'function' ? structuredClone(await state()) : undefined,
    retained: typeof retained === 'function' ? { ...(await retained()) } : {},
  }
}

function compareObjects(before: Memory, after: Memory): Record<string, string> {
  return mapShared(before, after, (key) => (Object.is(after.retained[key], before.retained[key]) ? 'same' : 'other'))
}

function expectedObjects(step: Step, before: Memory, after: Memory): Record<string, unknown> {
  return mapShared(before, after, (key) => {
    if (!step.recreated?.includes(key)) return 'same'
    return typeof step.rung === 'string' ? 'other' : expect.any(String)
  })
}

function mapShared<T>(before: Memory, after: Memory, map: (key: string) => T): Record<string, T> {
  const shared = Object.keys(before.retained).filter((key) => key in after.retained)
  return Object.fromEntries(shared.map((key) => [key, map(key)]))
}

/** What the outcome says of what the row asks about. */
function observeDetails(outcome: Outcome, step: Step): object {
  return {
    ...(step.patched && 'patched' in outcome && { patched: outcome.patched.flatMap((change) => change.what) }),
    ...(step.why && 'why' in outcome && { why: outcome.why }),
    ...(step.failure && 'failure' in outcome && observeFailure(outcome.failure)),
  }
}

function observeFailure({ message, location }: UpdateFailure): object {
  return { message, at: location && [location.file.split('/').at(-1), location.line] }
}

function expectedDetails(step: Step, outcome: Outcome): object {
  return {
    ...(step.patched && 'patched' in outcome && { patched: step.patched }),
    ...(step.why && 'why' in outcome && { why: step.why }),
    ...(step.failure && 'failure' in outcome && expectedFailure(step.failure)),
  }
}

function expectedFailure({ message, at }: FailureExpectation): object {
  return {
    message: message ? expect.stringMatching(message) : expect.any(String),
    at: at ?? expect.toSatisfy(() => true),
  }
}
