import type { EventEmitter } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/protocol/outcome.ts'
import { createStory, type Story } from '../support/story/index.ts'

// Vite's module runner does not survive: it is part of the server that Vite closes.
describe('after Vite has restarted behind vite-node', () => {
  test('an edit is one update, of the environment that ran the module', async () => {
    const environments = new Set<string>()
    const witness: Plugin = {
      name: 'witness',
      transform(_, id) {
        if (id.endsWith('greet.ts')) environments.add(this.environment.name)
      },
    }
    const story = await createStory({ host: 'vite-node', plugins: () => [witness] })
    const greet = story.module(`export const greet = () => 'one'`, 'greet.ts')
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)

    await story.restartVite()
    environments.clear()
    const outcomes = listen(story)
    await story.edit(greet, ["'one'", "'two'"])

    expect(outcomes).toMatchObject([{ rung: 'patch', patched: [{ module: 'greet.ts', what: ['greet()'] }] }])
    expect([...environments]).toStrictEqual(['ssr'])
    expect(await story.probe()).toStrictEqual({ value: 'two' })
  })

  test('nothing of the servers before listens any more, however often', async () => {
    const emitters = new Set<EventEmitter>()
    const witness: Plugin = {
      name: 'witness',
      configureServer: (server) => () => {
        const { emitter } = server as { readonly emitter?: EventEmitter }
        // The server of the cold start has none.
        if (emitter) emitters.add(emitter)
      },
    }
    const story = await createStory({ host: 'vite-node', plugins: () => [witness] })
    const greet = story.module(`export const greet = () => 'one'`)
    await story.start(story.module(`import { greet } from ${greet}\n export const probe = () => greet()`))
    const [emitter] = emitters
    const count = emitter?.listenerCount('custom')

    for (let n = 0; n < 4; n++) await story.restartVite()
    await story.edit(greet, ["'one'", "'two'"])

    expect(await story.probe()).toStrictEqual({ value: 'two' })
    expect([...emitters]).toStrictEqual([emitter])
    expect(count).toBeGreaterThan(0)
    expect(emitter?.listenerCount('custom')).toBe(count)
  })

  test('what was saved while no watcher looked is applied', async () => {
    const story = await createStory({ host: 'vite-node' })
    const greet = story.module(`export const greet = () => 'one'`)
    const other = story.module(`export const other = () => 'a'`)
    const main = story.module(`
      import { greet } from ${greet}
      import { other } from ${other}
      export const probe = () => [greet(), other()]`)
    await story.start(main)
    const outcomes = listen(story)

    await story.restartVite()
    story.file(greet.path, `export const greet = () => 'two'`)

    await expect.poll(() => story.probe()).toStrictEqual({ value: ['two', 'a'] })
    await story.settled()
    expect(outcomes).toMatchObject([{ rung: 'patch' }])
    expect(await story.edit(other, ["'a'", "'b'"])).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toStrictEqual({ value: ['two', 'b'] })
  })

  test('what was saved while Vite closed its old server is applied', async () => {
    let close: (() => void) | undefined
    const closing: Plugin = {
      name: 'closing',
      buildEnd() {
        close?.()
        close = undefined
      },
    }
    const story = await createStory({ host: 'vite-node', plugins: () => [closing] })
    const greet = story.module(`export const greet = () => 'one'`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)
    const outcomes = listen(story)

    close = () => writeFileSync(join(story.root, greet.path), `export const greet = () => 'two'`)
    await story.restartVite()

    expect(close).toBeUndefined()
    expect(outcomes).toMatchObject([{ rung: 'patch' }])
    expect(await story.probe()).toStrictEqual({ value: 'two' })
  })

  test('what could not be applied before goes out again with what it waited for', async () => {
    const story = await createStory({ host: 'vite-node' })
    const names = story.module(`export const first = 'Ada'`)
    const greet = story.module(`import { first } from ${names}\n export const greet = () => first`)
    const main = story.module(`import { greet } from ${greet}\n export const probe = () => greet()`)
    await story.start(main)
    const change = (text: string): string => text.replace('{ first }', '{ second }').replace('=> first', '=> second')
    expect(await story.edit(greet, change)).toMatchObject({ rung: 'failed', failure: { code: 'missing_export' } })

    await story.restartVite()
    const outcomes = listen(story)
    await story.edit(names, (text) => `${text}\nexport const second = 'Grace'`)

    expect(outcomes.at(-1)).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toStrictEqual({ value: 'Grace' })
  })

  test('full reloads that others ask for run nothing again', async () => {
    const story = await createStory({ host: 'vite-node' })
    const main = story.module(`
      const runs = ((globalThis as any).runsOfTheStory = ((globalThis as any).runsOfTheStory ?? 0) + 1)
      export const probe = () => [runs, (globalThis as any).runsOfTheStory]`)
    await story.start(main)

    await story.restartVite()
    story.askForFullReload()
    await story.settled()
    expect(await story.edit(main, ['=> [runs', '=> [2 * runs'])).toMatchObject({ rung: 'patch' })

    expect(await story.probe()).toStrictEqual({ value: [2, 1] })
  })
})

/** Updates that a person is told of. */
function listen(story: Story): Outcome[] {
  const outcomes: Outcome[] = []
  story.onOutcome((outcome) => void (outcome.rung !== 'nothing' && outcomes.push(outcome)))
  return outcomes
}
