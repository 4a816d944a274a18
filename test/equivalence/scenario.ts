import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from '../../src/protocol/index.ts'
import { startCold } from './process/cold-process.ts'
import { HotProcess } from './process/hot-process.ts'
import { answersOf, askHeld, type Entry, hitAll, look, type Running } from './probe.ts'
import { build, type Plan } from './program/build.ts'
import { Choices } from './program/choices.ts'
import { type Edit, edit } from './program/edits.ts'
import { type Item, type ItemId, itemsOf, type Module, placesOf, type Program } from './program/model.ts'
import { type Files, render, toName } from './program/render.ts'
import { Past, startUpOf } from './program/start-up.ts'

/** A program and what is done to it: numbers, and nothing else. */
export interface Scenario extends Plan {
  /** Of each edit: the numbers that decide it. */
  readonly edits: readonly (readonly number[])[]
}

/** The start, or a save. */
export interface Step {
  readonly label: string
  readonly files: Files
  /** What the save came to. Written once it is known. */
  outcome?: Outcome
}

/** What a save came to that was not what it had to be. */
export class CounterExample extends Error {
  readonly history: readonly Step[]

  constructor(message: string, history: CounterExample['history']) {
    super(message)
    this.name = 'CounterExample'
    this.history = history
  }
}

/** How often what happened, over all scenarios of a run. */
export class Tally {
  readonly counts = new Map<string, number>()

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}

/**
 * Runs a scenario: starts its program hot, and after each save compares it with a cold start of the same files.
 *
 * @throws {CounterExample} if an answer is another, or an object that nothing changed is behind
 */
export async function run(scenario: Scenario, tally: Tally): Promise<void> {
  let program = build(scenario)
  const files = render(program)
  const history: Step[] = [{ label: 'start', files }]
  const first = await answersOfCold(program, files)
  if (!first) return tally.count('programs that do not start')
  tally.count('programs')
  const hot = new HotProcess(files)
  try {
    const check = new Check(hot, await hot.start(), history)
    await check.started(program, first)
    let before: Program | undefined
    for (const numbers of scenario.edits) {
      const next = edit(program, before, new Choices(numbers))
      if (!next) continue
      const cold = await answersOfCold(next.program, next.files)
      if (!cold && !next.isBroken) {
        tally.count('edits after which nothing starts')
        continue
      }
      if (cold && next.isBroken) throw new Error(`${next.label} does not keep a cold start from starting.`)
      const outcome = await check.saved(next, program, cold)
      tally.count(`edits: ${outcome.rung}`)
      if (next.isBroken) continue
      before = program
      program = next.program
    }
  } finally {
    await hot.close()
  }
}

type Answers = Awaited<ReturnType<typeof answersOf>>

async function answersOfCold(program: Program, files: Files): Promise<Answers | undefined> {
  const entry = await startCold(files).catch(() => undefined)
  const answers = entry && (await answersOf(program, look(program, entry)))
  return answers && isWhole(answers) ? answers : undefined
}

/**
 * In a cycle, a module may have read what another had not declared yet. That is an error in the language (ECMAScript,
 * GetBindingValue), but Vite's module runner gives `undefined` for a default export and for what is read through a
 * namespace, which makes sums that are no number, and objects with functions that are none.
 */
function isWhole(answer: unknown): boolean {
  if (typeof answer === 'number') return !Number.isNaN(answer)
  if (typeof answer !== 'object' || answer === null) return true
  return !('throws' in answer) && Object.values(answer).every(isWhole)
}

/** Compares one hot process with cold ones. */
class Check {
  readonly #hot: HotProcess
  readonly #entry: Entry
  readonly #history: Step[]
  readonly #past = new Past()
  /** What somebody got hold of when it first appeared, and what it has to remain to be the same. */
  readonly #held = new Map<ItemId, { readonly like: string; readonly value: unknown }>()

  constructor(hot: HotProcess, entry: Entry, history: Step[]) {
    this.#hot = hot
    this.#entry = entry
    this.#history = history
  }

  async started(program: Program, cold: Answers): Promise<void> {
    const running = look(program, this.#entry)
    this.#compare(await answersOf(program, running), cold)
    this.#hold(program, running)
  }

  /** @param cold answers of a cold start, or nothing if it fails */
  async saved(next: Edit, programBefore: Program, cold: Answers | undefined): Promise<Outcome> {
    hitAll(programBefore, this.#entry)
    const before = look(programBefore, this.#entry)
    const answersBefore = await answersOf(programBefore, before)
    const step: Step = { label: next.label, files: next.files }
    this.#history.push(step)
    const outcome = await this.#hot.save(next.files)
    step.outcome = outcome
    if (next.isBroken !== (outcome.rung === 'failed'))
      this.#fail(next.isBroken ? 'a broken save was applied' : 'a save failed')
    const after = look(next.program, this.#entry)
    this.#compare(await answersOf(next.program, after), cold ?? answersBefore)
    this.#compareObjects(programBefore, before, next.program, after)
    await this.#compareHeld(next.program, cold ?? answersBefore)
    this.#hold(next.program, after)
    return outcome
  }

  #compare(hot: Answers, cold: Answers): void {
    for (const what of new Set([...Object.keys(hot), ...Object.keys(cold)]))
      if (!isDeepStrictEqual(hot[what], cold[what]))
        this.#fail(`${what} answers ${JSON.stringify(hot[what])}, a cold start ${JSON.stringify(cold[what])}`)
  }

  /** What no changed code is behind is what it was. */
  #compareObjects(programBefore: Program, before: Running, program: Program, after: Running): void {
    this.#past.note(programBefore)
    const was = startUpOf(programBefore, program, this.#past)
    const is = startUpOf(program, programBefore, this.#past)
    for (const item of itemsOf(program)) {
      const { id } = item
      if (!before.exports.has(id) || !after.exports.has(id) || was(id) !== is(id)) continue
      if (!Object.is(before.exports.get(id), after.exports.get(id))) this.#fail(`${toName(item)} is another object`)
      if (before.hits.get(id) !== after.hits.get(id))
        this.#fail(`${toName(item)} was ${before.hits.get(id)} and is ${after.hits.get(id)}`)
    }
  }

  /** A function or class that somebody got hold of earlier runs the new code. */
  async #compareHeld(program: Program, cold: Answers): Promise<void> {
    for (const [id, { item, module }] of placesOf(program)) {
      const held = this.#held.get(id)
      if (!held || held.like !== toLikeness(item, module)) continue
      const name = toName(item)
      const answer = await askHeld(item, held.value)
      if (!isDeepStrictEqual(answer, cold[name]))
        this.#fail(
          `${name}, held since it was made, answers ${JSON.stringify(answer)}, a cold start ${JSON.stringify(cold[name])}`,
        )
    }
  }

  #hold(program: Program, running: Running): void {
    const places = placesOf(program)
    for (const id of this.#held.keys()) if (!places.has(id)) this.#held.delete(id)
    for (const [id, { item, module }] of places) {
      const like = toLikeness(item, module)
      if (like !== undefined && this.#held.get(id)?.like !== like)
        this.#held.set(id, { like, value: running.exports.get(id) })
    }
  }

  #fail(what: string): never {
    throw new CounterExample(what, this.#history)
  }
}

/** A function that is moved, or of another form, is another function. Other items are not held. */
function toLikeness(item: Item, { name }: Module): string | undefined {
  if (item.kind === 'function') return `${name} ${item.form}`
  return item.kind === 'class' ? name : undefined
}
