import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

describe.each(HOSTS)('disposing of what a unit owned, in %s', (host) => {
  test.each([
    ['throws', `[Symbol.dispose]() { throw new Error('stuck') }`, 'could not be disposed of: stuck'],
    ['rejects', `async [Symbol.asyncDispose]() { throw new Error('stuck') }`, 'could not be disposed of: stuck'],
    ['hangs', `[Symbol.asyncDispose]() { return new Promise(() => {}) }`, 'was not disposed of within 1000 ms'],
  ])('that %s is said, and holds nothing up', async (_, dispose, note) => {
    const story = await createStory({ host })
    const server = story.module(`
      class Connection { constructor(readonly name: string) {} ${dispose} }
      const cache = new Map()
      const connection = new Connection('one')
      const label = connection.name + '!'
      export const greet = () => 'hello ' + label
      export const probe = () => greet()
      export const retained = () => ({ cache })`)
    await story.start(server)
    const before = (await story.call('retained')) as { cache: unknown }

    const outcome = await story.edit(server, ["new Connection('one')", "new Connection('two')"])

    expect(outcome).toMatchObject({ rung: 're-run', notes: [expect.stringContaining(note)] })
    expect(await story.call('greet')).toBe('hello two!')
    expect(await story.edit(server, ["'hello '", "'hi '"])).toMatchObject({ rung: 'patch' })
    expect(await story.call('greet')).toBe('hi two!')
    expect(((await story.call('retained')) as { cache: unknown }).cache).toBe(before.cache)
  })
})
