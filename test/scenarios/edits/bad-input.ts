import { applied, fails, nothing, patch, patchOrRerun, recovers, type Row } from '../../support/story/row.ts'

const MEGABYTE = 1024 * 1024

/** Files nobody planned for. */
export const badInput: readonly Row[] = [
  {
    name: 'text that is no TypeScript at all',
    files: { 'greet.ts': `export const greet = () => 'one'` },
    server: `
      import { greet } from './greet.ts'
      const cache = new Map()
      export const probe = () => greet()
      export const retained = () => ({ cache })`,
    edits: [
      fails(
        {
          'greet.ts': `<<<<<<< HEAD\nexport const greet = () => 'two'\n=======\nexport const greet = () => 'three'\n>>>>>>> branch\n`,
        },
        { at: ['greet.ts', 1] },
      ),
      patch({ 'greet.ts': `export const greet = () => 'two'` }),
    ],
  },
  {
    name: 'an empty file, and its return',
    files: { 'greet.ts': `export const greet = () => 'one'` },
    server: `
      import { greet } from './greet.ts'
      const cache = new Map()
      export const probe = () => greet()
      export const retained = () => ({ cache })`,
    edits: [
      fails({ 'greet.ts': '' }, { message: /greet/ }, { coldRuns: true }),
      recovers({ 'greet.ts': `export const greet = () => 'one'` }, { sameAnswer: true }),
      patch({ 'greet.ts': ["'one'", "'two'"] }),
    ],
  },
  {
    name: 'a binary file',
    files: { 'greet.ts': `export const greet = () => 'one'` },
    server: `
      import { greet } from './greet.ts'
      export const probe = () => greet()`,
    edits: [
      fails({ 'greet.ts': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0xff, 0xfe, 0x80]) }),
      patch({ 'greet.ts': `export const greet = () => 'two'` }),
    ],
  },
  {
    name: 'a binary file that is read, not run',
    files: { 'logo.bin': '\0\x01' },
    server: `
      import { readFileSync } from 'node:fs'
      export const probe = () => readFileSync(new URL('./logo.bin', import.meta.url)).length`,
    edits: [{ changes: { 'logo.bin': new Uint8Array([0, 255, 254, 0]) }, rung: 'nothing' }],
  },
  {
    name: 'a file over 1 MB',
    files: {
      'data.ts': `export const data = ${JSON.stringify(Array.from({ length: MEGABYTE / 64 }, (_, index) => `${index}`.padEnd(62, '.')))}\nexport const version = () => 'one'`,
    },
    server: `
      import { data, version } from './data.ts'
      export const probe = () => [data.length, version()]`,
    edits: [applied({ 'data.ts': ["'one'", "'two'"] }), applied({ 'data.ts': ["'two'", "'three'"] })],
  },
  {
    name: 'a byte order mark comes and goes',
    files: { 'greet.ts': `\uFEFFexport const greet = () => 'one'` },
    server: `
      import { greet } from './greet.ts'
      export const probe = () => greet()`,
    edits: [
      patch({ 'greet.ts': ["'one'", "'two'"] }),
      patch({ 'greet.ts': `export const greet = () => 'three'` }),
      patch({ 'greet.ts': `\uFEFFexport const greet = () => 'four'` }),
    ],
  },
  {
    name: 'a hashbang',
    server: `#!/usr/bin/env -S vite-node --watch
      const cache = new Map()
      export const probe = () => 'one'
      export const retained = () => ({ cache })`,
    edits: [patch(["'one'", "'two'"]), nothing(['-S vite-node --watch', 'node']), patch(["'two'", "'three'"])],
  },
  {
    name: 'Windows line ends',
    server: `const cache = new Map()\r\nexport const probe = () => \`one\r\nline\`\r\nexport const retained = () => ({ cache })\r\n`,
    edits: [patch(['one', 'two']), patch(['line', 'row'])],
  },
  {
    name: '"use strict" prologues',
    files: {
      'greet.ts': `'use strict'\n"use anything"\nexport function greet() { 'use strict'; return [this === undefined, 'one'] }`,
    },
    server: `'use strict'
      import { greet } from './greet.ts'
      const cache = new Map()
      export const probe = () => (0, greet)()
      export const retained = () => ({ cache })`,
    edits: [
      patch({ 'greet.ts': ["'one'", "'two'"] }),
      recovers({ 'greet.ts': [`'use strict'\n"use anything"\n`, ''] }, { sameAnswer: true }),
      patch({ 'greet.ts': ["'two'", "'three'"] }),
    ],
  },
  {
    name: 'direct eval that reads and changes module variables',
    server: `
      let count = 1
      const cache = new Map()
      const evaluate = (code: string) => eval(code)
      export const probe = () => [evaluate('count'), evaluate('typeof cache'), label()]
      function label() { return 'one' }
      export const retained = () => ({ cache })`,
    edits: [
      patchOrRerun(["return 'one'", "return 'two'"]),
      patchOrRerun(['count = 1', 'count = 2']),
      patchOrRerun(["evaluate('count')", "evaluate('count + 1')"]),
    ],
  },
  {
    name: 'new Function and indirect eval',
    server: `
      const double = new Function('n', 'return n * 2')
      const globalEval = eval
      export const probe = () => [double(2), globalEval('1 + 1')]`,
    edits: [patchOrRerun(['n * 2', 'n * 3']), patch(["'1 + 1'", "'1 + 2'"])],
  },
  {
    name: 'with in a module is a syntax error',
    files: { 'greet.ts': `export const greet = () => 'one'` },
    server: `
      import { greet } from './greet.ts'
      export const probe = () => greet()`,
    edits: [
      fails({ 'greet.ts': `export function greet() { with ({ a: 1 }) { return a } }` }),
      patch({ 'greet.ts': `export const greet = () => 'two'` }),
    ],
  },
  {
    name: 'a CommonJS file with eval and with, required beside the modules',
    files: {
      'legacy.cjs': `var secret = 1\nexports.read = function () { with ({ extra: 1 }) { return eval('secret + extra') } }`,
      'greet.ts': `export const greet = () => 'one'`,
    },
    server: `
      import { createRequire } from 'node:module'
      import { greet } from './greet.ts'
      const legacy = createRequire(import.meta.url)('./legacy.cjs')
      export const probe = () => [legacy.read(), greet()]
      export const retained = () => ({ legacy })`,
    edits: [
      patch({ 'greet.ts': ["'one'", "'two'"] }),
      {
        changes: { 'legacy.cjs': ['var secret = 1', 'var secret = 2'] },
        rung: ['nothing', 'hot-restart'],
        sameAnswer: true,
      },
      patch(['[legacy.read(), greet()]', '[greet(), legacy.read()]']),
    ],
  },
  {
    name: 'a circular re-export',
    files: {
      'a.ts': `export * from './b.ts'\n export const a = () => 'a'`,
      'b.ts': `export * from './a.ts'\n export const b = () => 'b'`,
    },
    server: `
      import { a, b } from './a.ts'
      import * as all from './b.ts'
      export const probe = () => [a(), b(), all.b()]`,
    edits: [patch({ 'a.ts': ["'a'", "'A'"] }), patch({ 'b.ts': ["'b'", "'B'"] })],
  },
  {
    name: 'a circular re-export comes to be by an edit',
    files: { 'a.ts': `export const a = () => 'a'`, 'b.ts': `export * from './a.ts'\n export const b = () => 'b'` },
    server: `
      import { a, b } from './b.ts'
      const cache = new Map()
      export const probe = () => [a(), b()]
      export const retained = () => ({ cache })`,
    edits: [
      applied({ 'a.ts': ["export const a = () => 'a'", "export { b } from './b.ts'\n export const a = () => 'A'"] }),
      patchOrRerun({ 'b.ts': ["'b'", "'B'"] }),
    ],
  },
  {
    name: 'a name that is re-exported from itself alone does not exist',
    files: { 'a.ts': `export const x = () => 'a'`, 'b.ts': `export { x } from './a.ts'` },
    server: `
      import { x } from './b.ts'
      export const probe = () => x()`,
    edits: [
      fails({ 'a.ts': `export { x } from './b.ts'` }, { message: /x/ }, { coldRuns: true }),
      patchOrRerun({ 'a.ts': `export const x = () => 'A'` }),
    ],
  },
  {
    name: 'names that hot code might use itself',
    server: `
      const $hot = 1, hot = 2, cell = 3, impl = 4, Facade = 5, module_ = 6, $impl = 7, $i0 = 8, _hot = 9, __hot = 10
      const $hot_w = { open: false }
      function $hot_i() { return 'i' }
      class $hot1 { $hot = 'field'; impl() { return this.$hot } }
      export const probe = (exports = 'exports', require = 'require') => [$hot, hot, cell, impl, Facade, module_, $impl, $i0, _hot, __hot, $hot_w, $hot_i(), new $hot1().impl(), exports, require]`,
    edits: [
      patch(['$hot = 1,', '$hot = 11,']),
      patch(["'i'", "'I'"]),
      patch(['return this.$hot', 'return [this.$hot]']),
    ],
  },
  {
    name: 'a name of the hot code comes into the source with an edit',
    server: `
      const kept = new Map<string, number>()
      class Box { #n = 1; read() { return this.#n } }
      const box = new Box()
      function text() { return 'one' }
      const handlers = [text, () => box.read()]
      export const put = () => kept.set('a', kept.size)
      export const probe = () => handlers.map((handler) => handler())
      export const state = () => [...kept]
      export const retained = () => ({ kept, box, handlers })`,
    edits: [
      patch(["return 'one'", "const $hot = 'two'; return $hot"], { calls: ['put'] }),
      patch(["const $hot = 'two'; return $hot", "const $hot1 = () => '$hot'; return $hot1()"]),
      patch(["const $hot1 = () => '$hot'; return $hot1()", "return 'one'"]),
      patch(['return this.#n', 'return this.#n + 1']),
    ],
  },
  {
    name: 'variables that shadow globals',
    server: `
      const Object = { keys: () => ['own'] }
      const Map = 'map', Symbol = 'symbol', globalThis = 'global', undefined_ = 1, Reflect = 'reflect'
      const process = { env: {} as any }
      function setTimeout() { return 'timer' }
      class Promise { static resolve() { return 'resolved' } }
      export const probe = () => [Object.keys(), Map, Symbol, globalThis, undefined_, Reflect, process.env.X, setTimeout(), Promise.resolve()]`,
    edits: [
      patch(["['own']", "['OWN']"]),
      patch(["'timer'", "'TIMER'"]),
      patch(["'resolved'", "'RESOLVED'"]),
      patch(["Map = 'map'", "Map = 'MAP'"]),
    ],
  },
  {
    name: 'names that are legal and strange',
    server: `
      const café = 1, \\u0061b = 2, $ = 3, _ = 4, async = 5, of = 6, get = 7, let_ = 8, type = 9, 変数 = 10
      class 服务 { ['with space']() { return 'space' } 'quoted-name'() { return 'quoted' } 42() { return 'number' } get() { return 'get' } static() { return 'static' } async() { return 'async' } }
      const service = new 服务()
      export { café as 'string name' }
      export const probe = () => [café, ab, $, _, async, of, get, let_, type, 変数, service['with space'](), service['quoted-name'](), service[42](), service.get(), service.static(), service.async()]
      export const retained = () => ({ service })`,
    edits: [
      patch(["'space' }", "'SPACE' }"]),
      patch(["'quoted' }", "'QUOTED' }"]),
      patch(["'number' }", "'NUMBER' }"]),
      patch(["return 'static'", "return 'STATIC'"]),
      patch(['変数 = 10', '変数 = 11']),
    ],
  },
  {
    name: 'a frozen function',
    server: `
      function handler() { return 'one' }
      Object.freeze(handler)
      export const probe = () => [handler(), Object.isFrozen(handler)]`,
    edits: [patch(["'one'", "'two'"]), patch(["'two'", "'three'"])],
  },
  {
    name: 'a class that is sealed, with a frozen prototype',
    server: `
      class Model { static table = 't'; save() { return 'saved' } }
      Object.freeze(Model.prototype)
      Object.seal(Model)
      const model = new Model()
      export const probe = () => [model.save(), new Model().save(), Object.isFrozen(Model.prototype), Object.isSealed(Model)]`,
    edits: [applied(["'saved'", "'stored'"]), applied(["'stored'", "'kept'"])],
  },
  {
    name: 'a prototype that somebody patched at start-up',
    files: { 'model.ts': `export class Model { save() { return 'saved' } load() { return 'loaded' } }` },
    server: `
      import { Model } from './model.ts'
      const save = Model.prototype.save
      Model.prototype.save = function () { return 'traced ' + save.call(this) }
      const model = new Model()
      export const probe = () => [model.save(), model.load(), new Model().save()]
      export const retained = () => ({ model })`,
    edits: [
      patch({ 'model.ts': ["'saved'", "'stored'"] }),
      patch({ 'model.ts': ["'loaded'", "'read'"] }),
      patchOrRerun(["'traced '", "'TRACED '"], { recreated: ['model'] }),
    ],
  },
]
