import { applied, patch, patchOrRerun, rerun, type Row } from '../../support/story/row.ts'

/** Classes: existing instances, subclasses and captured methods live on through every edit. */
export const classes: readonly Row[] = [
  {
    name: 'a method: changed, added, removed on an instance that exists',
    files: {
      'service.ts': `
        export class Service {
          private names = ['Ann']
          greet() { return 'Hello ' + this.names }
          old() { return 'old' }
        }`,
      'instance.ts': `import { Service } from './service.ts'\n export const service = new Service()`,
    },
    server: `
      import { service } from './instance.ts'
      import { Service } from './service.ts'
      export const probe = () => [service.greet(), typeof (service as any).added, 'old' in service, service instanceof Service, Object.getOwnPropertyNames(Service.prototype).sort()]
      export const retained = () => ({ service, Service, prototype: Service.prototype, constructor: service.constructor })`,
    edits: [
      patch({ 'service.ts': ["'Hello '", "'Hi '"] }),
      patch({ 'service.ts': ["old() { return 'old' }", "old() { return 'old' }\n added() { return 'new' }"] }),
      patch({ 'service.ts': ["old() { return 'old' }", ''] }),
      patch({ 'service.ts': ["added() { return 'new' }", "old() { return 'old' }"] }),
    ],
  },
  {
    name: 'fields of existing instances keep their data',
    server: `
      class Session { hits = 0; touch() { this.hits += 1; return this.hits } describe() { return 'session' } }
      const sessions = new Map<string, Session>()
      export const visit = () => { if (!sessions.has('a')) sessions.set('a', new Session()); sessions.get('a')!.touch() }
      export const state = () => [...sessions.values()].map((session) => session.hits)
      export const probe = () => new Session().describe()
      export const retained = () => ({ sessions, a: sessions.get('a') })`,
    edits: [
      patch(["'session'", "'a session'"], { calls: ['visit', 'visit'] }),
      patch(["'a session'", "'session of ' + this.hits"], { calls: ['visit'] }),
    ],
  },
  {
    name: 'a private name that an edit added, and a base class whose constructor calls a method of the subclass',
    server: `
      class Base { constructor() { this.setUp() } setUp() {} }
      class Sub extends Base { setUp() {} show() { return 'sub' } }
      export const probe = () => new Sub().show()`,
    edits: [
      patch(["setUp() {} show() { return 'sub' }", "#due = 1; setUp() {} show() { return 'sub' + this.#due }"]),
      patch(['#due = 1', '#due = 2']),
    ],
  },
  {
    name: 'accessors',
    server: `
      class Config {
        #raw = 'a'
        get value() { return this.#raw }
        set value(next) { this.#raw = next.trim() }
      }
      const config = new Config()
      export const probe = () => { config.value = ' b '; return config.value }
      export const retained = () => ({ config })`,
    edits: [
      patch(['return this.#raw }', 'return this.#raw.toUpperCase() }']),
      patch(['next.trim()', "next.trim() + '!'"]),
    ],
  },
  {
    name: 'an accessor becomes a method, and a setter goes',
    server: `
      class Box {
        n = 1
        get size() { return this.n }
        set size(n) { this.n = n }
      }
      const box = new Box()
      const write = () => { try { (new Box() as any).size = 1; return 'written' } catch (error) { return (error as Error).name } }
      export const probe = () => [write(), typeof box.size]
      export const retained = () => ({ box })`,
    edits: [
      patch(['set size(n) { this.n = n }', '']),
      patch(['get size() { return this.n }', 'size() { return this.n }']),
      patch(['size() { return this.n }', 'get size() { return this.n }']),
    ],
  },
  {
    name: 'static methods and accessors, captured too',
    server: `
      class Id {
        static prefix = 'id'
        static make(n: number) { return this.prefix + n }
        static get zero() { return this.make(0) }
      }
      const make = Id.make.bind(Id)
      export const probe = () => [Id.make(1), make(2), Id.zero]
      export const retained = () => ({ Id, make })`,
    edits: [patch(['this.prefix + n', "this.prefix + '-' + n"]), patch(['this.make(0)', 'this.make(-1)'])],
  },
  {
    name: 'a static field keeps its value while its text stays, and follows its text',
    server: `
      class Counter {
        static total = 0
        static limit = 10
        static step() { Counter.total += 1; return Counter.total }
        static label() { return 'counter' }
      }
      export const count = () => Counter.step()
      export const probe = () => [Counter.label(), Counter.limit]
      export const state = () => Counter.total
      export const retained = () => ({ Counter })`,
    edits: [
      patch(["'counter'", "'the counter'"], { calls: ['count', 'count'] }),
      patch(['limit = 10', 'limit = 20'], { calls: ['count'] }),
    ],
  },
  {
    name: 'computed names',
    server: `
      const LIST = 'list'
      const hidden = Symbol('hidden')
      class Repo {
        [LIST]() { return ['a'] }
        [hidden]() { return 'h' }
        *[Symbol.iterator]() { yield 1 }
        ['get' + 'One']() { return 1 }
        static [Symbol.hasInstance](value: any) { return Boolean(value?.repo) }
      }
      const repo: any = new Repo()
      export const probe = () => [repo.list(), repo[hidden](), [...repo], repo.getOne(), ({ repo: 1 }) instanceof Repo]
      export const retained = () => ({ repo, Repo })`,
    edits: [
      patch(["['a']", "['a', 'b']"]),
      patch(["return 'h'", "return 'H'"]),
      patch(['yield 1', 'yield 1; yield 2']),
      patch(['return 1 }', 'return 11 }']),
      patch(['Boolean(value?.repo)', 'value?.repo === 2']),
    ],
  },
  {
    name: 'a constructor that ran at start-up makes its instances anew',
    server: `
      class Pool { size: number; constructor(size: number) { this.size = size } describe() { return 'pool of ' + this.size } }
      const cache = new Map<string, number>()
      const pool = new Pool(5)
      export const probe = () => pool.describe()
      export const retained = () => ({ pool, cache, Pool })`,
    edits: [
      patch(["'pool of '", "'a pool of '"]),
      rerun(['this.size = size', 'this.size = size * 2'], { recreated: ['pool'] }),
      patch(["'a pool of '", "'pool of '"]),
    ],
  },
  {
    name: 'a constructor that ran for requests only',
    server: `
      class Order { total: number; constructor(readonly id: number) { this.total = id * 10 } }
      const orders: Order[] = []
      export const order = () => { orders.push(new Order(orders.length + 1)) }
      export const probe = () => ({ ...new Order(1) })
      export const state = () => orders.map((each) => each.total)
      export const retained = () => ({ orders, first: orders[0] })`,
    edits: [
      patch(['id * 10', 'id * 100'], { calls: ['order'] }),
      patch(['readonly id: number', 'readonly id: number, readonly paid = false']),
    ],
  },
  {
    name: 'an instance field is added, changed and removed; the constructor ran at start-up',
    server: `
      class Store { items = ['a']; count() { return this.items.length } }
      const store: any = new Store()
      export const probe = () => [store.count(), Object.keys(store)]
      export const retained = () => ({ store })`,
    edits: [
      rerun(["items = ['a'];", "items = ['a']; name = 'store';"], { recreated: ['store'] }),
      rerun(["items = ['a'];", "items = ['a', 'b'];"], { recreated: ['store'] }),
      rerun([" name = 'store';", ''], { recreated: ['store'] }),
    ],
  },
  {
    name: 'private fields',
    server: `
      class Account {
        #balance = 0
        deposit(n: number) { this.#balance += n }
        get balance() { return this.#balance }
        describe() { return 'balance' }
      }
      const account = new Account()
      export const deposit = () => account.deposit(5)
      export const state = () => account.balance
      export const probe = () => account.describe()
      export const retained = () => ({ account })`,
    edits: [
      patch(["return 'balance'", "return 'has a balance: ' + (typeof this.#balance)"], { calls: ['deposit'] }),
      patch(['this.#balance += n', 'this.#balance += n * 2'], { calls: ['deposit'], sameAnswer: true }),
      patch(["'has a balance: '", "'balance: '"], { calls: ['deposit'] }),
    ],
  },
  {
    name: 'private methods and accessors',
    server: `
      class Mailer {
        #sent: string[] = []
        #format(text: string) { return '<' + text + '>' }
        get #last() { return this.#sent.at(-1) }
        set #last(text) { this.#sent.push(text!) }
        send(text: string) { this.#last = this.#format(text); return this.#last }
      }
      const mailer = new Mailer()
      export const probe = () => mailer.send('hi')
      export const retained = () => ({ mailer })`,
    edits: [
      patch(["'<' + text + '>'", "'[' + text + ']'"]),
      patch(['this.#sent.at(-1)', "this.#sent.at(-1) + ' (last)'"]),
      patch(['this.#sent.push(text!)', "this.#sent.push(text! + '.')"]),
    ],
  },
  {
    name: 'static private members',
    server: `
      class Ids {
        static #next = 0
        static #format(n: number) { return 'id-' + n }
        static take() { Ids.#next += 1; return Ids.#next }
        static sample() { return Ids.#format(7) }
        static peek() { return Ids.#next }
      }
      export const take = () => Ids.take()
      export const probe = () => Ids.sample()
      export const state = () => Ids.peek()`,
    edits: [
      patch(["'id-' + n", "'ID-' + n"], { calls: ['take', 'take'] }),
      patch(['Ids.#format(7)', 'Ids.#format(8)'], { calls: ['take'] }),
    ],
  },
  {
    name: '#x in o holds for instances older than the edit',
    server: `
      class Money {
        #cents = 1
        static is(value: object) { return #cents in value }
        same(other: Money) { return this.#cents === other.#cents }
      }
      const old = new Money()
      export const probe = () => [Money.is(old), Money.is({}), Money.is(new Money()), new Money().same(old)]
      export const retained = () => ({ old })`,
    edits: [
      patch(['return #cents in value', 'return [#cents in value]']),
      patch(['this.#cents === other.#cents', '[this.#cents, other.#cents]']),
    ],
  },
  {
    name: 'a private method is added and removed on instances that exist',
    server: `
      class Api {
        #url = '/api'
        call() { return this.#url }
      }
      const api = new Api()
      export const probe = () => api.call()
      export const retained = () => ({ Api })`,
    edits: [
      patchOrRerun([
        ['return this.#url', 'return this.#sign(this.#url)'],
        ["#url = '/api'", "#url = '/api'\n #sign(url: string) { return url + '?signed' }"],
      ]),
      patchOrRerun(["url + '?signed'", "url + '?signature=1'"]),
      patchOrRerun([
        ['return this.#sign(this.#url)', 'return this.#url'],
        ["#sign(url: string) { return url + '?signature=1' }", ''],
      ]),
    ],
  },
  {
    name: 'a private field becomes a private method',
    server: `
      class Clock { #now: any = () => 'field'; time() { return typeof this.#now === 'function' ? this.#now() : this.#now } }
      export const probe = () => new Clock().time()`,
    edits: [
      applied(["#now: any = () => 'field';", "#now() { return 'method' }"]),
      applied(["#now() { return 'method' }", "get #now() { return 'accessor' }"]),
      applied(["get #now() { return 'accessor' }", "#now: any = () => 'field';"]),
    ],
  },
  {
    name: 'super in a constructor, a method, an accessor, a static and an arrow function',
    files: {
      'base.ts': `
        export class Base {
          constructor(readonly name: string) {}
          greet() { return 'base ' + this.name }
          get label() { return 'base label' }
          static create() { return 'base create' }
        }`,
    },
    server: `
      import { Base } from './base.ts'
      class Derived extends Base {
        tag = super.greet
        constructor(name: string) { super(name + '!') }
        override greet() { return 'derived ' + super.greet() }
        override get label() { return 'derived ' + super.label }
        static override create() { return 'derived ' + super.create() }
        later() { return [1].map(() => super.greet())[0] }
        dynamic() { return super['gr' + 'eet' as 'greet']() }
      }
      const make = () => new Derived('Ann')
      export const probe = () => { const it = make(); return [it.greet(), it.label, Derived.create(), it.later(), it.dynamic(), it.tag(), it instanceof Base] }
      export const retained = () => ({ Derived, Base })`,
    edits: [
      patch({ 'base.ts': ["'base ' + this.name", "'BASE ' + this.name"] }),
      patch({ 'base.ts': ["'base label'", "'BASE LABEL'"] }),
      patch({ 'base.ts': ["'base create'", "'BASE CREATE'"] }),
      patch(["'derived ' + super.greet()", "'DERIVED ' + super.greet()"]),
      patch(['[1].map(() => super.greet())[0]', '[1, 2].map(() => super.greet()).join()']),
      patch(["super(name + '!')", "super(name + '?')"]),
      patch(["'derived ' + super.create()", "'DERIVED ' + super.create()"]),
    ],
  },
  {
    name: 'super in methods of an object literal',
    server: `
      const base = { greet() { return 'base' } }
      const derived = { __proto__: base, greet() { return 'derived ' + (super.greet as any)() } }
      export const probe = () => derived.greet()
      export const retained = () => ({ base })`,
    edits: [patch(["return 'base'", "return 'BASE'"]), patch(["'derived ' +", "'DERIVED ' +"])],
  },
  {
    name: 'a base class three modules away, with instances in between',
    files: {
      'entity.ts': `export class Entity { id = 1; toJSON() { return { id: this.id } } }`,
      'user.ts': `import { Entity } from './entity.ts'\n export class User extends Entity { name = 'Ann'; override toJSON() { return { ...super.toJSON(), name: this.name } } }`,
      'admin.ts': `import { User } from './user.ts'\n export class Admin extends User { rights = ['all'] }\n export const root = new Admin()`,
    },
    server: `
      import { root } from './admin.ts'
      import { Entity } from './entity.ts'
      import { User } from './user.ts'
      export const probe = () => [JSON.stringify(root), root instanceof User, root instanceof Entity, typeof (root as any).isNew]
      export const retained = () => ({ root, User, Entity })`,
    edits: [
      patch({ 'entity.ts': ['{ id: this.id }', "{ id: '#' + this.id } as any"] }),
      patch({ 'user.ts': ['name: this.name }', 'name: this.name.toUpperCase() }'] }),
      patch({ 'entity.ts': ['toJSON()', 'isNew() { return false }\n toJSON()'] }),
      patch({ 'entity.ts': ['isNew() { return false }\n ', ''] }),
    ],
  },
  {
    name: 'a base class is swapped for another',
    server: `
      class Cat { sound() { return 'meow' } }
      class Dog { sound() { return 'woof' } }
      class Pet extends Cat { speak() { return this.sound() + '!' } }
      export const probe = () => { const pet = new Pet(); return [pet.speak(), pet instanceof Cat, pet instanceof Dog] }
      export const retained = () => ({ Pet })`,
    edits: [
      patch(['extends Cat', 'extends Dog']),
      patch([
        ['extends Dog ', ''],
        ["this.sound() + '!'", "'...'"],
      ]),
      patch([
        ['class Pet', 'class Pet extends Cat'],
        ["'...'", "this.sound() + '!'"],
      ]),
    ],
  },
  {
    name: 'extends a built-in: Error, Map, Array, Promise',
    server: `
      export class NotFound extends Error { status = 404; override get name() { return 'NotFound' } describe() { return this.status + ' ' + this.message } }
      export class Registry extends Map<string, number> { total() { return [...this.values()].reduce((a, b) => a + b, 0) } }
      export class Stack extends Array<number> { peek() { return this[this.length - 1] } }
      const registry = new Registry([['a', 1], ['b', 2]])
      const stack = Stack.from([1, 2]) as Stack
      export const probe = () => [new NotFound('x').describe(), String(new NotFound('y')), new NotFound('z') instanceof Error, registry.total(), registry.size, stack.peek(), stack.map((n) => n) instanceof Stack, Array.isArray(stack)]
      export const retained = () => ({ registry, stack, NotFound })`,
    edits: [
      patch(["this.status + ' ' + this.message", "'HTTP ' + this.status"]),
      patch(["return 'NotFound'", "return 'NotFoundError'"]),
      patch(['a + b, 0', 'a + b, 100']),
      patch(['this[this.length - 1]', 'this[0]']),
    ],
  },
  {
    name: 'a class with private names uses a helper, a constant, a variable and an import that come with the edit',
    files: { 'marks.ts': `export const mark = (text: string) => '<' + text + '>'` },
    server: `
      class Counter { #n = 0; next() { return ++this.#n } get n() { return this.#n } }
      const counter = new Counter()
      export const count = () => counter.next()
      export const probe = () => new Counter().next()
      export const state = () => counter.n
      export const retained = () => ({ counter, Counter })`,
    edits: [
      patch(
        {
          'server.ts': `
      import { mark } from './marks.ts'
      const STEP = 2
      let calls = 0
      function twice(n: number) { return n * 2 }
      class Counter {
        #n = 0
        next() { calls++; const tools = { twice, mark, calls }; this.#n += STEP; return this.#show(tools.twice(this.#n) + twice(1)) + typeof calls }
        #show(n: number) { return mark(String(n)) }
        get n() { return this.#n }
      }
      const counter = new Counter()
      export const count = () => counter.next()
      export const probe = () => new Counter().next()
      export const state = () => counter.n
      export const retained = () => ({ counter, Counter })`,
        },
        { calls: ['count', 'count'] },
      ),
      patch(['return n * 2', 'return n * 3'], { calls: ['count'] }),
      patch(["import { mark } from './marks.ts'", "const mark = (text: string) => '[' + text + ']'"]),
    ],
  },
  {
    name: 'a class goes and comes back, with another body',
    server: `
      class Box { size() { return 1 } }
      const make = () => new Box().size()
      export const probe = () => make()`,
    edits: [
      patch({
        'server.ts': `
      const make = () => 0
      export const probe = () => make()`,
      }),
      patch({
        'server.ts': `
      class Box { #n = 2; size() { return this.#n } }
      const make = () => new Box().size()
      export const probe = () => make()`,
      }),
      patch({
        'server.ts': `
      const make = () => 0
      export const probe = () => make()`,
      }),
      patch({
        'server.ts': `
      class Box { #n = 3; size() { return this.#n } }
      const make = () => new Box().size()
      export const probe = () => make()`,
      }),
    ],
  },
  {
    name: 'the length of a method decides how it is called, as in the error handlers of Express',
    server: `
      class Handlers { static four(a: 1, b: 2, c: 3, d: 4) { return 'four' } three(a: 1, b: 2, c: 3) { return 'three' } }
      const { three } = new Handlers()
      export const probe = () => [Handlers.four.length, three.length, three.bind(null).length]`,
    edits: [applied(['c: 3) { return', 'c: 3, d: 4) { return'])],
  },
  {
    name: 'extends an external class',
    server: `
      import { EventEmitter } from 'node:events'
      class Bus extends EventEmitter { log: string[] = []; override emit(name: string, ...args: unknown[]) { this.log.push(name); return super.emit(name, ...args) } }
      const bus = new Bus()
      bus.on('a', () => {})
      export const probe = () => { bus.log.length = 0; bus.emit('a'); bus.emit('b'); return [bus.log, bus instanceof EventEmitter] }
      export const retained = () => ({ bus })`,
    edits: [
      patch(['this.log.push(name);', 'this.log.push(name.toUpperCase());']),
      patch(['this.log.push(name.toUpperCase());', "if (name !== 'b') this.log.push(name);"]),
    ],
  },
  {
    name: 'extends an expression',
    server: `
      const kinds = { small: class { size() { return 1 } }, large: class { size() { return 100 } } }
      const choose = (large: boolean) => (large ? kinds.large : kinds.small)
      class Item extends choose(false) { describe() { return 'size ' + this.size() } }
      const item = new Item()
      export const probe = () => [item.describe(), new Item().describe()]
      export const retained = () => ({ Item })`,
    edits: [
      patch(["'size '", "'Size '"]),
      patchOrRerun(['return 1 ', 'return 2 ']),
      patchOrRerun(['choose(false)', 'choose(true)']),
    ],
  },
  {
    name: 'mixins',
    files: {
      'mixins.ts': `
        type Class = new (...args: any[]) => object
        export const Timestamped = <T extends Class>(Base: T) => class extends Base { stamp() { return 'now' } }
        export function Tagged<T extends Class>(Base: T) { return class Tagged extends Base { tag() { return 'tag' } } }`,
    },
    server: `
      import { Tagged, Timestamped } from './mixins.ts'
      class Doc extends Tagged(Timestamped(Object)) { show() { return [this.stamp(), this.tag(), 'doc'] } }
      export const probe = () => new Doc().show()
      export const retained = () => ({ Doc })`,
    edits: [
      patch(["'doc'", "'document'"]),
      patchOrRerun({ 'mixins.ts': ["return 'now'", "return 'later'"] }),
      patchOrRerun({ 'mixins.ts': ["return 'tag'", "return 'TAG'"] }),
    ],
  },
  {
    name: 'static blocks and a static instance of itself',
    server: `
      class Registry {
        static names: string[] = []
        static { this.names.push('first') }
        static instance = new Registry()
        static #secret = 1
        static { Registry.names.push('secret ' + this.#secret) }
        hits = 0
        describe() { return 'registry' }
      }
      export const hit = () => { Registry.instance.hits += 1 }
      export const probe = () => [Registry.instance.describe(), Registry.names, Registry.instance instanceof Registry]
      export const state = () => Registry.instance.hits
      export const retained = () => ({ Registry, instance: Registry.instance })`,
    edits: [
      patch(["'registry'", "'the registry'"], { calls: ['hit'] }),
      patch(["'the registry'", "'our registry'"], { calls: ['hit'] }),
    ],
  },
  {
    name: 'a changed static block runs again',
    server: `
      class Codes {
        static all = new Map<number, string>()
        static { this.all.set(404, 'not found') }
        static name404() { return this.all.get(404) }
      }
      export const probe = () => [...Codes.all]`,
    edits: [
      applied(["'not found'", "'missing'"]),
      applied(["this.all.set(404, 'missing')", "this.all.set(500, 'oops')"]),
    ],
  },
  {
    name: 'a class expression in a const',
    server: `
      const Named = class Inner { who() { return Inner.name } }
      const Anonymous = class { who() { return 'anonymous' } }
      const named = new Named()
      const anonymous = new Anonymous()
      export const probe = () => [named.who(), anonymous.who(), Named.name, Anonymous.name]
      export const retained = () => ({ named, anonymous, Named, Anonymous })`,
    edits: [patch(['return Inner.name', "return Inner.name + '!'"]), patch(["return 'anonymous'", "return 'nobody'"])],
  },
  {
    name: 'an anonymous class as default export',
    files: { 'job.ts': `export default class { run() { return 'ran' } }` },
    server: `
      import Job from './job.ts'
      const job = new Job()
      export const probe = () => [job.run(), job instanceof Job]
      export const retained = () => ({ job, Job })`,
    edits: [patch({ 'job.ts': ["'ran'", "'ran well'"] })],
  },
  {
    name: 'a field that holds an arrow function',
    server: `
      class Controller { name = 'users'; list = () => 'list of ' + this.name }
      const controller = new Controller()
      const routes = new Map([['/', controller.list]])
      const cache = new Map()
      export const probe = () => [routes.get('/')!(), new Controller().list()]
      export const retained = () => ({ cache, Controller })`,
    edits: [patchOrRerun(["'list of '", "'all '"]), patchOrRerun(["'all '", "'every one of '"])],
  },
  {
    name: 'a method that ran at start-up',
    server: `
      class Config { values: string[] = []; load() { this.values.push('loaded'); return this } show() { return 'config' } }
      const db = new Map()
      const config = new Config().load()
      export const probe = () => [config.values, config.show()]
      export const retained = () => ({ config, db })`,
    edits: [
      patch(["return 'config'", "return 'Config'"]),
      rerun(["this.values.push('loaded')", "this.values.push('loaded', 'again')"], { recreated: ['config'] }),
    ],
  },
  {
    name: 'a method called by the constructor of a base class',
    files: { 'base.ts': `export class Base { routes: string[] = []; constructor() { this.setup() } setup() {} }` },
    server: `
      import { Base } from './base.ts'
      class App extends Base { override setup() { this.routes.push('/') } list() { return this.routes.join() } }
      const app = new App()
      export const probe = () => app.list()
      export const retained = () => ({ app })`,
    edits: [
      patch(['this.routes.join()', "this.routes.join('|') + '.'"]),
      rerun(["this.routes.push('/')", "this.routes.push('/', '/users')"], { recreated: ['app'] }),
      rerun({ 'base.ts': ['this.setup() }', "this.setup(); this.routes.push('/base') }"] }, { recreated: ['app'] }),
    ],
  },
  {
    name: 'async, generator and async generator methods',
    server: `
      class Feed {
        async load() { return ['a'] }
        *walk() { yield 1 }
        async *stream() { yield 'x' }
      }
      const feed = new Feed()
      export const probe = async () => { const chunks = []; for await (const chunk of feed.stream()) chunks.push(chunk); return [await feed.load(), [...feed.walk()], chunks] }
      export const retained = () => ({ feed })`,
    edits: [
      patch(["return ['a']", "return ['a', 'b']"]),
      patch(['yield 1', 'yield 1; yield 2']),
      patch(["yield 'x'", "yield 'x'; yield 'y'"]),
    ],
  },
  {
    name: 'a method becomes async, static, and is taken back',
    server: `
      class Tool { run(): any { return 'run' } }
      const tool: any = new Tool()
      export const probe = () => [typeof tool.run, typeof (Tool as any).run, tool.run?.() instanceof Promise]
      export const retained = () => ({ tool })`,
    edits: [
      patch(['run(): any', 'async run(): Promise<any>']),
      patch(['async run(): Promise<any>', 'static run(): any']),
      patch(['static run(): any', 'run(): any']),
    ],
  },
  {
    name: 'reflection on a class finds what it would find cold',
    server: `
      class Tool { a() {} static b = 1; static c() {} get d() { return 1 } }
      const describe = (object: object) => Object.entries(Object.getOwnPropertyDescriptors(object)).map(([key, { enumerable, writable, get }]) => key + ':' + enumerable + writable + typeof get).sort()
      export const probe = () => [describe(Tool.prototype), describe(Tool).filter((line) => !line.startsWith('prototype')), Object.keys(Tool), Tool.length, Tool.name, Tool.prototype.a.name, new Tool().constructor === Tool, Object.getPrototypeOf(new Tool()) === Tool.prototype]`,
    edits: [
      patch(['a() {}', 'a() {} e() {}']),
      patch(['static c() {}', 'static f() {}']),
      patch(['static b = 1;', '']),
    ],
  },
  {
    name: 'a class is called without new, and toString() is its source',
    server: `
      class Plain { m() { return 1 } }
      const call = () => { try { (Plain as any)(); return 'called' } catch (error) { return (error as Error).name } }
      export const probe = () => [call(), new Plain().m(), String(Plain)]`,
    edits: [patch(['return 1', 'return 2'])],
  },
  {
    name: 'a class inside an object literal and in a container of singletons',
    files: {
      'container.ts': `
        type Class<T> = new () => T
        const instances = new Map<Class<unknown>, unknown>()
        export function get<T>(type: Class<T>): T {
          if (!instances.has(type)) instances.set(type, new type())
          return instances.get(type) as T
        }
        export const size = () => instances.size`,
      'mail.ts': `export class Mail { sent = 0; send() { this.sent += 1; return 'sent' } }`,
    },
    server: `
      import { get } from './container.ts'
      import { Mail } from './mail.ts'
      export const send = () => get(Mail).send()
      export const state = () => get(Mail).sent
      export const probe = () => get(Mail) instanceof Mail && new Mail().send()
      export const retained = () => ({ mail: get(Mail), Mail })`,
    edits: [
      patch({ 'mail.ts': ["'sent'", "'mailed'"] }, { calls: ['send', 'send'] }),
      patch({ 'mail.ts': ["'mailed'", "'posted'"] }, { calls: ['send'] }),
    ],
  },
  {
    name: 'abstract classes, parameter properties, index signatures and implements',
    server: `
      interface Shape { area(): number }
      abstract class Base implements Shape { constructor(protected readonly scale: number) {} abstract area(): number; [key: string]: any }
      class Square extends Base { constructor(private side: number, scale = 1) { super(scale) } area() { return this.side ** 2 * this.scale } }
      export const probe = () => { const square = new Square(3); return [square.area(), Object.keys(square)] }`,
    edits: [
      patch(['this.side ** 2', 'this.side ** 3']),
      patch(['scale = 1', 'scale = 2']),
      patch([
        ['private side: number', 'private edge: number'],
        ['this.side ** 3', 'this.edge ** 3'],
      ]),
    ],
  },
  {
    name: 'a class renamed with all its uses',
    files: { 'models.ts': `export class User { kind() { return 'user' } }` },
    server: `
      import { User } from './models.ts'
      const cache = new Map([['a', 1]])
      export const probe = () => [new User().kind(), User.name]
      export const retained = () => ({ cache })`,
    edits: [
      patch({
        'models.ts': ['class User', 'class Person'],
        'server.ts': [
          ['import { User }', 'import { Person }'],
          ['new User().kind(), User.name', 'new Person().kind(), Person.name'],
        ],
      }),
    ],
  },
]

