import { describe, expect, test } from 'vitest'
import { HOSTS } from '../../support/story/index.ts'
import { said, start, takeSaid } from './support.ts'

const pool = {
  'server.ts': `
    import { pool } from './pool.ts'
    const made = { size: pool.size }
    export const probe = () => made.size`,
  'pool.ts': `
    export const pool = { size: 1 }
    import.meta.hot?.accept((newModule) => {
      if (newModule?.pool.size > 2) import.meta.hot!.invalidate('it is too large')
    })`,
}

describe.each(HOSTS)('import.meta.hot in %s', (host) => {
  test('invalidate(message): the update is propagated to importers, and the message is logged', async () => {
    const story = await start(host, pool)
    await story.edit('pool.ts', ['size: 1', 'size: 2'])
    expect(await story.probe()).toStrictEqual({ value: 1 })
    const outcomes: unknown[] = []
    story.onOutcome((outcome) => outcomes.push(outcome))

    await Promise.all(story.announce({ 'pool.ts': ['size: 2', 'size: 3'] }))
    await expect
      .poll(() => outcomes)
      .toMatchObject([
        { rung: 'patch' },
        { rung: 're-run', why: 'pool.ts invalidated itself', reran: [{ module: 'server.ts', what: ['made'] }] },
      ])
    expect(await story.probe()).toStrictEqual({ value: 3 })
  })

  test("'vite:invalidate' is dispatched", async () => {
    const story = await start(host, {
      ...pool,
      'server.ts': `${pool['server.ts']}\n import.meta.hot?.on('vite:invalidate', (payload) => say(payload))`,
    })
    await Promise.all(story.announce({ 'pool.ts': ['size: 1', 'size: 3'] }))
    await expect.poll(() => [...said]).toMatchObject([{ path: '/pool.ts', message: 'it is too large' }])
  })

  test('invalidate(): of a module that nobody imports everything runs again', async () => {
    const story = await start(host, {
      'server.ts': `say('runs')\n export const reset = () => import.meta.hot!.invalidate()\n export const probe = () => 1`,
    })
    const restarted = new Promise((resolve) => story.onOutcome(resolve))
    await story.call('reset')
    expect(await restarted).toMatchObject({ rung: 'hot-restart', why: 'server.ts invalidated itself' })
    expect(takeSaid()).toStrictEqual(['runs', 'runs'])
  })

  test("'vite:beforeUpdate' and 'vite:afterUpdate' come around an update, and are waited for", async () => {
    const story = await start(host, {
      'server.ts': `export const probe = () => 1\n import './words.ts'`,
      'words.ts': `
        export const word = 'one'
        const { hot } = { hot: import.meta.hot! }
        hot.accept(() => say('accept'))
        hot.on('vite:beforeUpdate', async ({ type, updates }) => {
          await null
          say(type, updates[0].path, updates[0].acceptedPath, word)
        })
        hot.on('vite:afterUpdate', () => say('after', word))`,
    })
    await story.edit('words.ts', ["'one'", "'two'"])
    expect(takeSaid()).toStrictEqual([['update', '/words.ts', '/words.ts', 'one'], 'accept', ['after', 'two']])
  })

  test("'vite:beforeFullReload' comes before a hot restart", async () => {
    const story = await start(host, {
      'server.ts': `import './big.js'\n import.meta.hot?.on('vite:beforeFullReload', ({ type }) => say(type))`,
      'big.js': `/* ${'x'.repeat(1_100_000)} */ say('one')`,
    })
    takeSaid()
    await story.edit('big.js', ["say('one')", "say('two')"])
    expect(takeSaid()).toStrictEqual(['full-reload', 'two'])
  })

  test.each([
    ['a SyntaxError', 'probe = () => ('],
    ['an error while running again', 'probe = undefined.nothing()'],
  ])("'vite:error' is dispatched for %s", async (_, text) => {
    const story = await start(host, {
      'server.ts': `
        export const probe = () => 1
        import.meta.hot?.on('vite:error', ({ type, err }) => say(type, typeof err.message))`,
    })
    expect(await story.edit('server.ts', ['probe = () => 1', text])).toMatchObject({ rung: 'failed' })
    await expect.poll(() => [...said]).toStrictEqual([['error', 'string']])
  })

  test('on(event, callback): hears of custom events of the server, until off() or its code is gone', async () => {
    const story = await start(host, {
      'server.ts': `
        const listener = (data: unknown) => say('first', data)
        import.meta.hot!.on('app:news', listener)
        import.meta.hot!.on('app:news', (data) => say('second', data))
        export const stop = () => import.meta.hot!.off('app:news', listener)`,
    })
    story.sendToRuntime('app:news', 'one')
    await expect
      .poll(() => [...said])
      .toStrictEqual([
        ['first', 'one'],
        ['second', 'one'],
      ])
    takeSaid()
    await story.call('stop')
    story.sendToRuntime('app:news', 'two')
    await expect.poll(() => [...said]).toStrictEqual([['second', 'two']])
    takeSaid()
    await story.edit('server.ts', ["import.meta.hot!.on('app:news', (data) => say('second', data))", ''])
    story.sendToRuntime('app:news', 'three')
    await story.settled()
    expect(takeSaid()).toStrictEqual([])
  })

  test('on(event, callback): once for each listener, however often its code runs again', async () => {
    const story = await start(host, {
      'server.ts': `
        const routes: string[] = []
        routes.push('one')
        import.meta.hot!.on('app:news', (data) => { routes.push(data); say(data, routes.length) })`,
    })
    await story.edit('server.ts', ["push('one')", "push('two')"])
    await story.edit('server.ts', ["push('two')", "push('three')"])
    story.sendToRuntime('app:news', 'news')
    await expect.poll(() => [...said]).toStrictEqual([['news', 2]])
  })

  test('send(event, data): custom events come to the server', async () => {
    const story = await start(host, {
      'server.ts': `export const send = (data: unknown) => import.meta.hot!.send('app:hello', data)`,
    })
    const heard = new Promise((resolve) => story.onEvent('app:hello', resolve))
    await story.call('send', { from: 'here' })
    expect(await heard).toStrictEqual({ from: 'here' })
  })
})
