import { describe, expect, test } from 'vitest'
import { createStory, HOSTS, tell } from '../support/story/index.ts'
import { startUp } from './edits/start-up.ts'

tell('start-up and re-runs', startUp)

describe.each(HOSTS)('promises that nobody waits for in %s', (host) => {
  test.each([
    ['an expression', 'start()'],
    ['if', 'if (true) { start() }'],
    ['try', 'try { start() } catch (error) { console.error(error) }'],
    ['for', 'for (const each of [start, start]) each()'],
    ['a block that throws later', "{ start(); if (url === 'bad:') throw new Error('no database') }"],
  ])('a rejection while running again fails the update, and nothing else: %s', async (_, statement) => {
    const story = await createStory({ host })
    const server = story.module(`
      import { stat } from 'node:fs/promises'
      const url: string = 'memory:'
      const app = { routes: [] as string[] }
      async function start() {
        await stat('.')
        if (url === 'bad:') throw new Error('no database')
        app.routes.push(url)
      }
      ${statement}
      export const probe = () => app.routes.at(-1)`)
    await story.start(server)

    expect(await story.edit(server, ["'memory:'", "'bad:'"])).toMatchObject({
      rung: 'failed',
      failure: { message: expect.stringContaining('no database') },
    })
    expect(await story.probe()).toStrictEqual({ value: 'memory:' })

    expect(await story.edit(server, ["string = 'bad:'", "string = 'other:'"])).toMatchObject({ rung: 're-run' })
    expect(await story.probe()).toStrictEqual({ value: 'other:' })
  })
})
