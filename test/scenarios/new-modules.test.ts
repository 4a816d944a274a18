import { describe, expect, test } from 'vitest'
import { createStory, HOSTS, type Story } from '../support/story/index.ts'

const BEFORE = `export const one = () => 'one'`
const SERVER = `import { one } from './below.ts'\nexport const probe = () => one()`

/** The entry, once it imports the new module, too. */
const IMPORTS = `import { one } from './below.ts'\nimport { value } from './new.ts'\nexport const probe = () => [one(), value()]`

describe.each(HOSTS)('a new module in %s', (host) => {
  async function start(below = BEFORE): Promise<Story> {
    const story = await createStory({ host })
    story.file('below.ts', below)
    await story.start(story.module(SERVER, 'server.ts'))
    return story
  }

  test('calls, when it is evaluated, a function that comes with it', async () => {
    const story = await start()

    const outcome = await story.save({
      'below.ts': `${BEFORE}\nexport function two() { return 'two' }`,
      'new.ts': `import { two } from './below.ts'\nconst made = two()\nexport const value = () => made`,
      'server.ts': IMPORTS,
    })

    expect(outcome).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toMatchObject({ value: ['one', 'two'] })
  })

  test('hands on a function that comes with it', async () => {
    const story = await start()

    await story.save({
      'below.ts': `${BEFORE}\nexport function two() { return 'two' }`,
      'new.ts': `import { two } from './below.ts'\nconst list = []\nlist.push(two)\nexport const value = () => list.map((f) => f())`,
      'server.ts': IMPORTS,
    })

    expect(await story.probe()).toMatchObject({ value: ['one', ['two']] })
  })

  test('uses an instance of a class that changes with it, by way of another new module', async () => {
    const story = await start(
      `class Bus { list = [] }\nexport const bus = new Bus()\nexport const one = () => bus.list.join()`,
    )

    await story.save({
      'below.ts': `import { EventEmitter } from 'node:events'
class Bus extends EventEmitter { list = [] }
export const bus = new Bus()
export const one = () => bus.list.join()`,
      'between.ts': `import { bus } from './below.ts'
bus.on('tell', (word) => bus.list.push(word))
export const tell = (word) => bus.emit('tell', word)`,
      'new.ts': `import { tell } from './between.ts'\ntell('told')\nexport const value = () => 'new'`,
      'server.ts': IMPORTS,
    })

    expect(await story.probe()).toMatchObject({ value: ['told', 'new'] })
  })

  test('runs once, in the order of a cold start, and waits for what it awaits', async () => {
    const below = `export const log = []\nexport const one = () => log.join()`
    const story = await start(below)

    await story.save({
      'below.ts': `${below}\nexport const note = async (word) => { log.push(word) }`,
      'first.ts': `import { note } from './below.ts'\nawait note('first')\nawait note('second')`,
      'new.ts': `import './first.ts'\nimport { note } from './below.ts'\nawait note('third')\nexport const value = () => 'new'`,
      'server.ts': IMPORTS,
    })

    expect(await story.probe()).toMatchObject({ value: ['first,second,third', 'new'] })
  })

  test('fails the update by what it throws, and runs when that is repaired', async () => {
    const story = await start()

    const outcome = await story.save({
      'below.ts': `${BEFORE}\nexport function two() { throw new Error('not yet') }`,
      'new.ts': `import { two } from './below.ts'\nconst early = { is: 1 }\nconst made = two() + early.is\nexport const value = () => made`,
      'server.ts': IMPORTS,
    })
    expect(outcome).toMatchObject({ rung: 'failed', failure: { message: expect.stringContaining('not yet') } })
    expect(await story.probe()).toMatchObject({ value: 'one' })

    await story.save({ 'below.ts': `${BEFORE}\nexport function two() { return 'two' }` })
    expect(await story.probe()).toMatchObject({ value: ['one', 'two1'] })

    expect(await story.edit('new.ts', ['=> made', "=> made + '!'"])).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toMatchObject({ value: ['one', 'two1!'] })
  })

  test('that has never run does no harm when nobody imports it after all', async () => {
    const story = await start()
    await story.save({
      'below.ts': `${BEFORE}\nexport function two() { throw new Error('not yet') }`,
      'new.ts': `import { two } from './below.ts'\nconst made = two()\nexport const value = () => made`,
      'server.ts': IMPORTS,
    })

    expect(await story.save({ 'server.ts': `${SERVER}\nexport const other = 1` })).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toMatchObject({ value: 'one' })

    await story.save({ 'below.ts': `${BEFORE}\nexport function two() { return 'two' }`, 'server.ts': IMPORTS })
    expect(await story.probe()).toMatchObject({ value: ['one', 'two'] })
  })
})
