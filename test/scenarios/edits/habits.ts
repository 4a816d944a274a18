import { patch, patchOrRerun, rerun, type Row } from '../../support/story/row.ts'

/** Habits of people who write servers. */
export const habits: readonly Row[] = [
  {
    name: 'export default new Service()',
    files: {
      'service.ts': `
        class Service { private seen: string[] = []; visit(name: string) { this.seen.push(name) } count() { return this.seen.length } describe() { return 'service' } }
        export default new Service()`,
    },
    server: `
      import service from './service.ts'
      export const visit = () => service.visit('ann')
      export const probe = () => service.describe()
      export const state = () => service.count()
      export const retained = () => ({ service })`,
    edits: [
      patch({ 'service.ts': ["'service'", "'the service'"] }, { calls: ['visit', 'visit'] }),
      patch({ 'service.ts': ["return 'the service'", "return 'a service'"] }, { calls: ['visit'] }),
    ],
  },
  {
    name: 'an object that holds data and methods',
    server: `
      const store = {
        items: [] as string[],
        total: 0,
        add(item: string) { this.items.push(item); this.total += 1 },
        describe() { return 'store' },
      }
      export const add = () => store.add('x')
      export const probe = () => store.describe()
      export const state = () => [store.items, store.total]
      export const retained = () => ({ store, items: store.items })`,
    edits: [
      patch(["'store'", "'the store'"], { calls: ['add', 'add'] }),
      patch(['this.total += 1', 'this.total += 2'], { calls: ['add'], sameAnswer: true }),
      patch(["'the store'", "'our store'"], { calls: ['add'] }),
    ],
  },
  {
    name: 'a store behind routes that a function registers',
    files: {
      'todos.ts': `
        type App = { get(path: string, handler: () => unknown): void }
        const todos: string[] = []
        const byId = new Map<number, string>()
        export function registerTodos(app: App) {
          app.get('/add', () => { todos.push('todo'); byId.set(todos.length, 'todo'); return 'added' })
          app.get('/list', () => list())
        }
        const list = () => 'list'
        export const counts = () => [todos.length, byId.size]`,
    },
    server: `
      import { counts, registerTodos } from './todos.ts'
      const routes = new Map<string, () => unknown>()
      const app = { get: (path: string, handler: () => unknown) => { routes.set(path, handler) } }
      registerTodos(app)
      export const add = () => routes.get('/add')!()
      export const probe = () => [[...routes.keys()], routes.get('/list')!(), routes.get('/new')?.()]
      export const state = () => counts()`,
    edits: [
      patch({ 'todos.ts': ["=> 'list'", "=> 'LIST'"] }, { calls: ['add', 'add'] }),
      rerun(
        {
          'todos.ts': [
            "app.get('/list', () => list())",
            "app.get('/list', () => list())\n app.get('/new', () => 'new')",
          ],
        },
        { calls: ['add'] },
      ),
      rerun({ 'todos.ts': ["() => 'new'", "() => 'newer'"] }, { calls: ['add'] }),
    ],
  },
  {
    name: 'a singleton that is made when it is first asked for, at start-up',
    files: {
      'db.ts': `
        class Db { tables: string[]; constructor() { this.tables = ['users'] } query() { return 'rows of ' + this.tables } }
        let instance: Db | undefined
        export const getDb = () => (instance ??= new Db())
        export const pool = { open: 0 }`,
    },
    server: `
      import { getDb, pool } from './db.ts'
      const users = { db: getDb(), all: () => getDb().query() }
      export const probe = () => [users.all(), users.db === getDb()]
      export const retained = () => ({ db: getDb(), pool, users })`,
    edits: [
      patch({ 'db.ts': ["'rows of '", "'ROWS of '"] }),
      rerun({ 'db.ts': ["['users']", "['users', 'orders']"] }, { recreated: ['db', 'users'] }),
    ],
  },
  {
    name: 'a singleton that is made when it is first asked for, by a request',
    files: {
      'cache.ts': `
        class Cache { entries = new Map<string, number>(); put() { this.entries.set('k' + this.entries.size, 1); return 'put' } size() { return this.entries.size } }
        let instance: Cache | undefined
        export const getCache = () => (instance ??= new Cache())
        export const fresh = () => new Cache().put()`,
    },
    server: `
      import { fresh, getCache } from './cache.ts'
      export const put = () => getCache().put()
      export const probe = () => fresh()
      export const state = () => getCache().size()
      export const retained = () => ({ cache: getCache() })`,
    edits: [
      patch({ 'cache.ts': ["return 'put'", "return 'PUT'"] }, { calls: ['put', 'put'] }),
      patch(
        {
          'cache.ts': ['entries = new Map<string, number>();', "entries = new Map<string, number>(); name = 'cache';"],
        },
        { calls: ['put'], sameAnswer: true },
      ),
      patch({ 'cache.ts': ["return 'PUT'", "return 'PUT ' + this.name"] }, { calls: ['put'] }),
    ],
  },
  {
    name: 'an exported let that an init function fills at start-up',
    files: {
      'context.ts': `
        export let context: { name: string } | undefined
        export const sessions = new Map<string, number>()
        export function init(name: string) { context = { name: name + '!' } }`,
    },
    server: `
      import { context, init, sessions } from './context.ts'
      init('app')
      export const probe = () => context?.name
      export const retained = () => ({ sessions, context })`,
    edits: [
      rerun({ 'context.ts': ["name + '!'", "name + '?'"] }, { recreated: ['context'] }),
      rerun(["init('app')", "init('server')"], { recreated: ['context'] }),
    ],
  },
  {
    name: 'a promise that start-up made and handlers await',
    files: {
      'connect.ts': `export async function connect(url: string) { await null; return { url, query: () => run(url) } }\n const run = (url: string) => 'query at ' + url`,
    },
    server: `
      import { connect } from './connect.ts'
      const ready = connect('memory')
      const cache = new Map()
      export const probe = async () => (await ready).query()
      export const retained = () => ({ ready, cache })`,
    edits: [
      patch({ 'connect.ts': ["'query at '", "'QUERY at '"] }),
      rerun(
        { 'connect.ts': ['{ url, query: () => run(url) }', "{ url, query: () => run(url + '/1') }"] },
        { recreated: ['ready'] },
      ),
    ],
  },
  {
    name: 'an emitter that subscribes to itself in its constructor',
    files: {
      'orders.ts': `
        import { EventEmitter } from 'node:events'
        export class Orders extends EventEmitter {
          log: string[] = []
          constructor() { super(); this.on('placed', (id: number) => { this.placed(id) }) }
          placed(id: number) { this.log.push('placed ' + id) }
        }`,
    },
    server: `
      import { Orders } from './orders.ts'
      const orders = new Orders()
      export const probe = () => { orders.log.length = 0; orders.emit('placed', 1); return orders.log }
      export const retained = () => ({ orders })`,
    edits: [
      patch({ 'orders.ts': ["'placed ' + id", "'PLACED ' + id"] }),
      rerun(
        { 'orders.ts': ['{ this.placed(id) }', '{ this.placed(id); this.placed(id + 1) }'] },
        { recreated: ['orders'] },
      ),
    ],
  },
  {
    name: 'a subclass that registers itself with its base',
    files: {
      'job.ts': `export abstract class Job { static all = new Map<string, new () => Job>(); static register(type: new () => Job) { Job.all.set(type.name, type) } abstract run(): string }`,
      'mail.ts': `import { Job } from './job.ts'\n export class Mail extends Job { run() { return 'mail' } }\n Job.register(Mail)`,
      'sms.ts': `import { Job } from './job.ts'\n export class Sms extends Job { run() { return 'sms' } }\n Job.register(Sms)`,
    },
    server: `
      import { Job } from './job.ts'
      import './mail.ts'
      import './sms.ts'
      const runs = new Map<string, number>()
      export const probe = () => [...Job.all].map(([name, Type]) => name + ' ' + new Type().run())
      export const retained = () => ({ Job, runs })`,
    edits: [
      patch({ 'mail.ts': ["'mail'", "'MAIL'"] }),
      rerun({ 'sms.ts': ['\n Job.register(Sms)', ''] }),
      rerun({ 'sms.ts': ["return 'sms' } }", "return 'sms' } }\n Job.register(Sms)"] }),
    ],
  },
  {
    name: 'methods mixed into a prototype at the top level',
    server: `
      class Model { id = 1; save() { return 'saved ' + this.id } }
      interface Model { describe(): string }
      const describable = { describe(this: Model) { return 'model ' + this.id } }
      Object.assign(Model.prototype, describable)
      const model = new Model()
      export const probe = () => [model.save(), model.describe(), new Model().describe()]
      export const retained = () => ({ model, Model })`,
    edits: [patch(["'model ' + this.id", "'MODEL ' + this.id"]), patch(["'saved ' + this.id", "'SAVED ' + this.id"])],
  },
  {
    name: 'state per instance in a WeakMap',
    files: {
      'users.ts': `
        const secrets = new WeakMap<User, string>()
        export class User { constructor(readonly name: string) { secrets.set(this, 'secret of ' + name) } reveal() { return secrets.get(this) } label() { return 'user' } }
        export const ann = new User('Ann')`,
    },
    server: `
      import { ann } from './users.ts'
      export const probe = () => [ann.reveal(), ann.label()]
      export const retained = () => ({ ann })`,
    edits: [
      patch({ 'users.ts': ["return 'user'", "return 'USER'"] }),
      patch({ 'users.ts': ['return secrets.get(this)', 'return secrets.get(this)?.toUpperCase()'] }),
    ],
  },
  {
    name: 'a request context in an AsyncLocalStorage',
    files: {
      'context.ts': `
        import { AsyncLocalStorage } from 'node:async_hooks'
        const storage = new AsyncLocalStorage<{ id: number }>()
        export const inRequest = <T>(id: number, run: () => T) => storage.run({ id }, run)
        export const requestId = () => storage.getStore()?.id
        export const getStorage = () => storage`,
    },
    server: `
      import { getStorage, inRequest, requestId } from './context.ts'
      const handler = async () => { await null; return 'request ' + requestId() }
      export const probe = () => inRequest(7, handler)
      export const retained = () => ({ storage: getStorage() })`,
    edits: [
      patch(["'request ' +", "'Request ' +"]),
      patch({ 'context.ts': ['storage.getStore()?.id', 'storage.getStore()!.id * 10'] }),
      patch({ 'context.ts': ['storage.run({ id }, run)', 'storage.run({ id: id + 1 }, run)'] }),
    ],
  },
  {
    name: 'the same module by two specifiers',
    files: { 'lib/counter.ts': `export const counter = { n: 0 }\n export const label = () => 'counter'` },
    server: `
      import { counter } from './lib/counter'
      import { counter as again, label } from './lib/counter.ts'
      export const count = () => { counter.n += 1 }
      export const probe = () => [counter === again, label()]
      export const state = () => again.n
      export const retained = () => ({ counter })`,
    edits: [
      patch({ 'lib/counter.ts': ["'counter'", "'COUNTER'"] }, { calls: ['count'] }),
      patch({ 'lib/counter.ts': ["'COUNTER'", "'counter'"] }, { calls: ['count'] }),
    ],
  },
  {
    name: 'an exported name and its use at start-up change together',
    files: { 'settings.ts': `export const port = 1\n export const visits = new Map()` },
    server: `
      import { port, visits } from './settings.ts'
      const url = ['http://localhost', port].join(':')
      export const probe = () => url
      export const retained = () => ({ visits })`,
    edits: [
      patchOrRerun({
        'settings.ts': ['const port = 1', 'const httpPort = 2'],
        'server.ts': [
          ['{ port, visits }', '{ httpPort, visits }'],
          ["['http://localhost', port]", "['http://localhost', httpPort]"],
        ],
      }),
    ],
  },
  {
    name: 'callbacks of array methods that ran at start-up, and for requests only',
    files: { 'names.ts': `export const names = ['b', 'a', 'c']` },
    server: `
      import { names } from './names.ts'
      const cache = new Map()
      const sorted = names.map((name) => ({ name })).sort((a, b) => a.name.localeCompare(b.name))
      const pick = () => sorted.filter((entry) => entry.name !== 'x').map((entry) => entry.name)
      export const probe = () => pick()
      export const retained = () => ({ cache })`,
    edits: [
      patchOrRerun(['a.name.localeCompare(b.name)', 'b.name.localeCompare(a.name)']),
      patch(["entry.name !== 'x'", "entry.name !== 'b'"]),
      rerun({ 'names.ts': ["'c'", "'d'"] }),
    ],
  },
  {
    name: 'functions of the same name in two modules',
    files: {
      'a.ts': `const format = () => 'a'\n export const a = () => format()`,
      'b.ts': `const format = () => 'b'\n export const b = () => format()`,
    },
    server: `
      import { a } from './a.ts'
      import { b } from './b.ts'
      const format = () => a() + b()
      export const probe = () => format()`,
    edits: [patch({ 'a.ts': ["'a'", "'A'"] }), patch({ 'b.ts': ["'b'", "'B'"] }), patch(['a() + b()', 'b() + a()'])],
  },
]