const METADATA = `
  // What the package reflect-metadata does, in small. Kept on the target, since copies of this module come and go.
  const slot = (key: string, property?: PropertyKey) => Symbol.for(key + ':' + String(property))
  Object.assign(Reflect, {
    metadata: (key: string, value: unknown) => (target: any, property?: PropertyKey) => {
      Object.defineProperty(target, slot(key, property), { value, configurable: true })
    },
  })
  export const getMetadata = (key: string, target: any, property?: PropertyKey): any => target[slot(key, property)]`

/** Decorated classes: TypeScript's legacy decorators with emitted metadata, as Vite lowers them. */
export const decorated: readonly Row[] = [
  {
    name: 'a method of a decorated class',
    server: `
      const seal = (target: Function) => { Object.seal(target.prototype) }
      const names: string[] = []
      const named = (name: string) => (target: object, key: string) => { names.push(name + ':' + key) }
      @seal
      class Greeter { greeting = 'Hello'; @named('greet') greet() { return this.greeting } }
      const greeter = new Greeter()
      export const probe = () => [greeter.greet(), names, Greeter.name]
      export const retained = () => ({ greeter, Greeter, names })`,
    edits: [
      patch(['return this.greeting', "return this.greeting + '!'"]),
      patch(["return this.greeting + '!'", 'return [this.greeting]']),
    ],
  },
  {
    name: 'a class that a decorator seals, as the handbook of TypeScript does it',
    server: `
      function sealed(constructor: Function) { Object.seal(constructor); Object.seal(constructor.prototype) }
      @sealed
      class Report { title = 'report'; print() { return this.title } }
      const report = new Report()
      export const probe = () => [report.print(), new Report().print(), Object.isSealed(Report)]`,
    edits: [applied(['return this.title', "return this.title + '!'"]), applied(["this.title + '!'", '[this.title]'])],
  },
  {
    name: 'a decorator that wraps a method',
    files: {
      'logged.ts': `
        export function logged(target: object, key: string, descriptor: PropertyDescriptor) {
          const original = descriptor.value
          descriptor.value = function (...args: unknown[]) { return 'logged ' + original.apply(this, args) }
        }`,
    },
    server: `
      import { logged } from './logged.ts'
      class Service { name = 'svc'; @logged run(task: string) { return this.name + ' ran ' + task } }
      const service = new Service()
      export const probe = () => [service.run('a'), new Service().run('b')]
      export const retained = () => ({ service, Service })`,
    edits: [
      patch(["' ran '", "' has run '"]),
      rerun({ 'logged.ts': ["'logged '", "'LOGGED '"] }, { recreated: ['service'] }),
      patch(["' has run '", "' ran '"]),
    ],
  },
  {
    name: 'emitted metadata follows the types',
    files: {
      'metadata.ts': METADATA,
      'db.ts': `export class Db { query() { return 'rows' } }`,
      'cache.ts': `export class Cache { read() { return 'cached' } }`,
    },
    server: `
      import { Cache } from './cache.ts'
      import { Db } from './db.ts'
      import { getMetadata } from './metadata.ts'
      const injectable = (target: Function) => {}
      @injectable
      class Users { constructor(readonly db: Db, readonly cache: Cache) {} @((target, key) => {}) find(id: number): string { return 'user ' + id } }
      const resolve = (type: any): any => new type(...(getMetadata('design:paramtypes', type) ?? []).map(resolve))
      export const probe = () => { const users = resolve(Users); return [Object.keys(users), users.db.query(), users.find(1), getMetadata('design:paramtypes', Users.prototype, 'find').map((type: any) => type.name)] }
      export const retained = () => ({ Users, Db })`,
    edits: [
      patch(["'user ' + id", "'User ' + id"]),
      patch({ 'db.ts': ["'rows'", "'more rows'"] }),
      patchOrRerun(['readonly db: Db, readonly cache: Cache', 'readonly cache: Cache, readonly db: Db']),
      patchOrRerun(['find(id: number): string', 'find(id: string): string']),
    ],
  },
  {
    name: 'decorators that fill a registry of routes',
    files: {
      'registry.ts': `
        export const routes = new Map<string, string>()
        export const get = (path: string) => (target: object, key: string) => { routes.set(path, key) }`,
    },
    server: `
      import { get, routes } from './registry.ts'
      class Users {
        hits = 0
        @get('/') list() { return 'list' }
        @get('/one') one() { return 'one' }
      }
      const users: any = new Users()
      const db = new Map()
      export const probe = () => [...routes].map(([path, key]) => path + ' ' + users[key]())
      export const retained = () => ({ db, Users })`,
    edits: [
      patch(["return 'list'", "return 'all'"]),
      rerun(["@get('/one')", "@get('/1')"]),
      rerun(["@get('/1') one() { return 'one' }", '']),
      rerun(["@get('/') list()", "@get('/two') two() { return '2' }\n @get('/') list()"]),
    ],
  },
  {
    name: 'property and parameter decorators, and a class decorator that returns another class',
    server: `
      const required: string[] = []
      const need = (target: any, key: string | undefined, index?: number) => { required.push((key ?? 'constructor') + (index ?? '')) }
      const versioned = <T extends new (...args: any[]) => object>(Base: T) => class extends Base { version = 1 }
      @versioned
      class Form { @need title = 'a'; send(@need to: string) { return 'to ' + to } }
      export const probe = () => { const form: any = new Form(); return [form.version, form.title, form.send('x'), required] }`,
    edits: [
      patchOrRerun(["'to ' + to", "'sent to ' + to"]),
      patchOrRerun(['version = 1', 'version = 2']),
      patchOrRerun(["@need title = 'a'", "title = 'a'"]),
    ],
  },
]
