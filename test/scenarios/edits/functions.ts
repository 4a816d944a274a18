import { nothing, patch, patchOrRerun, rerun, type Row } from '../../support/story/row.ts'

/** Functions of every kind a module can hold at its top level. */
export const functions: readonly Row[] = [
  {
    name: 'a declared function, edited, edited again and taken back',
    server: `
      export function greet(name: string) { return 'Hello ' + name }
      export const probe = () => greet('Ann')
      export const retained = () => ({ greet })`,
    edits: [
      patch(["'Hello '", "'Hi '"], { patched: ['greet()'] }),
      patch(["'Hi '", "'Good morning, '"]),
      patch(["'Good morning, '", "'Hello '"]),
    ],
  },
  {
    name: 'state a function closes over is kept',
    server: `
      let hits = 0
      const seen = new Set<number>()
      export function hit() { hits += 1; seen.add(hits); return hits }
      function label() { return 'hits' }
      export const probe = () => label()
      export const state = () => ({ hits, seen: [...seen] })
      export const retained = () => ({ seen, hit })`,
    edits: [
      patch(["return 'hits'", "return 'number of hits'"], { calls: ['hit', 'hit'] }),
      patch(["return 'number of hits'", "return 'count'"], { calls: ['hit'] }),
    ],
  },
  {
    name: 'an async function',
    server: `
      async function load(id: number) { await null; return { id, from: 'memory' } }
      export const probe = async () => load(1)`,
    edits: [
      patch(["'memory'", "'disk'"]),
      patch(['await null; ', "await null; if (id === 1) throw new RangeError('no such id'); "]),
    ],
  },
  {
    name: 'a generator function',
    server: `
      function* steps() { yield 'one'; yield 'two' }
      export const probe = () => [...steps()]
      export const retained = () => ({ steps, prototype: steps.prototype })`,
    edits: [patch(["yield 'two'", "yield 'two'; yield* ['three', 'four']"]), patch(["yield 'one'; ", ''])],
  },
  {
    name: 'an async generator function',
    server: `
      async function* pages(count = 2) { for (let page = 1; page <= count; page++) { await null; yield page } }
      export const probe = async () => { const all = []; for await (const page of pages()) all.push(page); return all }`,
    edits: [patch(['yield page }', 'yield page * 10 }']), patch(['count = 2', 'count = 3'])],
  },
  {
    name: 'an arrow function in a const',
    server: `
      const double = (n: number) => n * 2
      export const probe = () => [1, 2].map(double)
      export const retained = () => ({ double })`,
    edits: [patch(['n * 2', 'n + n + n']), patch(['=> n + n + n', '=> { if (n > 1) return 0; return n }'])],
  },
  {
    name: 'an async arrow function in a const',
    server: `
      export const handler = async ({ name }: { name: string }) => ({ body: name })
      export const probe = () => handler({ name: 'Ann' })`,
    edits: [patch(['body: name', 'body: await Promise.resolve(name.toUpperCase())'])],
  },
  {
    name: 'a function expression in a const',
    server: `
      const shout = function (text: string) { return text.toUpperCase() }
      export const probe = () => [shout('hey'), shout.name]`,
    edits: [patch(['text.toUpperCase()', "text.toUpperCase() + '!'"])],
  },
  {
    name: 'a named function expression that calls itself by its own name',
    server: `
      const factorial = function self(n: number): number { return n < 2 ? 1 : n * self(n - 1) }
      export const probe = () => [factorial(5), factorial.name]`,
    edits: [patch(['n * self(n - 1)', 'n + self(n - 1)'])],
  },
  {
    name: 'functions inside an object literal: method, arrow, function, accessor, async, generator',
    server: `
      export const users = {
        prefix: 'user',
        list() { return [this.prefix] },
        find: (id: number) => 'user ' + id,
        remove: function (id: number) { return 'removed ' + id },
        get size() { return 1 },
        async load() { return 'loaded' },
        *walk() { yield 'a' },
      }
      export const probe = async () =>
        [users.list(), users.find(1), users.remove(2), users.size, await users.load(), [...users.walk()]]
      export const retained = () => ({ users, list: users.list })`,
    edits: [
      patch(['[this.prefix]', "[this.prefix + 's']"]),
      patch(["'user ' + id", "'user #' + id"]),
      patch(["'removed ' + id", "'gone ' + id"]),
      patch(['return 1', 'return 2']),
      patch(["'loaded'", "'loaded again'"]),
      patch(["yield 'a'", "yield 'b'; yield 'c'"]),
    ],
  },
  {
    name: 'a method is added to an object literal nobody read at start-up, and removed',
    server: `
      const commands: Record<string, () => string> = {
        help() { return 'help' },
      }
      export const probe = () => Object.entries(commands).map(([name, run]) => name + ':' + run())`,
    edits: [
      patch(["return 'help' },", "return 'help' },\n version() { return '1' },"]),
      patch(["help() { return 'help' },", '']),
    ],
  },
  {
    name: 'functions deep inside object and array literals',
    server: `
      const table = { routes: [{ path: '/', handlers: [() => 'auth', () => 'home'] }] }
      export const probe = () => table.routes.flatMap((route) => route.handlers.map((handler) => handler()))
      export const retained = () => ({ table })`,
    edits: [patch(["'home'", "'front page'"]), patch(["'auth'", "'session'"])],
  },
  {
    name: 'functions inside an array',
    server: `
      const middleware = [
        (text: string) => text + 'a',
        function (text: string) { return text + 'b' },
      ]
      export const probe = () => middleware.reduce((text, step) => step(text), '')`,
    edits: [patch(["text + 'a'", "text + 'A'"]), patch(["text + 'b'", "'B' + text"])],
  },
  {
    name: 'an inline literal passed as an argument',
    server: `
      const routes = new Map<string, () => string>()
      routes.set('/', () => 'home')
      routes.set('/about', function () { return 'about' })
      export const probe = () => [...routes].map(([path, handler]) => path + ' ' + handler())
      export const retained = () => ({ routes, home: routes.get('/') })`,
    edits: [
      patch(["'home'", "'welcome'"]),
      patch(["return 'about'", "return 'about us'"]),
      patch(["'welcome'", "'home'"]),
    ],
  },
  {
    name: 'two inline literals with the same text: only one is edited',
    server: `
      const routes = new Map<string, () => string>()
      routes.set('/a', () => 'same')
      routes.set('/b', () => 'same')
      export const probe = () => [...routes].map(([path, handler]) => path + ' ' + handler())`,
    edits: [
      patchOrRerun(["'/b', () => 'same'", "'/b', () => 'other'"]),
      patchOrRerun(["'/a', () => 'same'", "'/a', () => 'other'"]),
      patchOrRerun(["'/b', () => 'other'", "'/b', () => 'same'"]),
    ],
  },
  {
    name: 'a named default export',
    files: { 'greet.ts': `export default function greet() { return 'one' }` },
    server: `
      import greet from './greet.ts'
      export const probe = () => [greet(), greet.name]
      export const retained = () => ({ greet })`,
    edits: [patch({ 'greet.ts': ["'one'", "'two'"] })],
  },
  {
    name: 'an anonymous default export',
    files: { 'greet.ts': `export default function () { return 'one' }` },
    server: `
      import greet from './greet.ts'
      export const probe = () => greet()
      export const retained = () => ({ greet })`,
    edits: [patch({ 'greet.ts': ["'one'", "'two'"] }), patch({ 'greet.ts': ["'two'", "'three'"] })],
  },
  {
    name: 'an anonymous arrow function as default export',
    files: { 'greet.ts': `export default async (name: string) => 'Hello ' + name` },
    server: `
      import greet from './greet.ts'
      export const probe = () => greet('Ann')`,
    edits: [patch({ 'greet.ts': ["'Hello '", "'Hi '"] })],
  },
  {
    name: 'overloads, of which only the implementation is left',
    server: `
      function parse(text: string): string
      function parse(text: number): number
      function parse(text: string | number) { return typeof text === 'string' ? text.trim() : text }
      export const probe = () => [parse(' a '), parse(1)]`,
    edits: [
      patch(['text.trim()', "text.trim() + '.'"]),
      nothing([
        'function parse(text: number): number\n',
        'function parse(text: number): number\n      function parse(text: "x"): "x"\n',
      ]),
    ],
  },
  {
    name: 'default parameters that refer to module variables',
    server: `
      const base = 10
      const twice = (n: number) => n * 2
      function price(n = base, tax = twice(n)) { return n + tax }
      export const probe = () => [price(), price(1)]`,
    edits: [
      patch(['n = base', 'n = base + 1']),
      patch(['const base = 10', 'const base = 20']),
      patch(['n * 2', 'n * 3']),
    ],
  },
  {
    name: 'recursion, and recursion in a circle',
    server: `
      function isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }
      function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }
      export const probe = () => [0, 1, 2, 3].map(isEven)`,
    edits: [
      patch(['n === 0 || isOdd(n - 1)', 'n < 2 || isOdd(n - 1)']),
      patch(['n !== 0 && isEven', 'n > 1 && isEven']),
    ],
  },
  {
    name: 'a function used before its declaration',
    server: `
      const handlers = [first, second]
      export const probe = () => handlers.map((handler) => handler())
      export const retained = () => ({ handlers })
      function first() { return 'one' }
      function second() { return first() + ' and two' }`,
    edits: [patch(["'one'", "'uno'"]), patch(["' and two'", "' y dos'"])],
  },
  {
    name: 'functions hoisted across an import cycle',
    files: {
      'users.ts': `
        import { nameOf } from './orders.ts'
        export const registry = [nameOf]
        export function userName() { return 'Ann' }`,
      'orders.ts': `
        import { userName } from './users.ts'
        export const early = [userName]
        export function nameOf() { return 'order of ' + userName() }`,
    },
    server: `
      import { registry } from './users.ts'
      import { early } from './orders.ts'
      export const probe = () => [...registry, ...early].map((name) => name())
      export const retained = () => ({ registry, early })`,
    edits: [patch({ 'users.ts': ["'Ann'", "'Bob'"] }), patch({ 'orders.ts': ["'order of '", "'bill of '"] })],
  },
  {
    name: 'new.target',
    server: `
      function Point(this: any, x: number) {
        if (!new.target) return { made: 'without new', x }
        this.x = x
      }
      Point.prototype.kind = 'point'
      const made = (x: any) => ({ x: x.x, kind: x.kind, made: x.made })
      export const probe = () => [made(new (Point as any)(1)), made((Point as any)(2)), new (Point as any)(3) instanceof (Point as any)]
      export const retained = () => ({ Point })`,
    edits: [patch(['this.x = x', 'this.x = x * 10']), patch(["'without new'", "'by call'"])],
  },
  {
    name: 'this of a method call, of call() and of a plain call',
    server: `
      function who(this: any) { return this?.name ?? 'nobody' }
      const ann = { name: 'Ann', who }
      export const probe = () => [ann.who(), who.call({ name: 'Bob' }), (0, who)()]`,
    edits: [patch(["this?.name ?? 'nobody'", "this === undefined ? 'no this' : this.name + '!'"])],
  },
  {
    name: 'arguments',
    server: `
      function count() { return arguments.length }
      export const probe = () => [(count as any)(1, 2), count.apply(null, [1, 2, 3] as any)]`,
    edits: [patch(['arguments.length', '[...arguments].reverse()'])],
  },
  {
    name: 'name and length, whose length nobody read at start-up',
    server: `
      export function add(a: number, b: number) { return a + b }
      export const scale = (n: number) => n * 2
      export const probe = () => [add.name, add.length, scale.name, scale.length, (add as any)(1, 2, 3)]
      export const retained = () => ({ add, scale })`,
    edits: [
      patch(['(a: number, b: number) { return a + b }', '(a: number, b: number, c = 0) { return a + b + c }']),
      patch(['(a: number, b: number, c = 0)', '(a: number, b: number, c: number)']),
      patch(['(n: number) => n * 2', '(n: number, by: number) => n * by']),
    ],
  },
  {
    name: 'a length that was read at start-up decides what a handler is',
    server: `
      type Handler = (...args: any[]) => string
      const stack: { handler: Handler; isErrorHandler: boolean }[] = []
      function use(handler: Handler) { stack.push({ handler, isErrorHandler: handler.length === 4 }) }
      function last(req: any, res: any, next: any) { return 'last' }
      use(last)
      export const probe = () => stack.map(({ handler, isErrorHandler }) => [handler(), isErrorHandler])`,
    edits: [
      patch(["'last'", "'the end'"]),
      rerun(['(req: any, res: any, next: any)', '(error: any, req: any, res: any, next: any)']),
    ],
  },
  {
    name: 'properties assigned to a function',
    server: `
      export function handler() { return 'one' }
      handler.path = '/one'
      handler.options = { auth: true }
      export const probe = () => [handler(), handler.path, handler.options, Object.keys(handler)]
      export const retained = () => ({ handler })`,
    edits: [
      patch(["'one' }", "'two' }"]),
      rerun(["handler.path = '/one'", "handler.path = '/two'"]),
      rerun(['handler.options = { auth: true }', ''], { sameAnswer: false }),
    ],
  },
  {
    name: 'toString() is the source of the function',
    server: `
      function area(width: number, height = 2) {
        return width * height
      }
      const perimeter = (width: number) => width * 4
      const shapes = { circle(r: number) { return r * r * 3 } }
      export const probe = () => [area.toString(), String(perimeter), shapes.circle.toString()]`,
    edits: [
      patch(['return width * height', 'return height * width']),
      patch(['width * 4', '4 * width']),
      patch(['r * r * 3', '3 * r * r']),
    ],
  },
  {
    name: 'a helper is added, used, renamed and removed',
    server: `
      export function greet() { return 'hello' }
      export const probe = () => greet()`,
    edits: [
      patch([["'hello' }", "shout('hello') }\n function shout(text: string) { return text.toUpperCase() }"]]),
      patch(['text.toUpperCase()', "text.toUpperCase() + '!'"]),
      patch(
        [
          ["shout('hello')", "yell('hello')"],
          ['function shout', 'function yell'],
        ],
        { sameAnswer: true },
      ),
      patch([
        ["yell('hello')", "'hello'"],
        [" function yell(text: string) { return text.toUpperCase() + '!' }", ''],
      ]),
    ],
  },
  {
    name: 'an added helper with state of its own keeps that state from then on',
    server: `
      export function count() { return 0 }
      export const probe = () => typeof count`,
    edits: [
      patch(
        [
          [
            'export function count() { return 0 }',
            'let total = 0\n export function count() { total += 1; return total }\n export const state = () => total',
          ],
          ['typeof count', "'counts'"],
        ],
        { state: 0 },
      ),
      patch(["'counts'", "'counts more'"], { calls: ['count', 'count'] }),
      patch(['total += 1', 'total += 1; /* once */ total += 0'], { calls: ['count'], sameAnswer: true }),
    ],
  },
  {
    name: 'a function becomes async, a generator and plain again',
    server: `
      export function read(): any { return 'text' }
      const kindOf = (value: any) => (value instanceof Promise ? 'promise' : value?.[Symbol.iterator] && value.next ? 'iterator' : typeof value)
      export const probe = () => [kindOf(read()), Object.prototype.toString.call(read)]`,
    edits: [
      patchOrRerun(['function read', 'async function read']),
      patchOrRerun(['async function read', 'function* read']),
      patchOrRerun(['function* read', 'function read']),
    ],
  },
  {
    name: 'a declaration becomes an arrow function, and a value',
    files: { 'text.ts': `export function text() { return 'declared' }` },
    server: `
      import { text } from './text.ts'
      export const probe = () => (typeof text === 'function' ? (text as any)() : text)`,
    edits: [
      patchOrRerun({ 'text.ts': `export const text = () => 'arrow'` }),
      patchOrRerun({ 'text.ts': `export const text = 'a value'` }),
      patchOrRerun({ 'text.ts': `export function text() { return 'declared' }` }),
    ],
  },
  {
    name: 'a function nested in a function that ran for a request only',
    server: `
      export function page() {
        const title = 'Home'
        function heading() { return '<h1>' + title + '</h1>' }
        return [heading()].map((part) => part + '\\n').join('')
      }
      export const probe = () => page()`,
    edits: [patch(["'<h1>'", "'<h1 class=big>'"]), patch(["part + '\\n'", 'part'])],
  },
  {
    name: 'comments, white space and types change nothing that runs',
    server: `
      interface User { name: string }
      export function greet(user: User) { return 'Hello ' + user.name }
      export const probe = () => greet({ name: 'Ann' })`,
    edits: [
      nothing(['export function greet', '// says hello\n\n      export function greet']),
      nothing(["return 'Hello ' + user.name", "return (\n'Hello ' +\n user.name // the name\n)"]),
      nothing([
        'interface User { name: string }',
        'interface User { name: string; age?: number }\n type Id = string | number',
      ]),
    ],
  },
  {
    name: 'a save of the same content',
    server: `export const probe = () => 1`,
    edits: [nothing(['=> 1', '=> 1']), patch(['=> 1', '=> 2']), nothing(['=> 2', '=> 2'])],
  },
  {
    name: 'a destructured parameter, a rest parameter and a shadowed module variable',
    server: `
      const limit = 5
      function page({ limit: size = limit, ...rest }: any = {}, ...more: number[]) { const limit = size + 1; return [limit, rest, more] }
      export const probe = () => [page(), (page as any)({ limit: 1, q: 'x' }, 1, 2)]`,
    edits: [
      patch(['size + 1', 'size + 2']),
      patch(['const limit = 5', 'const limit = 50']),
      patch(['= {}, ...more', "= { q: 'none' }, ...more"]),
    ],
  },
  {
    name: 'tagged templates and getters in a literal',
    server: `
      const sql = (parts: TemplateStringsArray, ...values: unknown[]) => ({ text: parts.join('?'), values })
      const config = { get url() { return 'http://localhost' }, set url(value) { throw new Error('read only: ' + value) } }
      export const probe = () => { try { config.url = 'x' } catch (error) { return [sql\`a \${1} b\`, config.url, String(error)] } }`,
    edits: [
      patch(["parts.join('?')", "parts.join('$')"]),
      patch(["'http://localhost'", "'http://127.0.0.1'"]),
      patch(["'read only: '", "'cannot set '"]),
    ],
  },
]
