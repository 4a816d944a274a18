import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

describe.each(HOSTS)('what an update tells of itself in %s', (host) => {
  test('a patch names the module and the cells', async () => {
    const story = await createStory({ host })
    const service = story.module(
      `export class Service { greet() { return 'one' } }\n export const help = () => 'help'`,
      'src/service.ts',
    )
    const server = story.module(
      `import { help, Service } from ${service}\n const routes = new Map()\n routes.set('/', () => 'home')\n export const probe = () => [new Service().greet(), help(), routes.get('/')()]`,
      'server.ts',
    )
    await story.start(server)

    expect(await story.edit(service, ["'one'", "'two'"])).toMatchObject({
      rung: 'patch',
      patched: [{ module: 'src/service.ts', what: ['Service.greet()'] }],
      notes: [],
      ms: expect.any(Number),
    })
    expect(await story.edit(service, ["'help'", "'HELP'"])).toMatchObject({
      patched: [{ module: 'src/service.ts', what: ['help()'] }],
    })
    const inline = await story.edit(server, ["'home'", "'HOME'"])
    expect(inline).toMatchObject({
      rung: 'patch',
      patched: [{ module: 'server.ts', what: [expect.stringContaining('routes.set')] }],
    })
  })

  test('a declaration that gives way to one of another module is not told as removed', async () => {
    const story = await createStory({ host })
    const other = story.module(`export const greet = () => 'other'`, 'other.ts')
    const own = story.module(`export const greet = () => 'own'`, 'own.ts')
    const server = story.module(
      `import { greet } from ${own}\n import ${other}\n export const probe = () => greet()`,
      'server.ts',
    )
    await story.start(server)

    expect(await story.edit(own, () => `export { greet } from ${other}`)).toMatchObject({
      rung: 'patch',
      patched: [{ module: 'own.ts', what: ['export of greet'] }],
    })
    expect(await story.call('probe')).toBe('other')
  })

  test('a re-run names what ran, what was kept and why', async () => {
    const story = await createStory({ host })
    const app = story.module(`export const createApp = () => ({ routes: ['/'] })`, 'app.ts')
    const server = story.module(
      `import { createApp } from ${app}
      const cache = new Map()
      const app = createApp()
      app.routes.push('/users')
      export const probe = () => [app.routes, cache.size]`,
      'server.ts',
    )
    await story.start(server)

    const outcome = await story.edit(app, ["'/'", "'/index'"])

    expect(outcome).toMatchObject({
      rung: 're-run',
      reran: [{ module: 'server.ts', what: expect.arrayContaining(['app']) }],
      why: 'createApp() ran at start-up and changed',
    })
    expect(outcome).toHaveProperty('kept', expect.arrayContaining([expect.stringContaining('cache')]))
  })

  test('the reason says why a declaration was made anew whose own text is as it was', async () => {
    const story = await createStory({ host })
    const config = story.module(`export const LIMIT = 10`, 'config.ts')
    const server = story.module(
      `import { LIMIT } from ${config}
      const cache = new Map()
      const pool = { size: LIMIT }
      const routes: string[] = []
      routes.push('/')
      export const probe = () => [routes, pool, cache.size]`,
      'server.ts',
    )
    await story.start(server)

    expect(await story.edit(config, ['10', '20'])).toMatchObject({
      reran: [
        { module: 'config.ts', what: ['LIMIT'] },
        { module: 'server.ts', what: ['pool'] },
      ],
      kept: ['cache', 'routes'],
      why: 'LIMIT changed; pool reads it',
    })
    const added = await story.edit(server, [
      "routes.push('/')",
      "routes.push('/')\n routes.unshift('/a')".replace('\\n', '\n'),
    ])
    expect(added).toMatchObject({
      why: 'routes.unshift("/a") is new; it touches routes',
      kept: ['cache', 'pool', '1 other module'],
    })
    expect(await story.edit(server, ["'/a'", "'/b'"])).toMatchObject({
      why: 'routes.unshift("/b") is new, and 1 more; routes.unshift("/b") touches routes',
    })
    expect(await story.edit(server, ["routes.unshift('/b')", ''])).toMatchObject({
      why: 'routes.unshift("/b") was removed; it touched routes',
    })
  })

  test('a field that is new to existing instances is told of once', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      export class Todo {
        title = 'one'
        constructor() { this.at = 1 }
        describe() { return this.title }
        set due(day: number) {}
      }
      const todos: Todo[] = []
      export const add = () => todos.push(new Todo())
      export const probe = () => todos.map((todo) => Object.keys(todo))`)
    await story.start(server)
    await story.call('add')

    const added = await story.edit(server, ["title = 'one'", "title = 'one'; dueDate = 1; #secret = 2"])
    expect(added).toMatchObject({
      rung: 'patch',
      notes: [
        'Todo: field dueDate is new; instances that live on do not have it',
        'Todo: field #secret is new; instances that live on do not have it',
      ],
    })
    expect(await story.edit(server, ['this.at = 1', 'this.at = 1; this.due = 2; this.by = 3'])).toMatchObject({
      notes: ['Todo: field by is new; instances that live on do not have it'],
    })
    expect(await story.edit(server, ['; dueDate = 1', ''])).toMatchObject({ notes: [] })
    expect(await story.edit(server, ["title = 'one'", "title = 'one'; dueDate = 1"])).toMatchObject({ notes: [] })
    expect(await story.probe()).toStrictEqual({ value: [['title', 'at']] })
  })

  test('updates are numbered, and a save that changes nothing is none', async () => {
    const story = await createStory({ host })
    const server = story.module(`export const probe = () => 1`)
    await story.start(server)

    const first = await story.edit(server, ['=> 1', '=> 2'])
    const silent = await story.edit(server, ['=> 2', '=> /* two */ 2'])
    const second = await story.edit(server, `export const probe = () => 3`)

    expect(silent.rung).toBe('nothing')
    expect(second.number).toBeGreaterThan(first.number)
  })

  test('a failure has a code, a message, a place and a repair', async () => {
    const story = await createStory({ host })
    const server = story.module(`export const probe = () => 1\nexport const other = () => 2`, 'server.ts')
    await story.start(server)

    const outcome = await story.edit(server, ['=> 2', '=> 2 +* 3'])

    expect(outcome).toMatchObject({
      rung: 'failed',
      failure: {
        code: expect.stringMatching(/^[a-z_]+$/),
        message: expect.any(String),
        location: { file: expect.stringMatching(/server\.ts$/), line: 2, column: expect.any(Number) },
      },
    })
  })

  test('a throw while re-running tells where in the source it was thrown', async () => {
    const story = await createStory({ host })
    const server = story.module(
      `interface Options {
  port: number
}
const options: Options = { port: 1 }
console.assert(options.port === 1)
export const probe = () => options.port`,
      'server.ts',
    )
    await story.start(server)

    const outcome = await story.edit(server, [
      'console.assert(options.port === 1)',
      "if (options.port) throw new Error('out of ports')",
    ])

    expect(outcome).toMatchObject({
      rung: 'failed',
      failure: {
        message: expect.stringContaining('out of ports'),
        location: { file: expect.stringMatching(/server\.ts$/), line: 5 },
      },
    })
  })

  test('files: renamed by the story, seen by the server', async () => {
    const story = await createStory({ host })
    const users = story.module(`export const users = () => ['Ann']`, 'users.ts')
    const server = story.module(`import { users } from ${users}\n export const probe = () => users()`, 'server.ts')
    await story.start(server)

    const outcome = await story.rename(users, 'people.ts', { 'server.ts': ['./users.ts', './people.ts'] })

    expect(outcome.rung).not.toBe('failed')
    expect(await story.edit('people.ts', ["['Ann']", "['Bob']"])).toMatchObject({ rung: 'patch' })
    expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
  })
})
