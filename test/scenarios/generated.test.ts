import { applied, fails, patch, rerun, tell } from '../support/story/index.ts'

/** Counter-examples that generated programs came to (test/equivalence), made small. */
tell('what generated programs found', [
  {
    name: 'a variable is reassigned at start-up, and its initialiser comes to what it was reassigned to',
    server: `
      export let total = 0
      total += 1
      export const probe = () => total`,
    edits: [rerun(['total = 0', 'total = 1'])],
  },
  {
    name: 'a new value calls a function of a namespace: who holds the function keeps it',
    files: { 'sum.ts': `export function sum(x: number) { return x + 1 }` },
    server: `
      import * as all from './sum.ts'
      const held = { call: all.sum }
      export const retained = () => ({ held })
      export const probe = () => held.call(1)`,
    edits: [
      patch([
        'export const probe = () => held.call(1)',
        'const two = all.sum(1)\nexport const probe = () => held.call(1) + two',
      ]),
    ],
  },
  {
    name: 'main() that nobody awaits runs again: what stands below it comes first, as on a start',
    server: `
      const routes: string[] = []
      const seen: string[] = []
      async function main() {
        await null
        seen.push('one ' + routes.join())
      }
      main()
      routes.push('a')
      export const probe = () => seen`,
    edits: [rerun(["'one '", "'two '"]), rerun(["routes.push('a')", "routes.push('b')"])],
  },
  {
    name: 'a module and the one through which it was imported are deleted together',
    files: {
      'a.ts': `export const a = () => 'a'`,
      'barrel.ts': `export * from './a.ts'`,
      'user.ts': `import { a } from './barrel.ts'\n export const use = () => a()`,
    },
    server: `import { use } from './user.ts'\n export const probe = () => use()`,
    edits: [applied({ 'a.ts': null, 'barrel.ts': null, 'user.ts': `export const use = () => 'b'` })],
  },
  {
    name: 'what bound a method is removed: the instance stays',
    server: `
      class Counter { add(x: number) { return x + 1 } }
      const counter = new Counter()
      const bound = counter.add.bind(counter)
      export const retained = () => ({ counter })
      export const probe = () => [counter.add(1), typeof bound]`,
    edits: [
      patch([
        ['const bound = counter.add.bind(counter)', ''],
        ['typeof bound', "'none'"],
      ]),
    ],
  },
  {
    name: 'an import is given another name: nothing is other',
    files: { 'sum.ts': `export const sum = () => 1` },
    server: `
      import { sum } from './sum.ts'
      const held = { call: sum }
      export const retained = () => ({ held })
      export const probe = () => [held.call(), 1]`,
    edits: [
      patch([
        ['import { sum }', 'import { sum as total }'],
        ['call: sum', 'call: total'],
        ['(), 1]', '(), 2]'],
      ]),
    ],
  },
  {
    name: 'a class loses its private names, and uses a variable that came with the edit',
    server: `
      class Answer { #p() { return 1 } get value() { return this.#p() } }
      const answer = new Answer()
      export const probe = () => answer.value`,
    edits: [
      applied([
        ['class Answer', 'const table = [5]\nclass Answer'],
        ['#p() { return 1 } get value() { return this.#p() }', 'get value() { return table[0] }'],
      ]),
    ],
  },
  {
    name: 'a static field becomes a static method of the same name',
    server: `
      class Plan { static limit: any = 1 }
      export const probe = () => [typeof Plan.limit]`,
    edits: [applied(['static limit: any = 1', 'static limit() { return 2 }'])],
  },
  {
    name: 'a barrel passes on what a module in an import cycle exports',
    files: {
      'b.ts': `import { c } from './c.ts'\n export function run() { return 'run' }\n export const other = () => c`,
      'barrel.ts': `export * from './b.ts'`,
      'c.ts': `import { run } from './barrel.ts'\n export const c = 1\n export function ask() { return run() + 1 }`,
    },
    server: `
      import './b.ts'
      import { ask } from './c.ts'
      export const probe = () => ask()`,
    edits: [patch({ 'c.ts': ['run() + 1', 'run() + 2'] })],
  },
  {
    name: 'a module that registered something with a function of another is deleted',
    files: {
      'router.ts': `export const router = { routes: [] as string[], get(path: string) { this.routes.push(path) } }`,
      'barrel.ts': `export * from './router.ts'`,
      'routes.ts': `import { router } from './barrel.ts'\n router.get('/a')`,
    },
    server: `
      import { router } from './router.ts'
      import './routes.ts'
      export const probe = () => router.routes`,
    edits: [applied({ 'server.ts': ["import './routes.ts'\n", ''], 'routes.ts': null, 'barrel.ts': null })],
  },
  {
    name: 'a function that is the default export is given another name: who was given it gets the new one',
    files: {
      'list.ts': `export default function list() { return list.name + ' 1' }`,
      'router.ts': `export const routes = new Map<string, () => string>()`,
    },
    server: `
      import list from './list.ts'
      import { routes } from './router.ts'
      const register = () => list.name
      const first = register()
      routes.set('/', list)
      export const probe = () => [first, routes.get('/')?.()]`,
    edits: [applied({ 'list.ts': `export default function all() { return all.name + ' 2' }` })],
  },
  {
    name: 'a class extends what a barrel comes to export otherwise in the same save',
    files: {
      'base.ts': `export class Base { name() { return 'base' } }`,
      'barrel.ts': `export * from './base.ts'`,
      'sub.ts': `import { Base } from './barrel.ts'\n export class Sub extends Base { own() { return 1 } }`,
    },
    server: `
      import { Sub } from './sub.ts'
      export const probe = () => [new Sub().name(), new Sub().own()]`,
    edits: [
      applied({
        'sub.ts': ['return 1', 'return 2'],
        'barrel.ts': `export { default as Base } from './base.ts'`,
        'base.ts': ['export class', 'export default class'],
      }),
    ],
  },
  {
    name: 'something is registered after what imported it first has gone out of use: in the order of a start',
    files: {
      'registry.ts': `export const registry: string[] = []`,
      'one.ts': `import { registry } from './registry.ts'\n registry.push('one')`,
      'two.ts': `import { registry } from './registry.ts'\n registry.push('two')`,
      'first.ts': `export * from './two.ts'`,
    },
    server: `
      import './one.ts'
      import './two.ts'
      import './first.ts'
      import { registry } from './registry.ts'
      export const probe = () => registry`,
    edits: [
      applied({ 'server.ts': ["import './first.ts'\n", ''], 'one.ts': ["'one'", "'1'"] }),
      rerun({ 'one.ts': ["'1'", "'one again'"] }),
    ],
  },
  {
    name: 'a barrel comes to pass on something more: who used that by another way keeps what it made',
    files: {
      'sum.ts': `export default function sum() { return 1 }\n export const one = 1`,
      'barrel.ts': `export * from './sum.ts'`,
      'user.ts': `import { one } from './barrel.ts'\n export const use = () => one`,
    },
    server: `
      import sum from './sum.ts'
      import { use } from './user.ts'
      const made = { total: sum() }
      export const retained = () => ({ made })
      export const probe = () => [made.total, use()]`,
    edits: [
      patch({
        'barrel.ts': `export * from './sum.ts'\n export { default as sum } from './sum.ts'`,
        'user.ts': `import { one, sum } from './barrel.ts'\n export const use = () => one + sum()`,
      }),
    ],
  },
  {
    name: 'a barrel passes on the names of another module: who used one at start-up does so again',
    files: {
      'strict.ts': `export const limit = 1`,
      'lax.ts': `export const limit = 2`,
      'barrel.ts': `export * from './strict.ts'`,
      'outer.ts': `export * from './barrel.ts'`,
    },
    server: `
      import './lax.ts'
      import { limit } from './outer.ts'
      const twice = { limit: limit * 2 }
      export const probe = () => twice.limit`,
    edits: [rerun({ 'barrel.ts': `export * from './lax.ts'` })],
  },
  {
    name: 'a name of a package is passed on in place of another: who used it at start-up does so again',
    files: { 'paths.ts': `export { sep as mark } from 'node:path'` },
    server: `
      import { mark } from './paths.ts'
      const marks = { twice: mark + mark }
      export const probe = () => marks.twice`,
    edits: [rerun({ 'paths.ts': `export { delimiter as mark } from 'node:path'` })],
  },
  {
    name: 'a barrel no longer passes on a module of which a name is imported: nothing changes',
    files: {
      'strict.ts': `export const limit = 1`,
      'barrel.ts': `export * from './strict.ts'`,
    },
    server: `
      import { limit } from './barrel.ts'
      export const probe = () => limit`,
    edits: [fails({ 'barrel.ts': `export {}` }, {}, { coldRuns: true })],
  },
  {
    name: 'who calls a constant function by a default export leaves it as it is, and others who use it',
    files: {
      'sum.ts': `const sum = (x: number) => x + 1\n export default sum`,
      'totals.ts': `import sum from './sum.ts'\n export const two = sum(1)\n export const three = { total: sum(2) }`,
    },
    server: `
      import { two, three } from './totals.ts'
      export const retained = () => ({ three })
      export const probe = () => [two, three.total]`,
    edits: [applied({ 'totals.ts': ['sum(1)', 'sum(3)'] })],
  },
  {
    name: 'what is done to a default export is done to what it stands for',
    files: {
      'routes.ts': `const routes: string[] = []\n export default routes`,
      'users.ts': `import routes from './routes.ts'\n routes.push('users')`,
    },
    server: `
      import routes from './routes.ts'
      import './users.ts'
      export const probe = () => routes`,
    edits: [rerun({ 'users.ts': ["'users'", "'people'"] })],
  },
  {
    name: 'a method of a default export does what its class does',
    files: {
      'routes.ts': `export const routes: string[] = []`,
      'service.ts': `
        import { routes } from './routes.ts'
        class Service { start(path: string) { routes.push(path) } }
        const service = new Service()
        export default service`,
    },
    server: `
      import { routes } from './routes.ts'
      import service from './service.ts'
      service.start('/a')
      export const probe = () => routes`,
    edits: [rerun(["'/a'", "'/b'"])],
  },
  {
    name: 'a class is added that extends one of which an instance was made: nothing is made anew',
    files: {
      'handlers.ts': `
        export const handlers: string[] = []
        export class Handler { constructor() { handlers.push(new.target.name) } }
        export class First extends Handler {}`,
    },
    server: `
      import { handlers, First, Handler } from './handlers.ts'
      const first = new First()
      export const retained = () => ({ handlers, first })
      export const probe = () => handlers.length + Handler.length`,
    edits: [
      patch([
        ['const first', 'class Second extends Handler {}\n const first'],
        ['Handler.length', 'Handler.length + Second.length + 1'],
      ]),
    ],
  },
  {
    name: 'a barrel passes on a new name of a module that imports it in a circle',
    files: {
      'users.ts': `import { ask } from './ask.ts'\n export const user = () => 'user'\n export const asked = () => ask()`,
      'barrel.ts': `export * from './users.ts'`,
      'ask.ts': `import { user } from './barrel.ts'\n export function ask() { return user() }`,
    },
    server: `
      import { asked } from './users.ts'
      export const probe = () => asked()`,
    edits: [
      applied({
        'users.ts': ["user = () => 'user'", "person = () => 'person'"],
        'ask.ts': `import { person } from './barrel.ts'\n export function ask() { return person() }`,
      }),
    ],
  },
  {
    name: 'a base class moves to another module, and is imported in another order',
    files: {
      'old.ts': `export default class Base { name() { return 'old' } }`,
      'other.ts': `export const other = 1`,
      'barrel.ts': `export * from './other.ts'\n export { default as Base } from './old.ts'`,
      'sub.ts': `import { Base, other } from './barrel.ts'\n export class Sub extends Base { own() { return other } }`,
    },
    server: `
      import './old.ts'
      import './other.ts'
      import { Sub } from './sub.ts'
      export const probe = () => new Sub().name() + new Sub().own()`,
    edits: [
      applied({
        'old.ts': 'export {}',
        'other.ts': `export const other = 1\n export default class Base { name() { return 'new' } }`,
        'barrel.ts': `export * from './other.ts'\n export { default as Base } from './other.ts'`,
        'sub.ts': ['{ Base, other }', '{ other, Base }'],
      }),
    ],
  },
  {
    name: 'a registry becomes a default export that a barrel gives its name: what is in it is in it once',
    files: {
      'registry.ts': `export const registry: string[] = []`,
      'barrel.ts': `export * from './registry.ts'`,
      'user.ts': `import { registry } from './barrel.ts'\n registry.push('one')`,
    },
    server: `
      import './user.ts'
      import { registry } from './barrel.ts'
      export const probe = () => registry`,
    edits: [
      applied(
        {
          'registry.ts': `const registry: string[] = []\n export default registry`,
          'barrel.ts': `export * from './registry.ts'\n export { default as registry } from './registry.ts'`,
        },
        { sameAnswer: true },
      ),
    ],
  },
  {
    name: 'a function becomes a constant: what used it at start-up is made anew then, and not with every edit from there on',
    server: `
      export function limit(x: number) { return x + 1 }
      class Sizes { static largest = limit(2) }
      function other() { return 1 }
      const made = { size: Sizes.largest }
      export const retained = () => ({ made })
      export const probe = () => [made.size, limit(2), other()]`,
    edits: [
      rerun(['export function limit(x: number) { return x + 1 }', 'export const limit = (x: number) => x + 2'], {
        recreated: ['made'],
      }),
      patch(['return 1', 'return 2']),
      patch(['return 2', 'return 3']),
    ],
  },
  {
    name: 'a class of which nobody makes an instance any more gets another base class: what its constructor called stays',
    server: `
      class Counter { count() { return 1 } }
      const counter = new Counter()
      class Base { name() { return 'base' } }
      class Report extends Base { total = counter.count() }
      const report = new Report()
      export const retained = () => ({ counter })
      export const probe = () => [counter.count(), 'name' in Report.prototype]`,
    edits: [
      rerun(['const report = new Report()', ''], { recreated: ['counter'], sameAnswer: true }),
      patch(['class Report extends Base', 'class Report']),
    ],
  },
  {
    name: 'a function that nothing calls any more is given another name: what it had changed stays',
    server: `
      class Counter { count() { return 1 } }
      const counter = new Counter()
      function report() { return counter.count() }
      const made = { total: report() }
      export const retained = () => ({ counter })
      export const probe = () => [counter.count(), typeof report]`,
    edits: [
      rerun(['const made = { total: report() }', ''], { recreated: ['counter'], sameAnswer: true }),
      patch([
        ['function report()', 'function summary()'],
        ['typeof report', 'typeof summary, summary()'],
      ]),
    ],
  },
  {
    name: 'a module is deleted that changed what another one no longer exports then',
    files: {
      'settings.ts': `export const settings = new Map<string, number>()\n export const size = () => settings.size`,
      'feature.ts': `import { settings } from './settings.ts'\n settings.set('feature', 1)`,
    },
    server: `
      import { size } from './settings.ts'
      import './feature.ts'
      export const probe = () => size()`,
    edits: [
      rerun({
        'settings.ts': `const settings = new Map<string, number>()\n export const size = () => settings.size`,
        'feature.ts': null,
        'server.ts': `import { size } from './settings.ts'\n export const probe = () => size()`,
      }),
    ],
  },
  {
    name: 'an async function that nobody awaits is new, and what it calls later has others made anew: it begins once',
    server: `
      class Rate { of(x: number) { return x + 1 } }
      export const rate = new Rate()
      class Price extends Rate { static base() { return rate.of(1) } total() { return Price.base() } }
      const total = new Price().total()
      export const probe = () => [rate.of(1), total]`,
    edits: [
      rerun([
        ['export const probe = () => [', 'export const probe = () => [seen, '],
        [
          'const total =',
          `const seen: number[] = []
          async function start() {
            await null
            seen.push(new Price().total())
          }
          start().catch(() => seen.push(NaN))
          const total =`,
        ],
      ]),
    ],
  },
  {
    name: 'a field becomes a getter: a class that extends its class is not evaluated anew, and what its statics used stays',
    server: `
      class Counter { count() { return 1 } }
      const counter = new Counter()
      class Base { size = 1 }
      class Derived extends Base { static total = counter.count() }
      const made = new Base()
      const derived = new Derived()
      export const retained = () => ({ counter })
      export const probe = () => [counter.count(), made.size, derived.size, Derived.total]`,
    edits: [
      rerun(['size = 1', 'get size() { return 2 }'], { recreated: [] }),
      rerun(['get size() { return 2 }', 'size = counter.count()'], { recreated: ['counter'] }),
    ],
  },
  {
    name: 'a barrel over a module that imports it, in a cycle: names that come and go are passed on, in order',
    files: {
      'first.ts': `import { value } from './user.ts'\n export const early = () => value\n export const first = { call: () => 1 }`,
      'other.ts': `import { first } from './first.ts'\n export const two = () => first.call()`,
      'barrel.ts': `export * from './first.ts'\n export * from './other.ts'`,
      'user.ts': `import { first } from './barrel.ts'\n import * as all from './barrel.ts'
        export const value = 0\n export const use = () => [first.call(), Object.keys(all)]`,
    },
    server: `
      import { early } from './first.ts'
      import { use } from './user.ts'
      export const probe = () => [early(), use()]`,
    edits: [
      applied({
        'first.ts': ['first =', 'second ='],
        'other.ts': [
          ['{ first }', '{ second }'],
          ['first.call', 'second.call'],
        ],
        'user.ts': [
          ['{ first }', '{ second }'],
          ['first.call', 'second.call'],
        ],
      }),
    ],
  },
])
