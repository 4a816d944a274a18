import { patch, patchOrRerun, rerun, type Row } from '../../support/story/row.ts'

/** Functions that were handed out: who holds one gets the new body. */
export const captured: readonly Row[] = [
  {
    name: 'a handler in an array of another module',
    files: {
      'routes.ts': `export const hello = () => 'one'`,
      'table.ts': `import { hello } from './routes.ts'\n export const handlers = [hello]`,
    },
    server: `
      import { handlers } from './table.ts'
      const first = handlers[0]!
      export const probe = () => [handlers[0]!(), first()]
      export const retained = () => ({ handlers, first })`,
    edits: [patch({ 'routes.ts': ["'one'", "'two'"] }), patch({ 'routes.ts': ["'two'", "'three'"] })],
  },
  {
    name: 'a listener of an emitter',
    files: {
      'on-order.ts': `export const log: string[] = []\n export function onOrder(id: number) { log.push('order ' + id) }`,
    },
    server: `
      import { EventEmitter } from 'node:events'
      import { log, onOrder } from './on-order.ts'
      const events = new EventEmitter()
      events.on('order', onOrder)
      export const probe = () => { log.length = 0; events.emit('order', 1); return [...log] }
      export const retained = () => ({ events, log })`,
    edits: [
      patch({ 'on-order.ts': ["'order ' + id", "'new order ' + id"] }),
      patch({ 'on-order.ts': ["log.push('new order ' + id)", "log.push('a' + id); log.push('b' + id)"] }),
    ],
  },
  {
    name: 'a listener can be taken off with the function it was put on with',
    server: `
      import { EventEmitter } from 'node:events'
      export const events = new EventEmitter()
      export function tick() { return 1 }
      events.on('tick', tick)
      export const probe = () => { events.off('tick', tick); const left = events.listenerCount('tick'); events.on('tick', tick); return [left, tick()] }`,
    edits: [patch(['return 1', 'return 2']), patch(['return 2', 'return 3'])],
  },
  {
    name: 'a bound method of a controller',
    files: {
      'controller.ts': `
        export class Users {
          names = ['Ann']
          list() { return this.names.join() }
        }`,
    },
    server: `
      import { Users } from './controller.ts'
      const users = new Users()
      const routes = new Map<string, () => string>()
      routes.set('/users', users.list.bind(users))
      export const probe = () => routes.get('/users')!()
      export const retained = () => ({ users, routes })`,
    edits: [
      patch({ 'controller.ts': ['this.names.join()', "this.names.join() + '.'"] }),
      patch({ 'controller.ts': ['this.names.join()', 'this.names.map((name) => name.toLowerCase()).join()'] }),
    ],
  },
  {
    name: 'a bound function with arguments filled in',
    server: `
      function send(status: number, body: string) { return status + ' ' + body }
      const ok = send.bind(null, 200)
      export const probe = () => ok('fine')
      export const retained = () => ({ ok })`,
    edits: [patch(["status + ' ' + body", "'HTTP ' + status + ' ' + body"])],
  },
  {
    name: 'a method taken off its instance and called with another this',
    server: `
      class Counter { n = 1; value() { return this.n } }
      const counter = new Counter()
      const { value } = counter
      export const probe = () => value.call({ n: 5 } as any)
      export const retained = () => ({ counter, value })`,
    edits: [patch(['return this.n', 'return this.n * 100'])],
  },
  {
    name: 'a function passed into a closure of a library',
    server: `
      import { promisify } from 'node:util'
      function query(sql: string, done: (error: Error | null, rows: string[]) => void) { done(null, [sql]) }
      const queryAsync = promisify(query)
      export const probe = () => queryAsync('select 1')
      export const retained = () => ({ queryAsync })`,
    edits: [patch(['done(null, [sql])', "done(null, [sql, 'limit 1'])"])],
  },
  {
    name: 'a wrapper made at start-up by a function of the user',
    files: {
      'timed.ts': `export const timed = (f: () => string) => () => '[' + f() + ']'`,
    },
    server: `
      import { timed } from './timed.ts'
      function page() { return 'page' }
      const handler = timed(page)
      export const probe = () => handler()
      export const retained = () => ({ handler })`,
    edits: [
      patch(["return 'page'", "return 'new page'"]),
      rerun({ 'timed.ts': ["'[' + f() + ']'", "'(' + f() + ')'"] }, { recreated: ['handler'] }),
    ],
  },
  {
    name: 'an inline literal inside a wrapper inside a registration',
    files: {
      'catching.ts': `export const catching = (f: (id: string) => string) => (id: string) => { try { return f(id) } catch (error) { return String(error) } }`,
    },
    server: `
      import { catching } from './catching.ts'
      const routes = new Map<string, (id: string) => string>()
      routes.set('/', catching((id) => { if (!id) throw new Error('no id'); return 'got ' + id }))
      export const probe = () => [routes.get('/')!(''), routes.get('/')!('7')]
      export const retained = () => ({ routes })`,
    edits: [patch(["'got ' + id", "'here is ' + id"]), patch(["new Error('no id')", "new TypeError('id is missing')"])],
  },
  {
    name: 'a callback kept in a WeakMap and a Symbol-keyed property',
    server: `
      const key = Symbol('handler')
      const owner: any = {}
      const registry = new WeakMap<object, () => string>()
      function handle() { return 'one' }
      owner[key] = handle
      registry.set(owner, handle)
      export const probe = () => [owner[key](), registry.get(owner)!()]
      export const retained = () => ({ owner, registry })`,
    edits: [patch(["return 'one'", "return 'two'"])],
  },
  {
    name: 'a timer callback, called by hand',
    server: `
      const pending: (() => string)[] = []
      const fakeInterval = (f: () => string) => { pending.push(f) }
      function tick() { return 'tick' }
      fakeInterval(tick)
      fakeInterval(() => 'tock')
      export const probe = () => pending.map((f) => f())`,
    edits: [patch(["return 'tick'", "return 'tick!'"]), patch(["'tock'", "'tock!'"])],
  },
  {
    name: 'a handler in an object of handlers that was registered',
    server: `
      const handlers = {
        list: () => ['a'],
        async get(id: number) { return { id } },
      }
      const router = new Map<string, Function>()
      for (const [name, handler] of Object.entries(handlers)) router.set(name, handler)
      export const probe = async () => [[...router.keys()], router.get('list')?.(), await router.get('get')!(1)]
      export const retained = () => ({ router, handlers })`,
    edits: [
      patch(["['a']", "['a', 'b']"]),
      patch(['return { id }', 'return { id, name: "Ann" }']),
      rerun(["list: () => ['a', 'b'],", "list: () => ['a', 'b'],\n        remove: () => 'gone',"], {
        recreated: ['router', 'handlers'],
      }),
      rerun(["list: () => ['a', 'b'],", ''], { recreated: ['router', 'handlers'] }),
    ],
  },
  {
    name: 'a once() listener, a Proxy around a service and a getter that hands functions out',
    server: `
      const service = { price: (n: number) => n * 2 }
      const logged: string[] = []
      const proxied = new Proxy(service, { get(target, key: 'price') { logged.push(key); return target[key] } })
      const box = { get price() { return proxied.price } }
      export const probe = () => box.price(4)
      export const retained = () => ({ proxied, service })`,
    edits: [
      patch(['n * 2', 'n * 3']),
      patch(['logged.push(key); return target[key]', "return (n: number) => 'proxied ' + target[key](n)"]),
    ],
  },
  {
    name: 'a handler renamed where it is defined and where it is registered',
    files: { 'handlers.ts': `export const getUser = () => 'user'` },
    server: `
      import { getUser } from './handlers.ts'
      const routes = new Map<string, () => string>()
      const cache = new Map<string, string>()
      routes.set('/user', getUser)
      export const fill = () => { cache.set('a', 'b') }
      export const probe = () => routes.get('/user')!()
      export const state = () => [...cache]
      export const retained = () => ({ cache })`,
    edits: [
      patchOrRerun(
        {
          'handlers.ts': `export const readUser = () => 'read user'`,
          'server.ts': [
            ['import { getUser }', 'import { readUser }'],
            ["'/user', getUser", "'/user', readUser"],
          ],
        },
        { calls: ['fill'] },
      ),
    ],
  },
]
