import { describe, expect, test } from 'vitest'
import { createStory, HOSTS, type Story } from '../support/story/index.ts'

/** Lends its answers to whoever asks, and says what went wrong. */
const SERVER = `let asked = 0
const ask = async (load: () => Promise<any>) => load().then((feature) => feature.answer()).catch(String)
export const feature = async () => (asked += 1, ask(() => import('./feature.ts')))
export const page = async () => ask(() => import('./page.ts'))
export const count = () => asked
export const probe = () => 'up'`

describe.each(HOSTS)('a module that throws when running code imports it, in %s', (host) => {
  test('is evaluated anew when it is asked for after a save, and then follows edits', async () => {
    const { story, ask } = await start(
      `throw new Error('no such luck')\nconst greeting = 'hello'\nexport const answer = () => greeting`,
    )
    expect(await ask('feature')).toBe('Error: no such luck')
    expect(await ask('feature')).toBe('Error: no such luck')

    const outcome = await story.edit('feature.ts', ["throw new Error('no such luck')\n", ''])
    expect(outcome).toMatchObject({
      rung: 'nothing',
      notes: ['feature.ts threw when it was imported: it is evaluated anew when it is asked for'],
    })
    expect(await ask('feature')).toBe('hello')
    expect(await ask('count')).toBe(3)

    expect(await story.edit('feature.ts', ["'hello'", "'good morning'"])).not.toMatchObject({ rung: 'failed' })
    expect(await ask('feature')).toBe('good morning')
    expect(await ask('count')).toBe(4)
  })

  test('may throw again, and what it did before it threw is taken back', async () => {
    const { story, ask } = await start(
      `process.on('first', () => {})\nthrow new Error('one')\nexport const answer = () => 'hello'`,
    )
    expect(await ask('feature')).toBe('Error: one')
    await story.edit('feature.ts', (source) => source.replace('first', 'second').replace("'one'", "'two'"))
    expect(await ask('feature')).toBe('Error: two')
    expect(process.eventNames()).toContain('second')
    expect(process.eventNames()).not.toContain('first')

    await story.edit('feature.ts', (source) => source.replace('second', 'third').replace("throw new Error('two')", ''))
    expect(await ask('feature')).toBe('hello')
    expect(process.eventNames()).toContain('third')
    expect(process.eventNames()).not.toContain('second')
    await story.edit('feature.ts', ['third', 'fourth'])
    expect(process.eventNames()).not.toContain('third')
    process.removeAllListeners('fourth')
  })

  test('is evaluated once for all who ask for it', async () => {
    const { story, ask } = await start(
      `throw new Error('no')\nlet count = 0\nexport const answer = () => (count += 1)`,
      `export const answer = async () => (await import('./feature')).answer()`,
    )
    expect(await ask('feature')).toBe('Error: no')
    expect(await ask('page')).toBe('Error: no')

    await story.edit('feature.ts', ["throw new Error('no')\n", ''])
    const answers = await Promise.all([ask('feature'), ask('page'), ask('feature')])
    expect(answers.toSorted()).toEqual([1, 2, 3])
    expect(await ask('page')).toBe(4)
  })

  test('is evaluated anew when what it imports was mended', async () => {
    const { story, ask } = await start(
      `import { make } from './make.ts'\nexport const answer = make()`,
      '',
      `export const make = (): (() => string) => { throw new Error('not yet') }`,
    )
    expect(await ask('feature')).toBe('Error: not yet')
    await story.edit('make.ts', ["throw new Error('not yet')", "return () => 'made'"])
    expect(await ask('feature')).toBe('made')
  })

  test('does not hold up other updates', async () => {
    const { story, ask } = await start(
      `import { make } from './make.ts'\nthrow new Error('no')\nconst answer = make\nexport { answer }`,
      '',
      `export const make = () => 'made'`,
    )
    expect(await ask('feature')).toBe('Error: no')
    expect(await story.edit('server.ts', ["'up'", "'up and running'"])).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toMatchObject({ value: 'up and running' })
    expect(await story.edit('make.ts', ["'made'", "'made anew'"])).not.toMatchObject({ rung: 'failed' })
    await story.edit('feature.ts', ["throw new Error('no')\n", ''])
    expect(await ask('feature')).toBe('made anew')
  })

  test.runIf(host !== 'vite-node')('is evaluated anew for what imports it statically', async () => {
    const { story, ask } = await start(
      `throw new Error('no')\nexport const answer = () => 'hello'`,
      `import { answer as theirs } from './feature.ts'\nexport const answer = () => theirs() + ' from a page'`,
    )
    expect(await ask('page')).toBe('Error: no')
    await story.edit('feature.ts', ["throw new Error('no')\n", ''])
    expect(await ask('page')).toBe('hello from a page')
    expect(await ask('feature')).toBe('hello')
    await story.edit('feature.ts', ['hello', 'good morning'])
    expect(await ask('page')).toBe('good morning from a page')
  })

  test.runIf(host !== 'vite-node')('may be an entry beside another', async () => {
    const { story, ask } = await start(
      `throw new Error('no')\nconst hello = 'hello'\nexport const feature = () => hello`,
    )
    const before = await ask('count')
    await expect(story.start('feature.ts')).rejects.toThrow('no')
    await story.edit('feature.ts', ["throw new Error('no')\n", ''])
    await story.start('feature.ts')
    expect(await ask('feature')).toBe('hello')
    await story.edit('feature.ts', ["'hello'", "'good morning'"])
    expect(await ask('feature')).toBe('good morning')
    await story.start('server.ts')
    expect(await ask('count')).toBe(before)
  })

  async function start(
    feature: string,
    page = '',
    make = '',
  ): Promise<{ story: Story; ask: (name: string) => Promise<unknown> }> {
    const story = await createStory({ host })
    story.file('feature.ts', feature)
    story.file('page.ts', page)
    story.file('make.ts', make)
    await story.start(story.module(SERVER, 'server.ts'))
    return { story, ask: (name) => story.call(name) }
  }
})
