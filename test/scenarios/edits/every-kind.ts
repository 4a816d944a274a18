import { fails, nothing, patch, rerun, restart, type Row, type Step } from '../../support/story/row.ts'

const SERVER = `
  import './plugin.ts'
  import { shared } from './barrel.ts'
  import data from './data.json'
  import { plugins } from './plugins.ts'
  import { word, other } from './words.ts'
  type Name = string
  export const LIMIT = 10
  const SIZE = 3
  const pool = Array.from({ length: SIZE }, () => 0)
  const cache = new Map<string, number>()
  let visits = 0
  enum Color { Red = 'red' }
  function join(a: string) { return a }
  const arity = join.length
  function unused() { return 1 }
  function greet(name: string) { return 'Hello ' + name }
  class Base { kind() { return 'base' } }
  class Other { kind() { return 'other' } }
  class User extends Base {
    static limit = 1
    static tags: string[] = []
    static { this.tags.push('a') }
    static make() { return 'made' }
    name = 'Ann'
    log: string[] = []
    get label() { return 'label' }
    describe() { return 'user ' + this.name }
    init() { this.log = ['ready']; return this }
  }
  class Lazy extends Base { static state = 'idle'; static kept = { since: 'start' }; size = 1 }
  const user = new User().init()
  const app = { list: [] as [string, () => unknown][], get(path: string, handler: () => unknown) { this.list.push([path, handler]) } }
  function makeHandler(name: string) { return () => 'made ' + name }
  function register() { app.get('/list', () => 'x'); app.list.push(['listed', () => other]) }
  app.get('/', () => 'home')
  for (const n of [1]) app.get('/loop', () => 'looped ' + n)
  app.get('/made', makeHandler('handler'))
  app.get('/other', () => other)
  register()
  const first = other + '!'
  const steps: string[] = []
  async function main() { await null; steps.push('started') }
  await main()
  const awaited = await Promise.resolve('awaited')
  export const visit = () => { visits += 1; cache.set('a', visits) }
  export const probe = async () => [
    String(await greet('Ann')), app.list.map(([path, handler]) => [path, handler()]), user.describe(), user.label, user.log, user.kind(),
    User.limit, User.tags, User.make(), new Lazy().kind(), new Lazy().size, Lazy.state, pool.length, LIMIT, Color.Red, word, shared(), first,
    data.title, arity, steps, awaited, plugins,
  ]
  export const state = () => visits
  export const retained = () => ({ registry: app, kept: Lazy.kept, pool, user, steps, plugins, cache })`

const FILES = {
  'plugin.ts': `import { plugins } from './plugins.ts'\n plugins.push('plugin')`,
  'plugins.ts': `export const plugins: string[] = []`,
  'words.ts': `export const word = 'word'\n export const other = 'other'\n export const third = 'third '`,
  'late.ts': `export const late = () => 'late '\n export const word = 'late word'\n export const other = 'late other'`,
  'barrel.ts': `export { shared } from './one.ts'`,
  'one.ts': `export const shared = () => 'one'`,
  'two.ts': `export const shared = () => 'two'`,
  'two-more.ts': `export const more = 'more'`,
  'data.json': `{ "title": "old" }`,
}

const HELD = `
  import { keep, migrate } from 'vite-plugin-hot-node/runtime'
  const create = () => new Map<string, string>()
  const held = keep('held', create)
  const size = [held.size]
  class Note {
    text = 'note'
    static [migrate](note: any) { note.pinned ??= 'no' }
    show() { return Object.entries(this).join() }
  }
  const notes: Note[] = []
  const first = new Note()
  held.set('a', 'one')
  export const add = () => notes.push(new Note())
  export const probe = () => [held.get('a'), new Note().show()]
  export const state = () => notes.map((note) => note.show())
  export const retained = () => ({ held, size, notes, first })`

/** A server with what `vite-plugin-hot-node/runtime` has. */
function held(name: string, edits: readonly Step[]): Row {
  return { name, server: HELD, edits }
}

/** A server that has a bit of everything, in one state of being edited. */
function kind(name: string, edits: readonly Step[]): Row {
  return { name, server: SERVER, files: FILES, edits }
}

/**
 * One row for every kind of edit in the table of docs/semantics.md, under the name it has there. The last edit of a row
 * is the one the table speaks of.
 */
