import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

const SOURCE = `interface User {
  name: string
}

export function fail(user: User): never {
  const upper: string = user.name.toUpperCase()
  throw new Error('failed for ' + upper)
}

export class Service {
  readonly tries: number = 1
  run(): never {
    return fail({ name: 'Ann' })
  }
}
`

/** Not patched itself: where it was, or where the edit above has moved it. */
const RUN = expect.stringMatching(/^service\.ts:\d+$/)
const SERVER = ['server.ts:3', 'server.ts:5', 'server.ts:3']

/** The runner of `ssrLoadModule` maps none: see docs/hosts.md. */
const MAPPING_HOSTS = HOSTS.filter((host) => host !== 'ssrLoadModule')

describe.each(MAPPING_HOSTS)('stack traces in %s', (host) => {
  test('point at the line and column in the TypeScript source, before and after patches', async () => {
    const story = await createStory({ host })
    const service = story.module(SOURCE, 'service.ts')
    const server = story.module(
      `import { Service } from ${service}
const service = new Service()
export const probe = () => stackOf(() => service.run())
function stackOf(f: () => void) {
  try { f() } catch (error) { return (error as Error).stack }
  return ''
}`,
      'server.ts',
    )
    await story.start(server)
    expect(await placesIn(story)).toEqual(['service.ts:7:9', 'service.ts:13', ...SERVER])

    await story.edit(service, ["  throw new Error('failed for '", "  // why\n  throw new Error('it failed for '"])
    expect(await placesIn(story)).toEqual(['service.ts:8:9', RUN, ...SERVER])

    for (let n = 0; n < 5; n++) await story.edit(service, ['interface User {', `interface User {\n  age${n}?: number`])
    await story.edit(service, ['throw new Error(', 'if (upper) throw new TypeError('])
    expect(await placesIn(story)).toEqual(['service.ts:13:20', RUN, ...SERVER])
  })
})

/** Where the story's own code was: the column too of the innermost frame, in which the hosts agree. */
async function placesIn(story: { probe(): Promise<unknown>; readonly root: string }): Promise<string[]> {
  const { value } = (await story.probe()) as { value: string }
  return value
    .split('\n')
    .filter((line) => line.includes(story.root))
    .map((line) => line.replace(/^.*\//, '').replace(/\)$/, ''))
    .map((place, index) => (index === 0 ? place : place.replace(/:\d+$/, '')))
}
