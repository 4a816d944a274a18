import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { HOSTS } from '../../support/story/index.ts'
import { said, start, takeSaid } from './support.ts'

const server = `
  import { pool } from './pool.ts'
  export const retained = () => ({ pool })
  export const probe = () => pool.size`

const pool = `
  import { LIMIT } from './limit.ts'
  export const pool = { size: LIMIT * 2 }
  export { LIMIT }`

describe.each(HOSTS)('import.meta.hot.accept in %s', (host) => {
  test('(callback): receives the updated module', async () => {
    const story = await start(host, {
      'server.ts': `
        export { count } from './count.ts'`,
      'count.ts': `
        export const count = 1
        if (import.meta.hot) {
          import.meta.hot.accept((newModule) => {
            if (newModule) say('updated: count is now', newModule.count)
          })
        }`,
    })
    expect(takeSaid()).toStrictEqual([])

    await story.edit('count.ts', ['count = 1', 'count = 2'])

    expect(takeSaid()).toStrictEqual([['updated: count is now', 2]])
    expect(story.exports['count']).toBe(2)
  })

  test('(callback): the new module is undefined when there was a SyntaxError', async () => {
    const story = await start(host, {
      'server.ts': `import './count.ts'`,
      'count.ts': `export const count = 1\n import.meta.hot?.accept((newModule) => say(newModule))`,
    })

    expect(await story.edit('count.ts', ['count = 1', 'count = ;'])).toMatchObject({ rung: 'failed' })
    await expect.poll(() => [...said]).toStrictEqual([undefined])

    takeSaid()
    await story.edit('count.ts', ['count = ;', 'count = 2'])
    expect(takeSaid()).toMatchObject([{ count: 2 }])
  })

  test('(callback): is called once for a save that another follows before it is said to fail', async () => {
    const story = await start(host, {
      'server.ts': `import './count.ts'`,
      'count.ts': `export const count = 1\n import.meta.hot?.accept((newModule) => say(newModule?.count))`,
    })
    const failures: unknown[] = []
    story.onOutcome((outcome) => outcome.rung === 'failed' && failures.push(outcome))
    await Promise.all(story.announce({ 'count.ts': ['count = 1', 'count = ;'] }))
    // By then it is known not to parse, and the next save is waited for.
    await pause(40)
    await Promise.all(story.announce({ 'count.ts': ['count = ;', 'count = 2'] }))
    await story.settled()
    // A busy machine may come too late: then it is called for both.
    expect(takeSaid()).toStrictEqual(failures.length === 0 ? [2] : [undefined, 2])
  })

  test('(callback): is called for a patch, too, with the namespace that everybody has', async () => {
    const story = await start(host, {
      'server.ts': `import * as words from './words.ts'\n export const namespace = () => words`,
      'words.ts': `
        export const seen = new Set<string>()
        export function greet() { return 'hello' }
        import.meta.hot?.accept((newModule) => say(newModule))`,
    })

    expect(await story.edit('words.ts', ["'hello'", "'good day'"])).toMatchObject({ rung: 'patch' })

    const [namespace] = takeSaid() as [{ greet: () => string }]
    expect(namespace.greet()).toBe('good day')
    expect(namespace).toBe(await story.call('namespace'))
  })

  test('(callback): its own text is patched like any other', async () => {
    const story = await start(host, {
      'server.ts': `import './a.ts'`,
      'a.ts': `export const a = () => 1\n import.meta.hot?.accept(() => say('one'))`,
    })
    expect(await story.edit('a.ts', ["'one'", "'two'"])).toMatchObject({ rung: 'patch' })
    expect(takeSaid()).toStrictEqual(['two'])
  })

  test('(): importers up the chain from the boundary are not notified of the change', async () => {
    const story = await start(host, {
      'server.ts': server,
      'pool.ts': pool,
      'limit.ts': `export const LIMIT = 1\n import.meta.hot?.accept()`,
    })
    const before = (await story.call('retained')) as { pool: object }

    await story.edit('limit.ts', ['LIMIT = 1', 'LIMIT = 2'])

    expect(await story.call('retained')).toStrictEqual(before)
    expect(((await story.call('retained')) as { pool: object }).pool).toBe(before.pool)
    expect(await story.probe()).toStrictEqual({ value: 2 })
  })

  test('(): without it, they are', async () => {
    const story = await start(host, { 'server.ts': server, 'pool.ts': pool, 'limit.ts': `export const LIMIT = 1` })
    await story.edit('limit.ts', ['LIMIT = 1', 'LIMIT = 2'])
    expect(await story.probe()).toStrictEqual({ value: 4 })
  })

  test('(): a boundary in between runs again, and nothing above it', async () => {
    const story = await start(host, {
      'server.ts': `
        import { pool } from './pool.ts'
        const first = pool
        export const probe = () => [first === pool, pool.size]`,
      'pool.ts': `${pool}\n import.meta.hot?.accept(() => say('pool'))`,
      'limit.ts': `export const LIMIT = 1`,
    })

    await story.edit('limit.ts', ['LIMIT = 1', 'LIMIT = 2'])

    // Bindings are live, and what was made of them while starting stays.
    expect(await story.probe()).toStrictEqual({ value: [false, 4] })
    expect(takeSaid()).toStrictEqual(['pool'])
  })

  test('(): only where it is called: an accept that a condition leaves out accepts nothing', async () => {
    const story = await start(host, {
      'server.ts': server,
      'pool.ts': pool,
      'limit.ts': `export const LIMIT = 1\n if (LIMIT > 1) import.meta.hot?.accept()`,
    })
    await story.edit('limit.ts', ['LIMIT = 1', 'LIMIT = 2'])
    expect(await story.probe()).toStrictEqual({ value: 4 })
    await story.edit('limit.ts', ['LIMIT = 2', 'LIMIT = 3'])
    expect(await story.probe()).toStrictEqual({ value: 4 })
  })

  test('(): taken out of the source, it accepts nothing any more', async () => {
    const story = await start(host, {
      'server.ts': server,
      'pool.ts': pool,
      'limit.ts': `export const LIMIT = 1\n import.meta.hot?.accept()\n`,
    })
    await story.edit('limit.ts', ['import.meta.hot?.accept()', ''])
    await story.edit('limit.ts', ['LIMIT = 1', 'LIMIT = 2'])
    expect(await story.probe()).toStrictEqual({ value: 4 })
  })

  test('(dependency, callback): accepts updates from direct dependencies without reloading itself', async () => {
    const story = await start(host, {
      'server.ts': `
        import { foo } from './foo.ts'
        const made = { foo: foo() }
        import.meta.hot?.accept('./foo.ts', (newFoo) => say(newFoo?.foo()))
        export const probe = () => [made.foo, foo()]`,
      'foo.ts': `export const foo = () => 'one'`,
    })

    expect(await story.edit('foo.ts', ["'one'", "'two'"])).toMatchObject({ rung: 'patch' })

    expect(takeSaid()).toStrictEqual(['two'])
    expect(await story.probe()).toStrictEqual({ value: ['one', 'two'] })
  })

  test('(dependency, callback): of a dependency of the dependency, too', async () => {
    const story = await start(host, {
      'server.ts': `
        import { pool } from './pool.ts'
        const made = { size: pool.size }
        import.meta.hot?.accept('./pool', (newPool) => say(newPool?.pool))
        export const probe = () => [made.size, pool.size]`,
      'pool.ts': pool,
      'limit.ts': `export const LIMIT = 1`,
    })

    await story.edit('limit.ts', ['LIMIT = 1', 'LIMIT = 2'])

    expect(takeSaid()).toStrictEqual([{ size: 4 }])
    expect(await story.probe()).toStrictEqual({ value: [2, 4] })
  })

  test('(dependencies, callback): receives an array in which only the updated modules are', async () => {
    const story = await start(host, {
      'server.ts': `
        import { foo } from './foo.ts'
        import { bar } from './bar.ts'
        const both = { foo, bar }
        import.meta.hot?.accept(['./foo.ts', './bar.ts'], ([newFoo, newBar]) => say(newFoo?.foo, newBar?.bar))
        export const probe = () => both`,
      'foo.ts': `export const foo = 'foo'`,
      'bar.ts': `export const bar = 'bar'`,
    })
    await story.edit('bar.ts', ["'bar'", "'BAR'"])
    expect(takeSaid()).toStrictEqual([[undefined, 'BAR']])
    await story.save({ 'foo.ts': ["'foo'", "'FOO'"], 'bar.ts': ["'BAR'", "'Bar'"] })
    expect(takeSaid()).toStrictEqual([['FOO', 'Bar']])
  })

  test('(dependencies, callback): the array is empty if the update was not successful', async () => {
    const story = await start(host, {
      'server.ts': `
        import { foo } from './foo.ts'
        import.meta.hot?.accept(['./foo.ts'], (modules) => say(modules))
        export const probe = () => foo`,
      'foo.ts': `export const foo = 'foo'`,
    })
    await story.edit('foo.ts', ["'foo'", 'undefined.nothing()'])
    expect(takeSaid()).toStrictEqual([[]])
  })

  test('acceptExports(names, callback): importers that use those alone are not notified', async () => {
    const story = await start(host, {
      'server.ts': `
        import { made } from './made.ts'
        import { other } from './other.ts'
        export const probe = () => [made.accepted, other]`,
      'made.ts': `
        import { accepted } from './values.ts'
        export const made = { accepted }`,
      'other.ts': `
        import { accepted, plain } from './values.ts'
        export const other = [accepted, plain].join()`,
      'values.ts': `
        export const accepted = 1
        export const plain = 1
        import.meta.hot?.acceptExports('accepted', (newModule) => say(newModule?.accepted))`,
    })
    await story.edit('values.ts', ['accepted = 1', 'accepted = 2'])
    expect(takeSaid()).toStrictEqual([2])
    expect(await story.probe()).toStrictEqual({ value: [1, '2,1'] })
  })

  test('callbacks may return promises, which are waited for one after the other', async () => {
    const story = await start(host, {
      'server.ts': `import './a.ts'\n import.meta.hot?.accept('./a.ts', () => say('second'))`,
      'a.ts': `
        export const a = 1
        import { setTimeout } from 'node:timers/promises'
        import.meta.hot?.acceptExports([], async () => { await setTimeout(20); say('first') })`,
    })
    await story.edit('a.ts', ['a = 1', 'a = 2'])
    expect(takeSaid()).toStrictEqual(['first', 'second'])
  })

  test('what a callback throws is said, and the update stands', async () => {
    const story = await start(host, {
      'server.ts': `export { a } from './a.ts'`,
      'a.ts': `export const a = 1\n import.meta.hot?.accept(() => { throw new Error('not today') })`,
    })
    const outcome = await story.edit('a.ts', ['a = 1', 'a = 2'])
    expect(outcome).toMatchObject({ rung: 'patch', notes: ['a.ts: an accept callback threw: not today'] })
    expect(story.exports['a']).toBe(2)
  })

  test('decline() does nothing', async () => {
    const story = await start(host, { 'server.ts': `export const a = 1\n import.meta.hot?.decline()` })
    expect(await story.edit('server.ts', ['a = 1', 'a = 2'])).toMatchObject({ rung: 'patch' })
  })
})