export const everyKind: readonly Row[] = [
  // ── Functions ──
  kind('the body of a function that only requests called', [patch(["'Hello '", "'Hi '"])]),
  kind('the body of a function that ran at start-up', [rerun(["'listed'", "'LISTED'"], { recreated: ['registry'] })]),
  kind('an inline handler: `app.get(path, handler)`', [patch(["() => 'home'", "() => 'HOME'"])]),
  kind('a function literal in a loop or a block with variables of its own', [
    rerun(["'looped ' + n", "'LOOPED ' + n"], { recreated: ['registry'] }),
  ]),
  kind('a closure that a function made at start-up', [
    rerun(["'made ' + name", "'MADE ' + name"], { recreated: ['registry'] }),
  ]),
  kind('a parameter with a default, more or fewer parameters', [
    patch(['greet(name: string)', "greet(name: string, mark = '!')"], { sameAnswer: true }),
  ]),
  kind('the same, where start-up read `length`', [rerun(['join(a: string)', 'join(a: string, b: string)'])]),
  kind('a function becomes `async`', [patch(['function greet', 'async function greet'], { sameAnswer: true })]),
  kind('a function becomes a generator', [patch(['function greet', 'function* greet'])]),
  kind('a function becomes an arrow function in a `const`', [
    patch([
      "function greet(name: string) { return 'Hello ' + name }",
      "const greet = (name: string) => 'Hello ' + name + '!'",
    ]),
  ]),
  kind('a function is added', [
    patch([
      ['function greet', "function polite() { return 'Dear ' }\n function greet"],
      ["'Hello ' + name", 'polite() + name'],
    ]),
  ]),
  kind('a function is renamed, with its uses', [
    patch([
      ['function greet', 'function salute'],
      ["await greet('Ann')", "(await salute('Ann')) + '!'"],
    ]),
  ]),
  kind('a function that nobody uses is removed', [patch(['function unused() { return 1 }', ''], { sameAnswer: true })]),

  // ── Classes ──
  kind('the body of a method, accessor or static method', [
    patch([
      ["'user ' + this.name", "'USER ' + this.name"],
      ["return 'label'", "return 'LABEL'"],
      ["static make() { return 'made' }", "static make() { return 'MADE' }"],
    ]),
  ]),
  kind('the body of a method that ran at start-up', [
    rerun(["this.log = ['ready']", "this.log = ['READY']"], { recreated: ['user'] }),
  ]),
  kind('a method is added, removed or renamed', [
    patch([
      ["get label() { return 'label' }", "get label() { return 'label' }\n shout() { return 'SHOUT' }"],
      ['user.describe()', 'user.shout() + user.describe()'],
    ]),
  ]),
  kind('a private method or field is added', [
    patch([
      ["get label() { return 'label' }", "get label() { return 'label' }\n #secret() { return 'secret' }"],
      ["return 'user ' + this.name", 'return this.#secret() + this.name'],
    ]),
  ]),
  kind('the constructor or a field; instances made for requests only', [patch(['size = 1', 'size = 2'])]),
  kind('the constructor or a field; instances made at start-up', [
    rerun(["name = 'Ann'", "name = 'Eve'"], { recreated: ['user'] }),
  ]),
  held('the same, and the class has a `[migrate]`', [
    rerun(["text = 'note'", "text = 'note'; pinned = 'yes'"], {
      calls: ['add'],
      recreated: ['first'],
      state: ['text,note,pinned,no'],
    }),
  ]),
  held('a `[migrate]` is added, changed or removed', [
    patch(["note.pinned ??= 'no'", "note.pinned ??= 'never'"], { calls: ['add'], sameAnswer: true }),
    patch(["static [migrate](note: any) { note.pinned ??= 'never' }", ''], { sameAnswer: true }),
  ]),
  kind('a static field', [patch(["static state = 'idle'", "static state = 'busy'"])]),
  kind('a static field of a class that start-up used or that has a static block', [
    rerun(['static limit = 1', 'static limit = 2'], { recreated: ['user'] }),
  ]),
  kind('a static block', [rerun(["this.tags.push('a')", "this.tags.push('b')"], { recreated: ['user'] })]),
  kind('`extends`, of a class that start-up did not use', [
    patch(['class Lazy extends Base', 'class Lazy extends Other']),
  ]),
  kind('`extends`, of a class that start-up used', [
    rerun(['class User extends Base', 'class User extends Other'], { recreated: ['user'] }),
  ]),
  kind('a method of a base class', [patch(["return 'base'", "return 'BASE'"])]),
  kind('a class is added', [
    patch([
      ['class Lazy', "class Fresh { say() { return 'fresh' } }\n class Lazy"],
      ['new Lazy().kind()', 'new Lazy().kind() + new Fresh().say()'],
    ]),
  ]),

  // ── Values ──
  kind('a value that nobody used at start-up', [patch(['export const LIMIT = 10', 'export const LIMIT = 20'])]),
  kind('a value that start-up used', [rerun(['const SIZE = 3', 'const SIZE = 4'], { recreated: ['pool'] })]),
  kind('a value that start-up used, written otherwise but the same', [
    patch(['const SIZE = 3', 'const SIZE = 1 + 2'], { sameAnswer: true }),
  ]),
  kind('the first value of a variable that only functions use', [
    patch(['let visits = 0', 'let visits = 100'], { calls: ['visit'], state: 100, sameAnswer: true }),
  ]),
  kind('a value is added or removed', [
    patch(['const SIZE = 3', 'const SIZE = 3\n const extra = 4'], { sameAnswer: true }),
  ]),
  held('the `create` of a `keep()`', [
    rerun(['new Map<string, string>()', "new Map([['b', 'two']])"], { sameAnswer: true }),
  ]),
  held('the options of a `keep()`, or what stands around it', [
    rerun(["keep('held', create)", "keep('held', create, { dispose: () => {} })"], { sameAnswer: true }),
  ]),
  kind('an enum or namespace, read by requests only', [patch(["Red = 'red'", "Red = 'RED'"])]),
  kind('a type, interface, overload or `satisfies`', [nothing(['type Name = string', 'type Name = string | number'])]),

  // ── Effects ──
  kind('a statement is added', [
    rerun(["app.get('/', () => 'home')", "app.get('/', () => 'home')\n app.get('/b', () => 'b')"], {
      recreated: ['registry'],
    }),
  ]),
  kind('a statement is changed', [rerun(["app.get('/',", "app.get('/index',"], { recreated: ['registry'] })]),
  held('a statement on a value of `keep()` is changed', [rerun(["held.set('a', 'one')", "held.set('a', 'two')"])]),
  kind('a statement is removed', [rerun(["app.get('/', () => 'home')", ''], { recreated: ['registry'] })]),
  kind('statements change places', [
    rerun(
      [
        ["app.get('/', () => 'home')\n", '\n'],
        ['register()\n', "register()\n app.get('/', () => 'home')\n"],
      ],
      { recreated: ['registry'] },
    ),
  ]),
  kind('the text of `main()`', [rerun(["steps.push('started')", "steps.push('STARTED')"], { recreated: ['steps'] })]),
  kind('a statement with a top-level `await`', [
    rerun(["await Promise.resolve('awaited')", "await Promise.resolve('AWAITED')"]),
  ]),
  kind('declarations that run nothing change places', [
    nothing([
      ['type Name = string\n', '\n'],
      ['export const LIMIT = 10\n', '\n'],
      ['const SIZE = 3', 'const SIZE = 3\n type Name = string\n export const LIMIT = 10'],
    ]),
  ]),

  // ── Imports and exports ──
  kind('an import is added and used by a function', [
    patch([
      ["import { word, other } from './words.ts'", "import { word, other, third } from './words.ts'"],
      ["'Hello ' + name", 'third + name'],
    ]),
  ]),
  kind('an import of a module that has not run yet', [
    patch([
      [
        "import { word, other } from './words.ts'",
        "import { word, other } from './words.ts'\n import { late } from './late.ts'",
      ],
      ["'Hello ' + name", 'late() + name'],
    ]),
  ]),
  kind('an import is pointed elsewhere, and start-up did not use it', [
    patch([
      [
        "import { word, other } from './words.ts'",
        "import { other } from './words.ts'\n import { word } from './late.ts'",
      ],
    ]),
  ]),
  kind('an import is pointed elsewhere, and start-up used it', [
    rerun(
      [
        [
          "import { word, other } from './words.ts'",
          "import { word } from './words.ts'\n import { other } from './late.ts'",
        ],
      ],
      { recreated: ['registry'] },
    ),
  ]),
  kind('an import is removed; others import the module still', [
    patch([
      ["import { word, other } from './words.ts'", "import { other } from './words.ts'"],
      ['Color.Red, word,', "Color.Red, 'no word',"],
    ]),
  ]),
  kind('the last import of a module that did something to others is removed', [
    rerun(["import './plugin.ts'\n", '\n'], { recreated: ['plugins'] }),
  ]),
  kind('imports change places', [
    nothing([
      ["import './plugin.ts'\n", '\n'],
      ["import { plugins } from './plugins.ts'", "import { plugins } from './plugins.ts'\n import './plugin.ts'"],
    ]),
  ]),
  kind('an export is added, or goes unused', [
    patch({ 'words.ts': ['export const third', 'export const fourth = 4\n export const third'] }, { sameAnswer: true }),
  ]),
  kind('an export is renamed, with its importers', [
    patch(
      {
        'words.ts': ['export const word =', 'export const term ='],
        'server.ts': ['import { word, other }', 'import { term as word, other }'],
      },
      { sameAnswer: true },
    ),
  ]),
  kind('an export is removed that somebody imports', [
    fails({ 'words.ts': ['export const word =', 'const word ='] }, { message: /word/ }, { coldRuns: true }),
  ]),
  kind('an export refers to something else, and start-up did not use it', [
    patch({ 'words.ts': ["export const word = 'word'", "const hidden = 'hidden'\n export { hidden as word }"] }),
  ]),
  kind('a barrel passes on another module', [
    patch({ 'barrel.ts': ["export { shared } from './one.ts'", "export { shared } from './two.ts'"] }),
  ]),
  kind('`export *` is added or removed', [
    patch(
      {
        'barrel.ts': [
          "export { shared } from './one.ts'",
          "export { shared } from './one.ts'\n export * from './two-more.ts'",
        ],
      },
      { sameAnswer: true },
    ),
  ]),

  // ── Files ──
  kind('a file is created and imported', [
    patch({
      'new.ts': `export const fresh = () => 'fresh '`,
      'server.ts': [
        [
          "import { word, other } from './words.ts'",
          "import { word, other } from './words.ts'\n import { fresh } from './new.ts'",
        ],
        ["'Hello ' + name", 'fresh() + name'],
      ],
    }),
  ]),
  kind('a file is renamed, with its importers; start-up did not use it', [
    patch({
      'barrel.ts': null,
      'index.ts': `export { shared } from './two.ts'`,
      'server.ts': ["from './barrel.ts'", "from './index.ts'"],
    }),
  ]),
  kind('a file is deleted that somebody imports', [fails({ 'barrel.ts': null })]),
  kind('a file is deleted that nobody imports any more', [
    patch([
      ["import { shared } from './barrel.ts'\n", '\n'],
      ['shared()', "'none'"],
    ]),
    nothing({ 'barrel.ts': null }),
  ]),
  kind('a deleted file comes back', [
    fails({ 'barrel.ts': null }),
    patch({ 'barrel.ts': `export { shared } from './two.ts'` }),
  ]),
  kind('a JSON file', [rerun({ 'data.json': '{ "title": "new" }' })]),
  kind('a file over 1 MB', [
    restart(
      {
        'words.ts': `export const word = 'big'\n export const other = 'other'\n export const third = 'third'\n/* ${'x'.repeat(1024 * 1024)} */`,
      },
      { recreated: ['registry', 'pool', 'user', 'steps', 'plugins', 'cache', 'kept'] },
    ),
  ]),
  kind('what a file over 1 MB imports, where that has to run again', [
    restart(
      {
        'words.ts': `import { more } from './two-more.ts'\n export const word = more\n export const other = 'other'\n export const third = 'third'\n/* ${'x'.repeat(1024 * 1024)} */`,
      },
      { recreated: ['registry', 'pool', 'user', 'steps', 'plugins', 'cache', 'kept'] },
    ),
    restart(
      { 'two-more.ts': ["'more'", "'MORE'"] },
      { recreated: ['registry', 'pool', 'user', 'steps', 'plugins', 'cache', 'kept'] },
    ),
  ]),

  // ── What cannot be applied, and what is nothing ──
  kind('a syntax error', [fails(["'Hello ' + name", "'Hello ' + + )"])]),
  kind('an import that does not resolve', [fails(["from './words.ts'", "from './nowhere.ts'"])]),
  kind('a throw while units run again', [fails(["'listed'", 'fail()'], { message: /fail/ })]),
  kind('comments, white space, quotes, semicolons', [
    nothing([
      [
        "function greet(name: string) { return 'Hello ' + name }",
        '/** Greets. */\n\n function greet(name: string) {\n return "Hello " + name; // so\n }',
      ],
    ]),
  ]),
  kind('a save without a change', [nothing(['type Name', 'type Name'])]),
]
