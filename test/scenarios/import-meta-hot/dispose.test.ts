import { describe, expect, test } from 'vitest'
import { HOSTS } from '../../support/story/index.ts'
import { start, takeSaid } from './support.ts'

const counter = `
  const data = import.meta.hot!.data
  let count: number = data.count ?? 0
  const routes: string[] = []
  routes.push('one')
  say('runs')
  import.meta.hot!.dispose((data) => {
    say('disposes')
    data.count = count
  })
  export const hit = () => ++count
  export const probe = () => [routes, count]`

describe.each(HOSTS)('import.meta.hot in %s', (host) => {
  test('dispose(callback): cleans up before the module runs again, and data is handed to the next run', async () => {
    const story = await start(host, { 'server.ts': counter })
    await story.call('hit')
    takeSaid()

    expect(await story.edit('server.ts', ["push('one')", "push('two')"])).toMatchObject({ rung: 're-run' })

    expect(takeSaid()).toStrictEqual(['disposes', 'runs'])
    expect(await story.probe()).toStrictEqual({ value: [['two'], 1] })
    await story.edit('server.ts', ["push('two')", "push('three')"])
    expect(takeSaid()).toStrictEqual(['disposes', 'runs'])
  })

  test('dispose(callback): is not called for a patch', async () => {
    const story = await start(host, { 'server.ts': counter })
    takeSaid()
    expect(await story.edit('server.ts', ['++count', 'count += 2'])).toMatchObject({ rung: 'patch' })
    expect(takeSaid()).toStrictEqual([])
  })

  test.each([
    ['does not parse', "push('one'", 'failed'],
    ['imports what is not there', "push('two')\n import './none.ts'", 'failed'],
  ])('dispose(callback): is not called when the new code %s', async (_, text, rung) => {
    const story = await start(host, { 'server.ts': counter })
    takeSaid()
    expect(await story.edit('server.ts', ["push('one')", text])).toMatchObject({ rung })
    expect(takeSaid()).toStrictEqual([])
  })

  test('dispose(callback): what it cleaned up is made again after an update that failed, also by taking the edit back', async () => {
    const story = await start(host, {
      'server.ts': `
        const state = { isOpen: false }
        state.isOpen = true
        export const list: number[] = []
        list.push(1)
        import.meta.hot?.dispose(() => { state.isOpen = false })
        export const probe = () => [state.isOpen, list]`,
    })
    expect(await story.edit('server.ts', ['list.push(1)', 'list.push(1)\n throw 1'])).toMatchObject({ rung: 'failed' })
    await story.edit('server.ts', ['\n throw 1', ''])
    expect(await story.probe()).toStrictEqual({ value: [true, [1]] })
  })

  test('dispose(callback): when the code that registered it is gone', async () => {
    const story = await start(host, {
      'server.ts': `
        export const probe = () => 1
        if (true) { say('subscribes'); import.meta.hot?.dispose(() => say('unsubscribes')) }\n`,
    })
    await story.edit('server.ts', [
      "if (true) { say('subscribes'); import.meta.hot?.dispose(() => say('unsubscribes')) }",
      '',
    ])
    expect(takeSaid()).toStrictEqual(['subscribes', 'unsubscribes'])
  })

  test('dispose(callback): of several modules, importers first; a promise is waited for', async () => {
    const story = await start(host, {
      'server.ts': `
        import { log } from './log.ts'
        import { setTimeout } from 'node:timers/promises'
        log.push('server')
        import.meta.hot?.dispose(async () => { await setTimeout(10); say('server') })
        export const probe = () => log`,
      'log.ts': `
        export const log: string[] = []
        log.push('one')
        say('runs')
        import.meta.hot?.dispose(() => say('log'))`,
    })
    takeSaid()
    await story.edit('log.ts', ["'one'", "'two'"])
    expect(takeSaid()).toStrictEqual(['server', 'log', 'runs'])
    expect(await story.probe()).toStrictEqual({ value: ['two', 'server'] })
  })

  test.each([
    ['a module that accepts itself cleans up after itself', 'import.meta.hot?.accept()', true],
    ['one that does not has what it touches made anew', '', false],
  ])('dispose(callback): %s', async (_, accept, isSame) => {
    const story = await start(host, {
      'server.ts': `
        import { registry } from './registry.ts'
        import './plugin.ts'
        export const retained = () => registry
        export const probe = () => [...registry]`,
      'registry.ts': `export const registry = new Map<string, number>()`,
      'plugin.ts': `
        import { registry } from './registry.ts'
        registry.set('one', 1)
        import.meta.hot?.dispose(() => registry.delete('one'))
        ${accept}`,
    })
    const registry = await story.call('retained')
    await story.edit('plugin.ts', ["'one', 1", "'one', 2"])
    expect(await story.probe()).toStrictEqual({ value: [['one', 2]] })
    expect((await story.call('retained')) === registry).toBe(isSame)
  })

  test('dispose(callback): what it throws is said, and the module runs again', async () => {
    const story = await start(host, { 'server.ts': counter.replace("say('disposes')", "throw new Error('stuck')") })
    const outcome = await story.edit('server.ts', ["push('one')", "push('two')"])
    expect(outcome).toMatchObject({ rung: 're-run', notes: ['server.ts: a dispose handler threw: stuck'] })
  })

  test('dispose(callback): a server that it closes hands its port over: no request is refused', async () => {
    const story = await start(host, {
      'server.ts': `
        import { createServer } from 'node:http'
        import type { AddressInfo } from 'node:net'
        const server = createServer((_request, response) => response.end('one'))
        const port: number = import.meta.hot!.data.port ?? 0
        server.listen(port, '127.0.0.1')
        import.meta.hot!.dispose((data) => {
          data.port = (server.address() as AddressInfo).port
          server.close()
        })
        export const url = () => \`http://127.0.0.1:\${(server.address() as AddressInfo).port}\`
        export const stop = () => server.close()`,
    })
    await expect.poll(() => story.exports['url'] && story.call('url').catch(() => undefined)).toMatch(/^http/)
    const url = (await story.call('url')) as string
    const ask = async (): Promise<string> => (await fetch(url, { headers: { connection: 'close' } })).text()
    expect(await ask()).toBe('one')

    const over = new AbortController()
    const askOnAndOn = async (): Promise<void> => {
      while (!over.signal.aborted) expect(['one', 'two']).toContain(await ask())
    }
    const asking = Promise.all([1, 2, 3, 4, 5].map(askOnAndOn))
    const outcome = await story.edit('server.ts', [
      "response.end('one'))",
      "response.end('two'))\n server.keepAliveTimeout = 1",
    ])
    over.abort()
    await asking

    expect(outcome).toMatchObject({ rung: 're-run', notes: [] })
    expect(await ask()).toBe('two')
    expect(await story.call('url')).toBe(url)
    await story.call('stop')
  })

  test('dispose(callback): runs before a hot restart', async () => {
    const story = await start(host, {
      'server.ts': `import './big.js'\n say('runs')\n import.meta.hot?.dispose(() => say('disposes'))`,
      'big.js': `/* ${'x'.repeat(1_100_000)} */ say('one')`,
    })
    takeSaid()
    expect(await story.edit('big.js', ["say('one')", "say('two')"])).toMatchObject({ rung: 'hot-restart' })
    expect(takeSaid()).toStrictEqual(['disposes', 'two', 'runs'])
  })

  test('data: is persisted across versions, and is not to be assigned', async () => {
    const story = await start(host, {
      'server.ts': `
        export const data = () => import.meta.hot!.data
        export const assign = () => { import.meta.hot!.data = {} }
        import.meta.hot!.data.someValue = 'hello'
        export const probe = () => 1`,
    })
    const before = await story.call('data')
    expect(before).toStrictEqual({ someValue: 'hello' })
    await expect(story.call('assign')).rejects.toThrow(TypeError)
    await story.edit('server.ts', ["'hello'", "'good day'"])
    expect(await story.call('data')).toBe(before)
    expect(before).toStrictEqual({ someValue: 'good day' })
  })

  test('prune(callback): when no module imports it any more, after dispose; not before', async () => {
    const story = await start(host, {
      'server.ts': `import './side.ts'\n export const probe = () => 1`,
      'side.ts': `
        export const side = 1
        import.meta.hot!.data.left = 'this'
        import.meta.hot!.on('vite:beforePrune', ({ paths }) => say(paths))
        import.meta.hot!.dispose((data) => say('dispose', data))
        import.meta.hot!.prune((data) => say('prune', data))`,
    })
    await story.edit('side.ts', ['side = 1', 'side = 2'])
    expect(takeSaid()).toStrictEqual([])
    await story.edit('server.ts', ["import './side.ts'", ''])
    expect(takeSaid()).toStrictEqual([['/side.ts'], ['dispose', { left: 'this' }], ['prune', { left: 'this' }]])
  })
})
