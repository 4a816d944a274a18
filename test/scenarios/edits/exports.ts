import { applied, fails, patch, patchOrRerun, recovers, rerun, type Row } from '../../support/story/row.ts'

/** Exports, imports and files. */
export const exports: readonly Row[] = [
  {
    name: 'export { a as b }',
    files: {
      'greet.ts': `const hello = () => 'one'\n let count = 1\n export { hello as greet, count as total, hello as default }`,
    },
    server: `
      import again, { greet, total } from './greet.ts'
      export const probe = () => [greet(), again(), total]`,
    edits: [patch({ 'greet.ts': ["'one'", "'two'"] }), patch({ 'greet.ts': ['count = 1', 'count = 2'] })],
  },
  {
    name: 'an exported name comes to mean another binding',
    files: { 'greet.ts': `const hello = () => 'hello'\n const bye = () => 'bye'\n export { hello as greet, bye }` },
    server: `
      import { greet } from './greet.ts'
      import * as all from './greet.ts'
      export const probe = () => [greet(), all.greet(), all.bye()]`,
    edits: [
      patchOrRerun({ 'greet.ts': ['hello as greet, bye', 'bye as greet, hello as bye'] }),
      patchOrRerun({ 'greet.ts': ['bye as greet, hello as bye', 'hello as greet, bye'] }),
    ],
  },
  {
    name: 'an export is added, imported, and removed',
    files: { 'math.ts': `export const one = () => 1` },
    server: `
      import { one } from './math.ts'
      export const probe = () => [one()]`,
    edits: [
      patch({
        'math.ts': ['=> 1', '=> 1\n export const two = () => 2'],
        'server.ts': [
          ['{ one }', '{ one, two }'],
          ['[one()]', '[one(), two()]'],
        ],
      }),
      patch({ 'math.ts': ['=> 2', '=> 22'] }),
      patch({
        'math.ts': ['export const two = () => 22', ''],
        'server.ts': [
          ['{ one, two }', '{ one }'],
          ['[one(), two()]', '[one()]'],
        ],
      }),
    ],
  },
  {
    name: 'an export is added first and imported with the next save',
    files: { 'math.ts': `export const one = () => 1` },
    server: `
      import { one } from './math.ts'
      export const probe = () => [one()]`,
    edits: [
      patch({ 'math.ts': ['=> 1', '=> 1\n export class Two { value = 2 }'] }, { sameAnswer: true }),
      patch([
        ['{ one }', '{ one, Two }'],
        ['[one()]', '[one(), new Two().value]'],
      ]),
      patch({ 'math.ts': ['value = 2', 'value = 22'] }),
    ],
  },
  {
    name: 'export * through a barrel, with a name that comes later',
    files: {
      'a.ts': `export const a = () => 'a'`,
      'b.ts': `export const b = () => 'b'`,
      'index.ts': `export * from './a.ts'\n export * from './b.ts'`,
    },
    server: `
      import { a, b } from './index.ts'
      export const probe = () => [a(), b()]`,
    edits: [
      patch({ 'a.ts': ["'a'", "'A'"] }),
      patch({
        'b.ts': ["=> 'b'", "=> 'b'\n export const c = () => 'c'"],
        'server.ts': [
          ['{ a, b }', '{ a, b, c }'],
          ['b()]', 'b(), c()]'],
        ],
      }),
      patch({ 'b.ts': ["'c'", "'C'"] }),
    ],
  },
  {
    name: 'a barrel gains a module, and loses it',
    files: {
      'a.ts': `export const a = () => 'a'`,
      'b.ts': `export const b = () => 'b'`,
      'index.ts': `export * from './a.ts'`,
    },
    server: `
      import * as all from './index.ts'
      const cache = new Map()
      export const probe = () => Object.keys(all).sort().map((name) => (all as any)[name]())
      export const retained = () => ({ cache })`,
    edits: [
      applied({ 'index.ts': `export * from './a.ts'\n export * from './b.ts'` }),
      patchOrRerun({ 'b.ts': ["'b'", "'B'"] }),
      applied({ 'index.ts': `export * from './a.ts'` }),
    ],
  },
  {
    name: 'export * as ns, and names re-exported through three barrels',
    files: {
      'users/list.ts': `export const list = () => 'list'\n export default 'users'`,
      'users/index.ts': `export { list, default as title } from './list.ts'`,
      'features.ts': `export * as users from './users/index.ts'`,
      'index.ts': `export { users } from './features.ts'`,
    },
    server: `
      import { users } from './index.ts'
      export const probe = () => [users.list(), users.title, Object.keys(users)]`,
    edits: [patch({ 'users/list.ts': ["'list'", "'LIST'"] }), patch({ 'users/list.ts': ["'users'", "'USERS'"] })],
  },
  {
    name: 'a re-export points to another module',
    files: {
      'old.ts': `export const run = () => 'old'`,
      'new.ts': `export const run = () => 'new'`,
      'index.ts': `export { run } from './old.ts'`,
    },
    server: `
      import { run } from './index.ts'
      export const probe = () => run()`,
    edits: [
      patchOrRerun({ 'index.ts': ['./old.ts', './new.ts'] }),
      patchOrRerun({ 'index.ts': ['./new.ts', './old.ts'] }),
    ],
  },
  {
    name: 'a new import used in a body',
    files: { 'format.ts': `export const format = (n: number) => '$' + n` },
    server: `
      export const probe = () => price()
      function price() { return 5 as any }
      const cache = new Map()
      export const retained = () => ({ cache })`,
    edits: [
      patch([
        ['export const probe', "import { format } from './format.ts'\n export const probe"],
        ['return 5 as any', 'return format(5)'],
      ]),
      patch({ 'format.ts': ["'$' + n", "n + ' €'"] }),
      patch([
        ["import { format } from './format.ts'\n ", ''],
        ['return format(5)', 'return 5 as any'],
      ]),
    ],
  },
  {
    name: 'new imports of Node and of a package',
    server: `export const probe = () => ['a']`,
    edits: [
      patch(`import { join } from 'node:path'\n export const probe = () => [join('a', 'b')]`),
      patch(
        `import * as path from 'node:path'\n import { Hono } from 'hono'\n export const probe = () => [path.join('a', 'c'), typeof new Hono().get]`,
      ),
      patch(`import path from 'node:path'\n export const probe = () => [path.posix.join('a', 'd')]`),
    ],
  },
  {
    name: 'an import points elsewhere, with the same local name',
    files: {
      'v1.ts': `export const send = () => 'v1'`,
      'v2.ts': `export const send = () => 'v2'\n export const post = () => 'post'`,
    },
    server: `
      import { send } from './v1.ts'
      const handlers = [() => send()]
      export const probe = () => [send(), handlers[0]!()]
      export const retained = () => ({ handlers })`,
    edits: [
      patch(['./v1.ts', './v2.ts']),
      patch(['{ send }', '{ post as send }']),
      patch(["{ post as send } from './v2.ts'", "{ send } from './v1.ts'"]),
    ],
  },
  {
    name: 'an import points elsewhere, and start-up used it',
    files: {
      'v1.ts': `export const create = () => ({ version: 1 })`,
      'v2.ts': `export const create = () => ({ version: 2 })`,
    },
    server: `
      import { create } from './v1.ts'
      const client = create()
      const cache = new Map()
      export const probe = () => client.version
      export const retained = () => ({ client, cache })`,
    edits: [
      patchOrRerun(['./v1.ts', './v2.ts'], { recreated: ['client'] }),
      patchOrRerun(['./v2.ts', './v1.ts'], { recreated: ['client'] }),
    ],
  },
  {
    name: 'default, namespace and side-effect imports',
    files: { 'a.ts': `export default 'd'\n export const x = () => 'x'`, 'setup.ts': `export {}` },
    server: `
      import './setup.ts'
      import d, * as ns from './a.ts'
      import { default as e } from './a.ts'
      export const probe = () => [d, e, ns.default, ns.x(), Object.keys(ns)]`,
    edits: [patch({ 'a.ts': ["'x'", "'X'"] }), patch({ 'a.ts': ["default 'd'", "default 'D'"] })],
  },
  {
    name: 'a free name is now declared, and free again',
    server: `
      const encode = () => [btoa('a'), typeof structuredClone]
      export const probe = () => encode()`,
    edits: [
      patch([
        'export const probe = () => encode()',
        "export const probe = () => encode()\n function btoa(text: string) { return 'own ' + text }",
      ]),
      patch(["function btoa(text: string) { return 'own ' + text }", 'const structuredClone = 1']),
      patch(['const structuredClone = 1', '']),
    ],
  },
  {
    name: 'a local function replaces an import, and an import a local function',
    files: { 'format.ts': `export const format = () => 'imported'` },
    server: `
      import { format } from './format.ts'
      const handlers = [() => format()]
      export const probe = () => handlers[0]!()
      export const retained = () => ({ handlers })`,
    edits: [
      patch(["import { format } from './format.ts'", "const format = () => 'local'"]),
      patch(["'local'", "'still local'"]),
      patch(["const format = () => 'still local'", "import { format } from './format.ts'"]),
      patch({ 'format.ts': ["'imported'", "'imported again'"] }),
    ],
  },
  {
    name: 'an import cycle of two classes and a registry',
    files: {
      'parent.ts': `import { Child } from './child.ts'\n export class Parent { kind() { return 'parent' } child() { return new Child(this) } }`,
      'child.ts': `import type { Parent } from './parent.ts'\n import { isParent } from './check.ts'\n export class Child { constructor(readonly parent: Parent) {} describe() { return 'child of ' + this.parent.kind() + isParent(this.parent) } }`,
      'check.ts': `import { Parent } from './parent.ts'\n export const isParent = (value: object) => value instanceof Parent`,
    },
    server: `
      import { Parent } from './parent.ts'
      const parent = new Parent()
      export const probe = () => parent.child().describe()
      export const retained = () => ({ parent })`,
    edits: [
      patch({ 'child.ts': ["'child of '", "'a child of '"] }),
      patch({ 'parent.ts': ["'parent'", "'a parent'"] }),
      patch({ 'check.ts': ['value instanceof Parent', '!(value instanceof Parent)'] }),
    ],
  },
  {
    name: 'dynamic imports, before and after an edit',
    files: { 'lazy.ts': `export const state = { loads: 0 }\n export const run = () => 'lazy'` },
    server: `
      export const load = async () => { const { state } = await import('./lazy.ts'); state.loads += 1 }
      export const probe = async () => (await import('./lazy.ts')).run()
      export const state = async () => (await import('./lazy.ts')).state
      export const retained = async () => ({ lazy: (await import('./lazy.ts')).state })`,
    edits: [
      patch({ 'lazy.ts': ["'lazy'", "'very lazy'"] }, { calls: ['load'] }),
      patch(['.run()', '.run().toUpperCase()'], { calls: ['load'] }),
      patch({ 'lazy.ts': ["'very lazy'", "'lazy'"] }, { calls: ['load'] }),
    ],
  },
  {
    name: 'a dynamic import at start-up',
    files: { 'plugin.ts': `export const install = (names: string[]) => { names.push('plugin') }` },
    server: `
      const names: string[] = []
      const cache = new Map()
      const { install } = await import('./plugin.ts')
      install(names)
      export const probe = () => names
      export const retained = () => ({ cache })`,
    edits: [
      rerun({ 'plugin.ts': ["'plugin'", "'plugin', 'more'"] }),
      rerun({ 'plugin.ts': ["'plugin', 'more'", "'plugin'"] }),
    ],
  },
  {
    name: 'a new file is imported by the next save',
    server: `
      const cache = new Map()
      export const probe = () => 'no users'
      export const retained = () => ({ cache })`,
    edits: [
      patch({
        'users.ts': `export const users = () => ['Ann']`,
        'server.ts': [
          ['const cache', "import { users } from './users.ts'\n const cache"],
          ["'no users'", 'users()'],
        ],
      }),
      patch({ 'users.ts': ["['Ann']", "['Ann', 'Bob']"] }),
    ],
  },
  {
    name: 'a new file is saved after the import of it',
    server: `
      const cache = new Map()
      export const probe = () => 'no users'
      export const retained = () => ({ cache })`,
    edits: [
      fails(
        [
          ['const cache', "import { users } from './users.ts'\n const cache"],
          ["'no users'", 'users()'],
        ],
        { message: /users\.ts/ },
      ),
      patchOrRerun({ 'users.ts': `export const users = () => ['Ann']` }),
      patch({ 'users.ts': ["['Ann']", "['Ann', 'Bob']"] }),
    ],
  },
  {
    name: 'a file is renamed together with its import',
    files: { 'user.ts': `export const visits = new Map<string, number>()\n export const name = () => 'Ann'` },
    server: `
      import { name } from './user.ts'
      const cache = new Map()
      export const probe = () => name()
      export const retained = () => ({ cache })`,
    edits: [
      patchOrRerun({
        'user.ts': null,
        'people.ts': `export const visits = new Map<string, number>()\n export const name = () => 'Ann of people'`,
        'server.ts': ['./user.ts', './people.ts'],
      }),
      patch({ 'people.ts': ["'Ann of people'", "'Bob'"] }),
    ],
  },
  {
    name: 'a file is deleted after its last import went',
    files: { 'old.ts': `export const old = () => 'old'` },
    server: `
      import { old } from './old.ts'
      export const probe = () => old()`,
    edits: [
      patch([
        ["import { old } from './old.ts'", ''],
        ['old()', "'new'"],
      ]),
      { changes: { 'old.ts': null }, rung: ['nothing', 'patch'], sameAnswer: true },
      patch({
        'old.ts': `export const old = () => 'back'`,
        'server.ts': [
          ['export const probe', "import { old } from './old.ts'\n export const probe"],
          ["'new'", 'old()'],
        ],
      }),
    ],
  },
  {
    name: 'a file that is still imported is deleted, and comes back',
    files: { 'user.ts': `export const name = () => 'Ann'` },
    server: `
      import { name } from './user.ts'
      const cache = new Map()
      export const probe = () => name()
      export const retained = () => ({ cache })`,
    edits: [
      fails({ 'user.ts': null }, { message: /user\.ts/ }),
      recovers({ 'user.ts': `export const name = () => 'Ann'` }, { sameAnswer: true }),
      patch({ 'user.ts': ["'Ann'", "'Bob'"] }),
    ],
  },
  {
    name: 'a deleted file comes back changed',
    files: { 'user.ts': `export const name = () => 'Ann'` },
    server: `
      import { name } from './user.ts'
      export const probe = () => name()`,
    edits: [
      fails({ 'user.ts': null }),
      patchOrRerun({ 'user.ts': `export const name = () => 'Bob'` }),
      patch({ 'user.ts': ["'Bob'", "'Cid'"] }),
    ],
  },
  {
    name: 'an import without an extension, and a folder with an index',
    files: { 'lib/index.ts': `export * from './inner'`, 'lib/inner.ts': `export const inner = () => 'inner'` },
    server: `
      import { inner } from './lib'
      export const probe = () => inner()`,
    edits: [patch({ 'lib/inner.ts': ["'inner'", "'INNER'"] }), patch({ 'lib/inner.ts': ["'INNER'", "'inner'"] })],
  },
  {
    name: 'a file shadows a folder with the same name',
    files: { 'lib/index.ts': `export const where = () => 'folder'` },
    server: `
      import { where } from './lib'
      const cache = new Map()
      export const probe = () => where()
      export const retained = () => ({ cache })`,
    edits: [
      applied({ 'lib.ts': `export const where = () => 'file'`, 'server.ts': ["'./lib'", "'./lib.ts'"] }),
      patch({ 'lib.ts': ["'file'", "'FILE'"] }),
    ],
  },
  {
    name: 'a module that imports itself',
    server: `
      import * as self from './server.ts'
      export const name = () => 'one'
      export const probe = () => [(self as any).name(), Object.keys(self).sort()]`,
    edits: [patch(["'one'", "'two'"])],
  },
  {
    name: 'a module imported only for its types',
    files: { 'types.ts': `export interface User { name: string }\n export type Id = string` },
    server: `
      import type { User } from './types.ts'
      const greet = (user: User) => 'Hello ' + user.name
      export const probe = () => greet({ name: 'Ann' })`,
    edits: [
      { changes: { 'types.ts': ['name: string', 'name: string; age?: number'] }, rung: 'nothing', sameAnswer: true },
      patch(["'Hello '", "'Hi '"]),
    ],
  },
]
