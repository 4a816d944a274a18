import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

const UPDATES = 200

const source = (n: number) => `
  const hits = new Map<string, number>()
  export const limit = ${n}
  class Base { #n = 0; bump() { this.#n += 1; return this.#n } describe() { return 'base ${n}' } }
  class Derived extends Base { override describe() { return super.describe() + ' derived ${n}' } get twice() { return limit * 2 } }
  const made = new Derived()
  const describe = made.describe.bind(made)
  ${n % 2 ? `export function greet() { return 'odd ${n}' }` : `export const greet = () => 'even ${n}'`}
  export const bump = () => made.bump()
  export const state = () => made.bump()
  export const probe = () => [greet(), describe(), made.twice, made instanceof Base, hits.size]
  export const retained = () => ({ made, hits })`

describe.each(HOSTS)('many updates in %s', (host) => {
  test('functions, classes and values stay what they are and answer as the last source says', async () => {
    const story = await createStory({ host })
    const server = story.module(source(0))
    await story.start(server)
    const { made, hits } = (await story.call('retained')) as { made: object; hits: object }

    for (let n = 1; n <= UPDATES; n++) {
      const outcome = await story.edit(server, source(n))
      expect(outcome.rung).not.toBe('failed')
      expect(await story.probe()).toStrictEqual({
        value: [n % 2 ? `odd ${n}` : `even ${n}`, `base ${n} derived ${n}`, n * 2, true, 0],
      })
    }

    const after = (await story.call('retained')) as { made: object; hits: object }
    expect([after.made === made, after.hits === hits]).toEqual([true, true])
    expect(await story.call('bump')).toBe(1)
  })
})
