import { applied, patch, patchOrRerun, rerun, type Row } from '../../support/story/row.ts'

const ROUTER = `
  export type Handler = (input: string) => unknown
  export class Router {
    stack: { path: string; handler: Handler }[] = []
    get(path: string, ...handlers: Handler[]) { for (const handler of handlers) this.stack.push({ path, handler }); return this }
    use(...args: [string | Handler, ...Handler[]]) {
      const [path, ...rest] = typeof args[0] === 'string' ? (args as [string, ...Handler[]]) : (['*', ...(args as Handler[])] as const)
      for (const handler of rest) this.stack.push({ path, handler })
      return this
    }
    mount(path: string, other: Router) { for (const entry of other.stack) this.stack.push({ path: path + entry.path, handler: entry.handler }); return this }
    ask(input = 'in') { return this.stack.map(({ path, handler }) => path + ' ' + String(handler(input))) }
  }`

/** What start-up used, and what it did: registries, routers, containers, `main()`. */
export const startUp: readonly Row[] = [
  {
    name: 'routes are added, changed, reordered and removed in the entry',
    files: { 'router.ts': ROUTER, 'db.ts': `export const db = new Map<string, number>()` },
    server: `
      import { db } from './db.ts'
      import { Router } from './router.ts'
      const app = new Router()
      const cache = new Map<string, number>()
      app.get('/', () => 'home')
      app.get('/users', () => 'users')
      export const visit = () => { db.set('visits', (db.get('visits') ?? 0) + 1); cache.set('a', 1) }
      export const probe = () => app.ask()
      export const state = () => [[...db], [...cache]]
      export const retained = () => ({ app, cache, db })`,
    edits: [
      patch(["'home'", "'welcome'"], { calls: ['visit'] }),
      rerun(
        ["app.get('/users', () => 'users')", "app.get('/users', () => 'users')\n app.get('/orders', () => 'orders')"],
        { calls: ['visit'], recreated: ['app'] },
      ),
      rerun(["app.get('/users'", "app.get('/people'"], { calls: ['visit'], recreated: ['app'] }),
      rerun(
        [
          "app.get('/people', () => 'users')\n app.get('/orders', () => 'orders')",
          "app.get('/orders', () => 'orders')\n app.get('/people', () => 'users')",
        ],
        { recreated: ['app'] },
      ),
      rerun(["app.get('/orders', () => 'orders')\n", ''], { recreated: ['app'] }),
      patch(["'welcome'", "'home'"]),
    ],
  },
  {
    name: 'an alias, a part of an object and a local variable stand for the whole',
    files: {
      'router.ts': ROUTER,
      'app.ts': `
        import { Router } from './router.ts'
        export const app = { router: new Router(), list: [] as number[] }`,
      'wiring.ts': `
        import { app } from './app.ts'
        export function wire() { const { router } = app; const again = router; again.get('/wired', () => 'wired') }`,
    },
    server: `
      import { app } from './app.ts'
      import { wire } from './wiring.ts'
      const cache = new Map()
      const { router } = app
      const numbers = app.list
      numbers.push(1)
      router.get('/a', () => 'a')
      wire()
      export const probe = () => [app.router.ask(), app.list]
      export const retained = () => ({ app, cache })`,
    edits: [
      rerun(['numbers.push(1)', 'numbers.push(2)'], { recreated: ['app'] }),
      rerun(["router.get('/a', () => 'a')", "router.get('/b', () => 'b')"], { recreated: ['app'] }),
      rerun({ 'wiring.ts': ["'/wired'", "'/rewired'"] }, { recreated: ['app'] }),
      patch(["() => 'b'", "() => 'B'"]),
      rerun(['wire()\n', '\n'], { recreated: ['app'] }),
    ],
  },
  {
    name: 'a class that changes its own statics while instances of it are made',
    server: `
      class Item {
        static next = 1
        static readonly all: Item[] = []
        static log(text: string) { return text }
        readonly id = Item.next++
        constructor(readonly name: string) { Item.all.push(this); Item.log(name) }
      }
      class Quiet {
        static seen = new Map<string, number>()
        constructor(readonly name: string) {}
        see() { Quiet.seen.set(this.name, 1); return Quiet.seen.size }
      }
      const quiet = new Quiet('q')
      const first = new Item('first')
      const second = new Item('second')
      export const see = () => quiet.see()
      export const probe = () => [Item.next, Item.all.map(({ id, name }) => [id, name]), first.id, second.name]
      export const retained = () => ({ first, second, all: Item.all, quiet, seen: Quiet.seen })`,
    edits: [
      rerun(["new Item('second')", "new Item('zweites')"], { calls: ['see'], recreated: ['first', 'second', 'all'] }),
      rerun(["const first = new Item('first')", "const first = new Item('erstes')"], {
        recreated: ['first', 'second', 'all'],
      }),
      patch(['return Quiet.seen.size', 'return Quiet.seen.size + 0'], { calls: ['see'], sameAnswer: true }),
    ],
  },
  {
    name: 'registerRoutes(app) in another module',
    files: {
      'router.ts': ROUTER,
      'routes.ts': `
        import type { Router } from './router.ts'
        const hits: string[] = []
        export function registerRoutes(app: Router) { app.get('/a', () => 'a'); app.get('/b', (input) => { hits.push(input); return 'b' }) }
        export const getHits = () => hits`,
    },
    server: `
      import { getHits, registerRoutes } from './routes.ts'
      import { Router } from './router.ts'
      const db = new Map()
      const app = new Router()
      app.use(() => 'log')
      registerRoutes(app)
      export const probe = () => app.ask()
      export const retained = () => ({ app, db, hits: getHits() })`,
    edits: [
      rerun(
        { 'routes.ts': ["app.get('/a', () => 'a');", "app.get('/a', () => 'a'); app.get('/c', () => 'c');"] },
        { recreated: ['app'] },
      ),
      rerun({ 'routes.ts': ["return 'b'", "return 'B'"] }, { recreated: ['app'] }),
      rerun({ 'routes.ts': ["app.get('/a', () => 'a'); ", ''] }, { recreated: ['app'] }),
      patch(["'log'", "'LOG'"]),
    ],
  },
  {
    name: 'a sub-router in a file of its own, mounted twice',
    files: {
      'router.ts': ROUTER,
      'users.ts': `import { Router } from './router.ts'\n import * as store from './store.ts'\n export const users = new Router()\n users.get('/', () => store.all().join())\n users.get('/count', () => store.all().length)`,
      'store.ts': `export const names = ['Ann', 'Bob']\n export const all = () => names\n export const add = (name: string) => names.push(name)`,
    },
    server: `
      import { Router } from './router.ts'
      import { users } from './users.ts'
      import { names } from './store.ts'
      const app = new Router().mount('/v1', users).mount('/v2', users)
      export const probe = () => app.ask()
      export const retained = () => ({ app, users, names })`,
    edits: [
      patch({ 'users.ts': ['store.all().join()', "store.all().join(' ')"] }),
      rerun(
        {
          'users.ts': [
            "users.get('/count', () => store.all().length)",
            "users.get('/count', () => store.all().length)\n users.get('/first', () => store.all()[0])",
          ],
        },
        { recreated: ['users', 'app'] },
      ),
      patch({ 'store.ts': ['=> names\n', '=> [...names].sort()\n'] }, { sameAnswer: true }),
      patch({ 'store.ts': ['[...names].sort()', '[...names].reverse()'] }),
      patchOrRerun(["mount('/v2', users)", "mount('/v3', users)"], { recreated: ['app'] }),
    ],
  },
  {
    name: 'a factory that ran at start-up: createApp()',
    files: {
      'router.ts': ROUTER,
      'app.ts': `
        import { Router } from './router.ts'
        export function createApp(prefix: string) {
          const app = new Router()
          app.get(prefix + '/', () => banner())
          return app
        }
        function banner() { return 'banner' }`,
    },
    server: `
      import { createApp } from './app.ts'
      const sessions = new Map<string, number>()
      const app = createApp('/api')
      export const login = () => sessions.set('ann', 1)
      export const probe = () => app.ask()
      export const state = () => [...sessions]
      export const retained = () => ({ app, sessions })`,
    edits: [
      patch({ 'app.ts': ["return 'banner'", "return 'BANNER'"] }, { calls: ['login'] }),
      rerun(
        { 'app.ts': ["prefix + '/'", "prefix + '/index'"] },
        { recreated: ['app'], why: 'createApp() ran at start-up and changed' },
      ),
      patchOrRerun(["'/api'", "'/v1'"], { recreated: ['app'] }),
      rerun({ 'app.ts': ['() => banner()', "() => banner() + '!'"] }, { recreated: ['app'] }),
    ],
  },
  {
    name: 'the body of a class that ran at start-up because routes were registered with it',
    files: { 'router.ts': ROUTER },
    server: `
      import { Router } from './router.ts'
      const app = new Router()
      const db = new Map()
      app.get('/', () => 'home')
      export const probe = () => app.ask('x')
      export const retained = () => ({ app, db })`,
    edits: [
      patch({ 'router.ts': ["path + ' ' +", "path + ' -> ' +"] }),
      rerun(
        {
          'router.ts': [
            'this.stack.push({ path, handler }); return this }\n    use',
            "this.stack.push({ path: 'GET ' + path, handler }); return this }\n    use",
          ],
        },
        { recreated: ['app'] },
      ),
    ],
  },
  {
    name: 'app in one module, its routes registered by imports of others',
    files: {
      'router.ts': ROUTER,
      'app.ts': `import { Router } from './router.ts'\n export const app = new Router()\n export const started = new Map([['at', 1]])`,
      'home.ts': `import { app } from './app.ts'\n app.get('/', () => 'home')`,
      'users.ts': `import { app } from './app.ts'\n const names = ['Ann']\n export const getNames = () => names\n app.get('/users', () => names.join())`,
    },
    server: `
      import { app, started } from './app.ts'
      import './home.ts'
      import { getNames } from './users.ts'
      export const probe = () => app.ask()
      export const retained = () => ({ app, started, names: getNames() })`,
    edits: [
      patch({ 'home.ts': ["'home'", "'HOME'"] }),
      rerun({ 'users.ts': ["app.get('/users'", "app.get('/people'"] }, { recreated: ['app'] }),
      rerun(
        { 'home.ts': ["app.get('/', () => 'HOME')", "app.get('/', () => 'HOME')\n app.get('/about', () => 'about')"] },
        { recreated: ['app'] },
      ),
      patch({ 'users.ts': ['names.join()', "names.join() + '.'"] }),
      rerun({ 'home.ts': ["app.get('/', () => 'HOME')\n", ''] }, { recreated: ['app'] }),
    ],
  },
  {
    name: 'a side-effect import is added and removed',
    files: {
      'registry.ts': `export const registry: string[] = []\n export const other = new Map()`,
      'a.ts': `import { registry } from './registry.ts'\n registry.push('a')`,
      'b.ts': `import { registry } from './registry.ts'\n registry.push('b')`,
    },
    server: `
      import './a.ts'
      import { other, registry } from './registry.ts'
      export const probe = () => registry
      export const retained = () => ({ other })`,
    edits: [patchOrRerun(["import './a.ts'", "import './a.ts'\n import './b.ts'"]), applied(["import './a.ts'\n", ''])],
  },
  {
    name: 'a registry filled by functions of its own module',
    files: {
      'registry.ts': `
        const commands = new Map<string, () => string>()
        export const runs = { count: 0 }
        export function command(name: string, run: () => string) { commands.set(name, run) }
        export const run = (name: string) => { runs.count += 1; return commands.get(name)?.() }
        export const names = () => [...commands.keys()]`,
      'help.ts': `import { command, names } from './registry.ts'\n command('help', () => 'commands: ' + names())`,
      'stats.ts': `import { command } from './registry.ts'\n command('stats', () => 'stats')\n command('top', () => 'top')`,
    },
    server: `
      import './help.ts'
      import './stats.ts'
      import { names, run, runs } from './registry.ts'
      const cache = new Map()
      export const probe = () => names().map(run)
      export const retained = () => ({ runs, cache })`,
    edits: [
      patch({ 'stats.ts': ["=> 'stats'", "=> 'STATS'"] }),
      rerun({ 'stats.ts': ["command('top', () => 'top')", "command('bottom', () => 'bottom')"] }),
      rerun({ 'stats.ts': ["command('bottom', () => 'bottom')", ''] }),
      rerun({ 'registry.ts': ['commands.set(name, run)', "commands.set('/' + name, run)"] }),
      patch({ 'help.ts': ["'commands: '", "'try: '"] }),
    ],
  },
  {
    name: 'listeners added at the top level are not doubled',
    server: `
      import { EventEmitter } from 'node:events'
      const bus = new EventEmitter()
      const log: string[] = []
      const orders = new Map()
      bus.on('order', (id) => log.push('order ' + id))
      bus.on('order', () => log.push('audit'))
      export const probe = () => { log.length = 0; bus.emit('order', 1); return [...log] }
      export const retained = () => ({ orders, bus })`,
    edits: [
      patch(["'audit'", "'AUDIT'"]),
      rerun(["bus.on('order', () => log.push('AUDIT'))", "bus.prependListener('order', () => log.push('AUDIT'))"], {
        recreated: ['bus'],
      }),
      rerun(["bus.prependListener('order', () => log.push('AUDIT'))", ''], { recreated: ['bus'] }),
    ],
  },
  {
    name: 'async main() that builds on module-level values',
    files: { 'router.ts': ROUTER, 'db.ts': `export const connect = async (url: string) => ({ url, rows: ['a'] })` },
    server: `
      import { connect } from './db.ts'
      import { Router } from './router.ts'
      const app = new Router()
      const sessions = new Map<string, number>()
      let db: { url: string; rows: string[] } | undefined
      async function main() {
        db = await connect('memory:')
        app.get('/rows', () => db!.rows.join())
        await null
        app.get('/url', () => db!.url)
      }
      await main()
      export const login = () => sessions.set('ann', 1)
      export const probe = () => app.ask()
      export const state = () => [...sessions]
      export const retained = () => ({ app, sessions })`,
    edits: [
      rerun(["app.get('/url', () => db!.url)", "app.get('/url', () => db!.url)\n app.get('/health', () => 'ok')"], {
        calls: ['login'],
        recreated: ['app'],
      }),
      rerun(["app.get('/rows', () => db!.rows.join())", ''], { recreated: ['app'] }),
      rerun({ 'db.ts': ['({ url, rows', "({ url: url + '//1', rows"] }, { recreated: ['app'] }),
    ],
  },
  {
    name: 'main() that is not awaited, with everything inside it',
    files: { 'router.ts': ROUTER },
    server: `
      import { Router } from './router.ts'
      const hits = new Map<string, number>()
      let running: Router | undefined
      async function main() {
        const app = new Router()
        await new Promise((resolve) => setImmediate(resolve))
        app.get('/', () => home())
        running = app
      }
      function home() { return 'home' }
      main().catch((error) => { throw error })
      export const hit = () => hits.set('/', (hits.get('/') ?? 0) + 1)
      export const probe = async () => { while (!running) await new Promise((resolve) => setImmediate(resolve)); return running.ask() }
      export const state = () => [...hits]
      export const retained = () => ({ hits })`,
    edits: [
      patch(["return 'home'", "return 'HOME'"], { calls: ['hit'] }),
      rerun(["app.get('/', () => home())", "app.get('/index', () => home())"], { calls: ['hit'] }),
      patch(["return 'HOME'", "return 'home'"]),
    ],
  },
  {
    name: 'top-level await',
    files: { 'config.ts': `export async function load() { await null; return { port: 1 } }` },
    server: `
      import { load } from './config.ts'
      const config = await load()
      const cache = new Map()
      const url = 'http://localhost:' + config.port
      const text = () => url
      export const probe = () => [text(), config]
      export const retained = () => ({ cache, config })`,
    edits: [
      rerun({ 'config.ts': ['port: 1', 'port: 2'] }, { recreated: ['config'] }),
      patch(["'http://localhost:'", "'http://127.0.0.1:'"]),
      rerun(['await load()', '{ ...(await load()), host: "h" }'], { recreated: ['config'] }),
      patch(['=> url', '=> url + "/"']),
    ],
  },
  {
    name: 'a helper of a helper of a function that ran at start-up',
    files: {
      'names.ts': `export const prefix = () => 'svc'\n export const unused = () => 'unused'`,
      'make.ts': `import { prefix, unused } from './names.ts'\n const label = (n: number) => prefix() + n\n export const make = (n: number) => ({ name: label(n), later: () => unused() })`,
    },
    server: `
      import { make } from './make.ts'
      const first = make(1)
      const cache = new Map()
      export const probe = () => [first.name, first.later()]
      export const retained = () => ({ first, cache })`,
    edits: [
      patch({ 'names.ts': ["'unused'", "'used later'"] }),
      rerun({ 'names.ts': ["'svc'", "'service'"] }, { recreated: ['first'] }),
      rerun({ 'make.ts': ['prefix() + n', "prefix() + '-' + n"] }, { recreated: ['first'] }),
    ],
  },
  {
    name: 'functions that start-up reached through objects, patterns, arrays, binding and other functions',
    files: {
      'fill.ts': `
        export const direct = (names: string[]) => { names.push('direct') }
        export const helpers = { method(names: string[]) { names.push('method') } }
        export const list = [(names: string[]) => { names.push('list') }]
        export class Filler { static fill(names: string[]) { names.push('static') } fill(names: string[]) { names.push('instance') } }
        const callIt = (f: (names: string[]) => void, names: string[]) => f(names)
        export const bound = callIt.bind(null, (names) => { names.push('bound') })`,
    },
    server: `
      import * as fill from './fill.ts'
      const cache = new Map()
      const names: string[] = []
      const { direct: renamed, helpers } = fill
      const { method } = helpers
      const filler = new fill.Filler()
      renamed(names)
      method(names)
      fill.list.forEach((f) => f(names))
      fill.Filler.fill(names)
      filler.fill(names)
      fill.bound(names)
      export const probe = () => names
      export const retained = () => ({ cache })`,
    edits: [
      rerun({ 'fill.ts': ["'direct'", "'DIRECT'"] }),
      rerun({ 'fill.ts': ["'method'", "'METHOD'"] }),
      rerun({ 'fill.ts': ["'list'", "'LIST'"] }),
      rerun({ 'fill.ts': ["'static'", "'STATIC'"] }),
      rerun({ 'fill.ts': ["'instance'", "'INSTANCE'"] }),
      rerun({ 'fill.ts': ["'bound'", "'BOUND'"] }),
    ],
  },
  {
    name: 'a plugin object with hooks that start-up calls by name',
    files: {
      'app.ts': `
        export interface Plugin { name: string; setup(app: App): void; request?(path: string): string }
        export class App { names: string[] = []; plugins: Plugin[] = []; use(plugin: Plugin) { this.plugins.push(plugin); plugin.setup(this); return this } ask(path: string) { return this.plugins.map((plugin) => plugin.request?.(path)) } }`,
      'log.ts': `import type { Plugin } from './app.ts'\n export const log = (prefix: string): Plugin => ({ name: 'log', setup(app) { app.names.push(prefix + 'log') }, request: (path) => show(path) })\n const show = (path: string) => 'log ' + path`,
      'auth.ts': `import type { Plugin } from './app.ts'\n export const auth: Plugin = { name: 'auth', setup(app) { app.names.push('auth') }, request: (path) => 'auth ' + path }`,
    },
    server: `
      import { App } from './app.ts'
      import { auth } from './auth.ts'
      import { log } from './log.ts'
      const sessions = new Map()
      const app = new App().use(log('> ')).use(auth)
      export const probe = () => [app.names, app.ask('/x')]
      export const retained = () => ({ app, sessions })`,
    edits: [
      patch({ 'auth.ts': ["'auth ' + path", "'AUTH ' + path"] }),
      patch({ 'log.ts': ["'log ' + path", "'LOG ' + path"] }),
      rerun({ 'auth.ts': ["app.names.push('auth')", "app.names.push('AUTH')"] }, { recreated: ['app'] }),
      rerun({ 'log.ts': ["prefix + 'log'", "prefix + 'LOG'"] }, { recreated: ['app'] }),
    ],
  },
  {
    name: 'loops, conditions, try, switch and blocks at the top level',
    files: { 'router.ts': ROUTER },
    server: `
      import { Router } from './router.ts'
      const app = new Router()
      const store = new Map()
      for (const name of ['a', 'b']) app.get('/' + name, () => 'page ' + name)
      if (process.env.NEVER) app.get('/never', () => 'never')
      else app.get('/always', () => 'always')
      try { app.get('/try', () => 'try') } catch { app.get('/catch', () => 'catch') }
      switch (typeof app) { case 'object': app.get('/switch', () => 'switch') }
      { const local = 'block'; app.get('/block', () => local) }
      export const probe = () => app.ask()
      export const retained = () => ({ app, store })`,
    edits: [
      rerun(["['a', 'b']", "['a', 'b', 'c']"], { recreated: ['app'] }),
      patchOrRerun(["'page ' + name", "'PAGE ' + name"], { recreated: ['app'] }),
      rerun(["local = 'block'", "local = 'BLOCK'"], { recreated: ['app'] }),
      rerun(["'/try'", "'/tried'"], { recreated: ['app'] }),
    ],
  },
  {
    name: 'an IIFE, called once at start-up',
    server: `
      const cache = new Map()
      const config = (() => ({ port: 1, url() { return 'u' + this.port } }))()
      export const probe = () => [config.port, config.url()]
      export const retained = () => ({ cache, config })`,
    edits: [
      patchOrRerun(['port: 1', 'port: 2'], { recreated: ['config'] }),
      patchOrRerun(["'u' + this.port", "'url ' + this.port"], { recreated: ['config'] }),
    ],
  },
  {
    name: 'values in a chain across modules: only what depends on the edit is made anew',
    files: {
      'env.ts': `export const REGION = 'eu'\n export const MODE = 'dev'`,
      'client.ts': `import { REGION } from './env.ts'\n export const client = { url: 'https://' + REGION }\n export const clients = new Set()`,
      'repo.ts': `import { client } from './client.ts'\n export const repo = { client, find: () => client.url + '/find' }`,
      'log.ts': `import { MODE } from './env.ts'\n export const log = { mode: MODE }`,
    },
    server: `
      import { client, clients } from './client.ts'
      import { log } from './log.ts'
      import { repo } from './repo.ts'
      export const probe = () => [repo.find(), log.mode, repo.client === client]
      export const retained = () => ({ client, clients, repo, log })`,
    edits: [
      rerun({ 'env.ts': ["'eu'", "'us'"] }, { recreated: ['client', 'repo'] }),
      rerun({ 'env.ts': ["'dev'", "'test'"] }, { recreated: ['log'] }),
      patch({ 'repo.ts': ["'/find'", "'/search'"] }),
    ],
  },
  {
    name: 'dependency injection: a service holds a repository that changes',
    files: {
      'repo.ts': `export class Repo { rows = ['a']; all() { return this.rows } }`,
      'service.ts': `import type { Repo } from './repo.ts'\n export class Service { calls = 0; constructor(private readonly repo: Repo) {} list() { this.calls += 1; return this.repo.all().join() } }`,
      'container.ts': `import { Repo } from './repo.ts'\n import { Service } from './service.ts'\n export const repo = new Repo()\n export const service = new Service(repo)`,
    },
    server: `
      import { repo, service } from './container.ts'
      export const add = () => { service.list() }
      export const probe = () => service.list()
      export const retained = () => ({ repo, service })`,
    edits: [
      patch({ 'repo.ts': ['return this.rows', "return [...this.rows, 'b']"] }, { calls: ['add'] }),
      patch({ 'service.ts': ['.join()', ".join('+')"] }),
      rerun({ 'repo.ts': ["rows = ['a']", "rows = ['A']"] }, { recreated: ['repo', 'service'] }),
    ],
  },
  {
    name: 'middleware composed at start-up',
    files: {
      'compose.ts': `export type Step = (text: string) => string\n export const compose = (...steps: Step[]): Step => (text) => steps.reduce((value, step) => step(value), text)`,
      'auth.ts': `export const auth = (text: string) => text + ' auth'`,
    },
    server: `
      import { auth } from './auth.ts'
      import { compose } from './compose.ts'
      const trim = (text: string) => text.trim()
      const pipeline = compose(trim, auth, (text) => text + ' end')
      export const probe = () => pipeline(' in ')
      export const retained = () => ({ pipeline })`,
    edits: [
      patch({ 'auth.ts': ["' auth'", "' AUTH'"] }),
      patch(["' end'", "' END'"]),
      patch(['text.trim()', 'text.trimStart()']),
      patchOrRerun(['compose(trim, auth,', 'compose(auth,'], { recreated: ['pipeline'] }),
    ],
  },
  {
    name: 'a counter that start-up raised is not raised twice',
    files: { 'ids.ts': `let next = 0\n export const take = () => ++next` },
    server: `
      import { take } from './ids.ts'
      const sessions = new Map()
      const first = { id: take() }
      const second = { id: take() }
      const title = () => 'ids'
      export const probe = () => [title(), first.id, second.id]
      export const retained = () => ({ sessions })`,
    edits: [
      patch(["'ids'", "'IDS'"]),
      rerun(['first = { id: take() }', 'first = { id: take() * 100 }']),
      rerun({ 'ids.ts': ['++next', 'next += 10'] }),
    ],
  },
  {
    name: 'an effect on something outside the modules, and its undoing',
    server: `
      const settings: Record<string, string> = {}
      const apply = (name: string, value: string) => { settings[name] = value }
      const cache = new Map()
      apply('a', '1')
      settings.b = '2'
      Object.assign(settings, { c: '3' })
      delete settings.b
      export const probe = () => settings
      export const retained = () => ({ cache })`,
    edits: [
      rerun(["apply('a', '1')", "apply('a', 'one')"]),
      rerun(['delete settings.b', '']),
      rerun(["Object.assign(settings, { c: '3' })", '']),
      rerun(["apply('a', 'one')", '']),
    ],
  },
  {
    name: 'an object that its author filled at the top level, in two modules',
    files: {
      'handlers.ts': `export const handlers: Record<string, () => string> = {}\n handlers.a = () => 'a'`,
      'more.ts': `import { handlers } from './handlers.ts'\n handlers.b = () => 'b'\n handlers['c'] = () => 'c'`,
    },
    server: `
      import { handlers } from './handlers.ts'
      import './more.ts'
      export const probe = () => Object.entries(handlers).map(([name, run]) => name + run())`,
    edits: [
      patch({ 'more.ts': ["=> 'b'", "=> 'B'"] }),
      rerun({ 'more.ts': ["handlers['c'] = () => 'c'", ''] }),
      rerun({ 'handlers.ts': ['handlers.a =', 'handlers.z ='] }),
    ],
  },
  {
    name: 'a cache that only functions use stays, also when its neighbours run again',
    files: { 'limits.ts': `export const SIZE = 2` },
    server: `
      import { SIZE } from './limits.ts'
      const cache = new Map<string, number>()
      const ring = new Array(SIZE).fill(0)
      export const remember = () => cache.set('k' + cache.size, cache.size)
      export const probe = () => ring.length
      export const state = () => [...cache]
      export const retained = () => ({ cache, ring })`,
    edits: [
      rerun({ 'limits.ts': ['2', '3'] }, { calls: ['remember', 'remember'], recreated: ['ring'] }),
      patchOrRerun(['.fill(0)', '.fill(0).concat([1])'], { calls: ['remember'], recreated: ['ring'] }),
    ],
  },
  {
    name: 'two files saved together: one is patched, one runs again',
    files: { 'text.ts': `export const text = () => 'text'`, 'size.ts': `export const size = 1` },
    server: `
      import { size } from './size.ts'
      import { text } from './text.ts'
      const box = { size }
      const cache = new Map()
      export const probe = () => [text(), box.size]
      export const retained = () => ({ box, cache })`,
    edits: [
      rerun({ 'text.ts': ["'text'", "'TEXT'"], 'size.ts': ['1', '2'] }, { recreated: ['box'] }),
      patch({ 'text.ts': ["'TEXT'", "'text'"], 'server.ts': ['[text(), box.size]', '[text(), box.size, cache.size]'] }),
    ],
  },
  {
    name: 'an application that is a function, as Express makes it, and a route registered in another module',
    files: {
      'framework.ts': `
        export function create() {
          const routes: [string, () => string][] = []
          const app = () => routes.map(([path, answer]) => path + ' ' + answer())
          return Object.assign(app, { get: (path: string, answer: () => string) => { routes.push([path, answer]) } })
        }`,
      'routes.ts': `export function registerRoutes({ app }: { app: { get(path: string, answer: () => string): void } }) { app.get('/', () => 'A') }`,
    },
    server: `
      import { create } from './framework.ts'
      import { registerRoutes } from './routes.ts'
      const app = create()
      registerRoutes({ app })
      export const probe = () => app()`,
    edits: [
      rerun({ 'routes.ts': ["'A'", "'AA'"] }),
      rerun({ 'routes.ts': ["'/'", "'/index'"] }),
      rerun(['registerRoutes({ app })', 'for (const register of [registerRoutes]) register({ app })'], {
        sameAnswer: true,
      }),
      rerun({ 'routes.ts': ["'AA'", "'B'"] }),
    ],
  },
  {
    name: 'the constructor of a base class fills a registry',
    files: {
      'base.ts': `export const all: object[] = []\n export class Base { constructor() { all.push(this) } }`,
      'sub.ts': `import { Base } from './base.ts'\n export class Sub extends Base { x = 1 }`,
    },
    server: `
      import { all } from './base.ts'
      import { Sub } from './sub.ts'
      const sub = new Sub()
      export const probe = () => [all.length, sub.x]`,
    edits: [rerun({ 'sub.ts': ['x = 1', 'x = 2'] }), rerun({ 'base.ts': ['all.push(this)', 'all.push(this, this)'] })],
  },
  {
    name: 'a value that an effect gives to others, written otherwise but the same',
    server: `
      const step = 2
      const doubled = step * 2
      const tripled = step * 3
      const size = doubled + tripled
      const early = { sizes: [] as number[] }
      early.sizes.push(size)
      early.sizes.push(0)
      const late = { ports: [] as number[] }
      const port = 3000
      late.ports.push(port)
      late.ports.push(0)
      export const probe = () => [early.sizes, late.ports]
      export const retained = () => ({ early, late })`,
    edits: [
      patch(['step = 2', 'step = 1 + 1'], { sameAnswer: true }),
      rerun(['step = 1 + 1', 'step = 3'], { recreated: ['early'] }),
      // Made anew before it is known that the port is the same.
      rerun(['port = 3000', 'port = 2999 + 1'], { recreated: ['late'], sameAnswer: true }),
      rerun(
        [
          ['step = 3', 'step = 1 + 2'],
          ['port = 2999 + 1', 'port = 3001'],
        ],
        { recreated: ['late'] },
      ),
    ],
  },
  {
    name: 'modules imported by a computed specifier register themselves',
    files: { 'plugins/a.ts': `export const register = (names: string[]) => { names.push('a') }` },
    server: `
      const names: string[] = []
      for (const name of ['a']) {
        const plugin = await import(/* @vite-ignore */ './plugins/' + name + '.ts')
        plugin.register(names)
      }
      export const probe = () => names`,
    edits: [rerun({ 'plugins/a.ts': ["'a'", "'A'"] }), rerun({ 'plugins/a.ts': ["'A'", "'a', 'b'"] })],
  },
]
