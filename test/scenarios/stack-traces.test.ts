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

describe.each(HOSTS)('stack traces in %s', (host) => {
  test('have no frames of the runtime or of facades, before and after patches', async () => {
    const story = await createStory({ host })
    const server = story.module(
      `let seen = ''
const note = () => { seen = new Error('here').stack ?? '' }
const timer = setTimeout(() => note(), 0)
const atStart = new Error('at start').stack ?? ''
export const linesAtStart = () => atStart.split('\\n').slice(1).filter((line) => /server\\.ts|runtime|async_hooks|hot/.test(line))
export const probe = () => new Promise((resolve) => setTimeout(() => resolve(seen.split('\\n').slice(1)), 10))`,
      'server.ts',
    )
    await story.start(server)
    expect(await story.call('linesAtStart')).toEqual([expect.stringContaining('server.ts')])
    for (const text of ["'here'", "'there'"]) {
      if (text === "'there'") await story.edit(server, ["Error('here')", "Error('there')"])
      const { value } = (await story.probe()) as { value: string[] }
      // What wrote the note, what called that, and Node's timers, of which some runners show nothing.
      expect(value.filter((line) => !line.includes('node:internal/timers'))).toEqual([
        expect.stringMatching(/at note \(.*server\.ts/),
        expect.stringMatching(/at .*server\.ts/),
      ])
    }
  })

  test.each([
    ['a name that nobody declares', 'nothing()', 'ReferenceError: nothing is not defined'],
    ['an assignment to one', 'nothing = 1', 'ReferenceError: nothing is not defined'],
    ['an assignment to a const', 'fixed = 1', 'TypeError: Assignment to constant variable.'],
  ])('begin with the code that threw: %s', async (_, code, message) => {
    const story = await createStory({ host })
    const server = story.module(
      `const fixed = 0
export const fail = () => { ${code} }
export const probe = () => fixed
export const stack = () => { try { fail() } catch (error) { return error.stack } return '' }`,
      'server.js',
    )
    await story.start(server)
    const [first, second] = ((await story.call('stack')) as string).split('\n')
    expect(first).toBe(message)
    expect(second).toMatch(/at fail \(.*server\.js/)
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
