import { utimesSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Plugin } from 'vite'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/protocol/outcome.ts'
import { createStory, HOSTS } from '../support/story/index.ts'

/** By which a server in the middle of its start-up hands out what lets it go on. */
const door = globalThis as typeof globalThis & { openTheDoor?: () => void }

describe.each(HOSTS)('saves that meet one another in %s', (host) => {
  test('a save while another is being applied: both are applied, the later one last', async () => {
    const story = await createStory({ host })
    const greet = story.module(`export const greet = () => 'one'`)
    const main = story.module(`
      import { greet } from ${greet}
      const steps: string[] = []
      async function main() {
        await new Promise((resolve) => setTimeout(resolve, 5))
        steps.push('started one')
      }
      await main()
      export const probe = () => [greet(), ...steps]`)
    await story.start(main)

    // The first one re-runs main(), which takes a while; the others arrive meanwhile.
    const deliveries = [
      ...story.announce({ [main.path]: ['started one', 'started two'] }),
      ...story.announce({ [greet.path]: ["'one'", "'two'"] }),
      ...story.announce({ [greet.path]: ["'two'", "'three'"] }),
    ]
    await Promise.all(deliveries)
    await story.settled()

    expect(await story.probe()).toStrictEqual({ value: ['three', 'started two'] })
    expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
  })

  test('fifty saves as fast as they come: the last one wins, whatever was left out', async () => {
    const story = await createStory({ host })
    const greet = story.module(`export const greet = () => 0`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)

    const deliveries: Promise<void>[] = []
    for (let n = 1; n <= 50; n++)
      deliveries.push(...story.announce({ [greet.path]: `export const greet = () => ${n}` }))
    await deliveries.at(-1)
    await story.settled()

    expect(await story.probe()).toStrictEqual({ value: 50 })
  })

  test('files that the watcher sees together are one update, however late Vite hands one over', async () => {
    const slow = { name: 'slow', watchChange: (id: string) => (id.endsWith('two.ts') ? pause(50) : undefined) }
    const story = await createStory({ host, plugins: () => [slow] })
    const one = story.module(`export const one = 1`, 'one.ts')
    const two = story.module(`export const two = 2`, 'two.ts')
    const main = story.module(`
      import { one } from ${one}
      import { two } from ${two}
      export const probe = () => [one, two]`)
    await story.start(main)

    expect(await story.save({ [one.path]: ['= 1', '= 10'], [two.path]: ['= 2', '= 20'] })).toMatchObject({
      rung: 'patch',
      patched: [{ what: ['one'] }, { what: ['two'] }],
    })
    expect(await story.probe()).toStrictEqual({ value: [10, 20] })
  })

  test('a save during start-up is not lost', async () => {
    const story = await createStory({ host })
    const greet = story.module(`export const greet = () => 'one'`)
    const main = story.module(`
      import { greet } from ${greet}
      await new Promise<void>((resolve) => { (globalThis as any).openTheDoor ??= resolve })
      const started = greet()
      export const probe = () => [greet(), started]`)
    const starting = story.start(main)
    const open = await until(() => door.openTheDoor)
    delete door.openTheDoor

    const deliveries = story.announce({ [greet.path]: ["'one'", "'two'"] })
    open()
    await Promise.all([starting, ...deliveries])
    await story.settled()

    expect(await story.probe()).toStrictEqual({ value: ['two', 'two'] })
  })

  test('a save the watcher did not tell of is found', async () => {
    const story = await createStory({ host })
    const greet = story.module(`export const greet = () => 'one'`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)
    const found = nextOutcome(story, (outcome) => outcome.rung === 'patch' && story.read(greet.path).includes('three'))

    await Promise.all(story.announce({ [greet.path]: ["'one'", "'two'"] }))
    story.file(greet.path, `export const greet = () => 'three'`)

    await found
    await expect.poll(() => story.probe()).toStrictEqual({ value: 'three' })
  })

  test('a file that is empty when Vite reads it, because it is saved again, is read again before its update', async () => {
    let isWritten = false
    const writer: Plugin = {
      name: 'writer',
      load(id) {
        if (!isWritten || !id.endsWith('counter.ts')) return null
        isWritten = false
        // A second later, as far as anybody can tell: the clock of a file system is coarse.
        utimesSync(id, new Date(), new Date(Date.now() + 1_000))
        return ''
      },
    }
    const story = await createStory({ host, plugins: () => [writer] })
    const starts = story.module(`export const starts: string[] = []`)
    // Nobody would miss an export of it: as an empty module it is one whose statements were removed.
    const counter = story.module(
      `import { starts } from ${starts}
      const told = () => 'one'
      starts.push('counter')
      export const tell = () => told()`,
      'counter.ts',
    )
    const main = story.module(`
      import { starts } from ${starts}
      import * as counter from ${counter}
      export const probe = () => [counter.tell(), ...starts]`)
    await story.start(main)
    const outcomes: Outcome[] = []
    story.onOutcome((outcome) => outcomes.push(outcome))

    isWritten = true
    await story.edit(counter, ["'one'", "'two'"])
    await pause(150)
    await story.settled()

    expect(outcomes).toMatchObject([{ rung: 'patch' }])
    expect(await story.probe()).toStrictEqual({ value: ['two', 'counter'] })
  })

  test('a file that another plugin has transformed before its update is made is not passed over', async () => {
    const early: Plugin = {
      name: 'early',
      async hotUpdate({ modules }) {
        for (const { url } of modules) await this.environment.transformRequest(url)
      },
    }
    const story = await createStory({ host, plugins: () => [early] })
    const greet = story.module(`export const greet = () => 'one'`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)

    expect(await story.edit(greet, ["'one'", "'two'"])).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toStrictEqual({ value: 'two' })
  })

  test('a file saved twice in a moment is updated twice, and not a third time', async () => {
    const story = await createStory({ host })
    const greet = story.module(`export const greet = () => 'one'`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)
    const outcomes: Outcome[] = []
    story.onOutcome((outcome) => outcomes.push(outcome))

    await story.edit(greet, ["'one'", "'two'"])
    await story.edit(greet, ["'two'", "'three'"])
    await pause(150)
    await story.settled()

    expect(outcomes).toMatchObject([{ rung: 'patch' }, { rung: 'patch' }])
  })

  test('a call that is under way ends with the code it began with', async () => {
    const story = await createStory({ host })
    const main = story.module(`
      let release!: () => void
      export const open = () => release()
      export async function work() {
        const begun = 'one'
        await new Promise<void>((resolve) => { release = resolve })
        return begun + ' ends as one'
      }
      export const probe = () => 'one'`)
    await story.start(main)

    const working = story.call('work')
    await story.edit(main, (source) => source.replaceAll("'one'", "'two'").replace('ends as one', 'ends as two'))
    await story.call('open')

    expect(await working).toBe('one ends as one')
    const next = story.call('work')
    await story.call('open')
    expect(await next).toBe('two ends as two')
  })

  test('a generator that is under way ends with the code it began with', async () => {
    const story = await createStory({ host })
    const main = story.module(`
      export function* count() { yield 'a1'; yield 'a2' }
      export const probe = () => [...count()]`)
    await story.start(main)
    const under = (await story.call('count')) as Generator<string>
    expect(under.next().value).toBe('a1')

    await story.edit(main, [
      ["'a1'", "'b1'"],
      ["'a2'", "'b2'"],
    ])

    expect([...under]).toEqual(['a2'])
    expect(await story.probe()).toStrictEqual({ value: ['b1', 'b2'] })
  })

  // vite-node's process ends with a first start that fails, and its runner never asks for the module again.
  test.runIf(host === 'module runner')('a start that fails can be tried again after a repair', async () => {
    const story = await createStory({ host })
    const greet = story.module(`export const greet = () => 'one`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await expect(story.start(main)).rejects.toThrow(/greet|module-1|Unterminated/i)

    await Promise.all(story.announce({ [greet.path]: `export const greet = () => 'one'` }))
    await story.settled()

    await story.start(main)
    expect(await story.probe()).toStrictEqual({ value: 'one' })
  })
})

function nextOutcome(
  story: { onOutcome(listener: (outcome: Outcome) => void): () => void },
  isWanted: (outcome: Outcome) => boolean,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const stop = story.onOutcome((outcome) => {
      if (!isWanted(outcome)) return
      stop()
      resolve(outcome)
    })
  })
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}
