import type { Plugin } from 'vite'
import { patch, patchOrRerun, rerun, type Row } from '../../support/story/row.ts'

/** Values: what a module holds that is no function and no class. */
export const values: readonly Row[] = [
  {
    name: 'a const that handlers read',
    files: { 'limits.ts': `export const LIMIT = 10` },
    server: `
      import { LIMIT } from './limits.ts'
      const cache = new Map()
      export const probe = () => LIMIT * 2
      export const retained = () => ({ cache })`,
    edits: [
      patch({ 'limits.ts': ['10', '20'] }),
      patch({ 'limits.ts': ['= 20', '= 5 * 5 // per minute'] }),
      patch({ 'limits.ts': `export const LIMIT = 10` }),
    ],
  },
  {
    name: 'a const that a start-up value of another module read',
    files: {
      'limits.ts': `export const LIMIT = 10\n export const NAME = 'pool'`,
      'pool.ts': `
        import { LIMIT } from './limits.ts'
        export class Pool { constructor(readonly size: number) {} describe() { return 'pool of ' + this.size } }
        export const pool = new Pool(LIMIT)
        export const cache = new Map<string, number>()`,
      'users.ts': `
        import { pool } from './pool.ts'
        export const users = { pool, list: () => 'users by ' + pool.describe() }`,
    },
    server: `
      import { NAME } from './limits.ts'
      import { cache, pool } from './pool.ts'
      import { users } from './users.ts'
      export const fill = () => cache.set('hits', cache.size + 1)
      export const probe = () => [NAME, pool.describe(), users.list(), users.pool === pool]
      export const state = () => [...cache]
      export const retained = () => ({ cache, pool, users })`,
    edits: [
      rerun({ 'limits.ts': ['10', '20'] }, { calls: ['fill'], recreated: ['pool', 'users'] }),
      patch({ 'limits.ts': ["'pool'", "'the pool'"] }),
      patch({ 'pool.ts': ["'pool of '", "'a pool of '"] }),
      rerun({ 'limits.ts': ['20', '10'] }, { recreated: ['pool', 'users'] }),
    ],
  },
  {
    name: 'a value whose new text makes the same value stops there',
    files: { 'limits.ts': `export const LIMIT = 10` },
    server: `
      import { LIMIT } from './limits.ts'
      const pool = { size: LIMIT }
      export const probe = () => pool.size
      export const retained = () => ({ pool })`,
    edits: [patchOrRerun({ 'limits.ts': ['= 10', '= 2 * 5'] }, { sameAnswer: true })],
  },
  {
    name: 'a let that functions change keeps what they made of it',
    server: `
      let count = 0
      let lazy: { made: number } | undefined
      export const inc = () => { count += 1; lazy ??= { made: count } }
      const label = () => 'count'
      export const probe = () => label()
      export const state = () => [count, lazy]
      export const retained = () => ({ lazy })`,
    edits: [
      patch(["'count'", "'Count'"], { calls: ['inc', 'inc'] }),
      patch(["'Count'", "'COUNT'"], { calls: ['inc'] }),
    ],
  },
  {
    name: 'a let and a var with a new initial value',
    server: `
      let level = 'info'
      var retries = 3
      export const probe = () => [level, retries]`,
    edits: [
      patch(["'info'", "'debug'"]),
      patch(['retries = 3', 'retries = 5']),
      patch(["let level = 'debug'", 'let level']),
    ],
  },
  {
    name: 'an exported let is a live binding before and after an edit',
    files: {
      'counter.ts': `export let count = 0\n export function inc() { count += 1 }\n export const reset = () => { count = 0 }`,
    },
    server: `
      import { count, inc, reset } from './counter.ts'
      import * as counter from './counter.ts'
      export const probe = () => { reset(); inc(); inc(); return [count, counter.count] }`,
    edits: [
      patch({ 'counter.ts': ['count += 1', 'count += 10'] }),
      patch({ 'counter.ts': ['count += 10', 'count = count * 2 + 1'] }),
    ],
  },
  {
    name: 'object and array patterns with defaults, rest and nesting',
    server: `
      const { host = 'localhost', port, tls: { key = 'k' } = {}, ...rest } = { port: 80, a: 1, b: 2 } as any
      const [first, , third = 'c', ...others] = ['a', 'b', undefined, 'd']
      export const probe = () => [host, port, key, rest, first, third, others]`,
    edits: [
      patch(['port: 80', 'port: 8080']),
      patch(["host = 'localhost'", "host = '127.0.0.1'"]),
      patch(["'a', 'b', undefined, 'd'", "'A', 'b', undefined, 'd', 'e'"]),
      patch([
        ['a: 1, b: 2', "a: 1, b: 2, tls: { key: 'K' }"],
        ["third = 'c'", "third = 'C'"],
      ]),
    ],
  },
  {
    name: 'a pattern takes another name out',
    server: `
      const options: any = { port: 80, host: 'h' }
      const { port } = options
      export const probe = () => [port]
      export const retained = () => ({ options })`,
    edits: [
      patch([
        ['{ port } =', '{ port, host } ='],
        ['[port]', '[port, host]'],
      ]),
      patch([
        ['{ port, host } =', '{ host } ='],
        ['[port, host]', '[host]'],
      ]),
    ],
  },
  {
    name: 'several declarators in one statement',
    server: `
      const a = 1, b = a + 1, store = new Map()
      export const probe = () => [a, b]
      export const retained = () => ({ store })`,
    edits: [patchOrRerun(['a = 1', 'a = 10']), patch(['b = a + 1', 'b = a + 2'])],
  },
  {
    name: 'an enum',
    files: {
      'status.ts': `export enum Status { Open = 'open', Done = 'done' }\n export const enum Level { Low, High }`,
    },
    server: `
      import { Level, Status } from './status.ts'
      export const probe = () => [Status.Open, Object.values(Status), Level.High]`,
    edits: [
      patchOrRerun({ 'status.ts': ["Done = 'done'", "Done = 'finished'"] }),
      patchOrRerun({ 'status.ts': ["Done = 'finished'", "Done = 'finished', Late = 'late'"] }),
      patchOrRerun({ 'status.ts': [", Late = 'late'", ''] }),
      patchOrRerun({ 'status.ts': ['{ Low, High }', '{ Low, Middle, High }'] }),
    ],
  },
  {
    name: 'a namespace',
    server: `
      namespace Format { export const unit = 'ms'; export function time(n: number) { return n + unit } }
      export const probe = () => [Format.time(5), Object.keys(Format)]`,
    edits: [
      patchOrRerun(["'ms'", "'s'"]),
      patchOrRerun(['n + unit', "n + ' ' + unit"]),
      patchOrRerun(["export const unit = 's'", "export const per = 1; const unit = 'sec'"]),
    ],
  },
  {
    name: 'export default of an expression',
    files: { 'config.ts': `export default { name: 'one', nested: { port: 1 } }` },
    server: `
      import config from './config.ts'
      export const probe = () => config`,
    edits: [
      patch({ 'config.ts': ["'one'", "'two'"] }),
      patch({ 'config.ts': `export default ['now', 'an', 'array']` }),
      patch({ 'config.ts': `export default 42` }),
    ],
  },
  {
    name: 'export default of a value that start-up read',
    files: { 'config.ts': `export default { routes: ['/a'] }` },
    server: `
      import config from './config.ts'
      const table = new Map<string, number>()
      const sessions = new Map()
      for (const route of config.routes) table.set(route, route.length)
      export const probe = () => [...table]
      export const retained = () => ({ table, sessions })`,
    edits: [
      rerun({ 'config.ts': ["['/a']", "['/a', '/bb']"] }, { recreated: ['table'] }),
      rerun({ 'config.ts': ["'/a', '/bb'", "'/bb'"] }, { recreated: ['table'] }),
    ],
  },
  {
    name: 'a JSON module, by default and by name',
    files: { 'data.json': `{ "name": "one", "list": [1] }` },
    server: `
      import data, { name } from './data.json'
      const cache = new Map()
      export const probe = () => [data, name]
      export const retained = () => ({ cache })`,
    edits: [
      patchOrRerun({ 'data.json': ['"one"', '"two"'] }),
      patchOrRerun({ 'data.json': `{ "name": "three", "list": [1, 2], "more": true }` }),
    ],
  },
  {
    name: 'a JSON module that start-up read',
    files: { 'flags.json': `{ "beta": false }` },
    server: `
      import flags from './flags.json'
      const cache = new Map()
      const enabled = new Set(Object.entries(flags).filter(([, on]) => on).map(([name]) => name))
      export const probe = () => [...enabled]
      export const retained = () => ({ cache, enabled })`,
    edits: [rerun({ 'flags.json': ['false', 'true'] }, { recreated: ['enabled'] })],
  },
  {
    name: 'import.meta.glob, eager: a module changes, comes and goes',
    files: { 'routes/a.ts': `export default () => 'a'`, 'routes/b.ts': `export default () => 'b'` },
    server: `
      const routes = import.meta.glob<() => string>('./routes/*.ts', { eager: true, import: 'default' })
      const cache = new Map()
      export const probe = () => Object.entries(routes).map(([file, handler]) => file + ' ' + handler())
      export const retained = () => ({ cache })`,
    edits: [
      patch({ 'routes/a.ts': ["'a'", "'A'"] }),
      patchOrRerun({ 'routes/c.ts': `export default () => 'c'` }),
      patchOrRerun({ 'routes/b.ts': null }),
      patch({ 'routes/c.ts': ["'c'", "'C'"] }),
    ],
  },
  {
    name: 'import.meta.glob, lazy',
    files: { 'jobs/mail.ts': `export const run = () => 'mail'` },
    server: `
      const jobs = import.meta.glob<{ run: () => string }>('./jobs/*.ts')
      export const probe = () => Promise.all(Object.entries(jobs).sort().map(async ([file, load]) => file + ' ' + (await load()).run()))`,
    edits: [
      patch({ 'jobs/mail.ts': ["'mail'", "'MAIL'"] }),
      patchOrRerun({ 'jobs/sms.ts': `export const run = () => 'sms'` }),
      patch({ 'jobs/sms.ts': ["'sms'", "'SMS'"] }),
    ],
  },
  {
    name: 'a virtual module of another plugin, made from a file',
    files: { 'routes.txt': `/a /b` },
    plugins: () => [virtualRoutes()],
    server: `
      import routes from 'virtual:routes'
      const cache = new Map()
      export const probe = () => routes
      export const retained = () => ({ cache })`,
    edits: [patchOrRerun({ 'routes.txt': `/a /b /c` }), patchOrRerun({ 'routes.txt': `/c` })],
  },
  {
    name: 'a file another plugin turns into a module, and ?raw',
    files: { 'query.sql': `select 1`, 'banner.txt': `Welcome` },
    plugins: () => [sqlPlugin()],
    server: `
      import banner from './banner.txt?raw'
      import query from './query.sql'
      const cache = new Map()
      export const probe = () => [banner, query()]
      export const retained = () => ({ cache })`,
    edits: [patchOrRerun({ 'query.sql': `select 2` }), patchOrRerun({ 'banner.txt': `Hello` })],
  },
  {
    name: 'a const stays a const, an import stays an import',
    server: `
      import { sep } from 'node:path'
      const limit = 10
      export const probe = () => {
        try { limit = 11 } catch (error) { return [limit, sep, (error as Error).name] }
        return [limit, sep, 'was assigned']
      }`,
    edits: [patch(['limit = 10', 'limit = 20'])],
  },
  {
    name: 'values that refer to one another, with a map shared by all of them',
    server: `
      const base = '/api'
      const paths = { users: base + '/users', orders: base + '/orders' }
      const visits = new Map<string, number>()
      export const visit = () => visits.set(paths.users, (visits.get(paths.users) ?? 0) + 1)
      export const probe = () => paths
      export const state = () => [...visits]
      export const retained = () => ({ visits })`,
    edits: [
      patchOrRerun(["'/api'", "'/v2'"], { calls: ['visit'] }),
      patch(["base + '/orders'", "base + '/bills'"], { calls: ['visit'] }),
    ],
  },
  {
    name: 'regular expressions, symbols, frozen objects, bigints and templates',
    server: `
      const pattern = /^a/i
      const key = Symbol('key')
      const settings = Object.freeze({ [key]: 1n, text: \`\${1 + 1} apples\` })
      export const probe = () => [pattern.test('Abc'), String(settings[key]), settings.text, Object.isFrozen(settings)]`,
    edits: [patch(['/^a/i', '/^b/i']), patchOrRerun(['1n', '2n']), patchOrRerun(['${1 + 1}', '${2 + 2}'])],
  },
  {
    name: 'a value is added, used, and removed',
    server: `
      export const probe = () => 'none'
      const kept = new Map()
      export const retained = () => ({ kept })`,
    edits: [
      patch(["=> 'none'", '=> answer\n const answer = 42']),
      patch(['const answer = 42', 'const answer = 43, extra = 1']),
      patch([
        ['=> answer\n', "=> 'none'\n"],
        ['const answer = 43, extra = 1', ''],
      ]),
    ],
  },
  {
    name: 'a schema of builder calls that handlers read',
    files: {
      'schema.ts': `
        class Field { constructor(readonly kind: string, readonly rules: string[] = []) {} min(n: number) { return new Field(this.kind, [...this.rules, 'min ' + n]) } check() { return this.kind + ':' + this.rules } }
        export const string = () => new Field('string')
        export const object = (fields: Record<string, Field>) => ({ describe: () => Object.entries(fields).map(([name, field]) => name + '=' + field.check()) })`,
    },
    server: `
      import { object, string } from './schema.ts'
      const cache = new Map()
      const user = object({ name: string().min(2) })
      export const probe = () => user.describe()
      export const retained = () => ({ cache, user })`,
    edits: [
      patchOrRerun(['string().min(2)', 'string().min(3)'], { recreated: ['user'] }),
      patch({ 'schema.ts': ["this.kind + ':'", "this.kind + ' '"] }),
      rerun({ 'schema.ts': ["'min ' + n", "'at least ' + n"] }, { recreated: ['user'] }),
    ],
  },
]

function virtualRoutes(): Plugin {
  const id = '\0virtual:routes'
  let root = ''
  return {
    name: 'test:routes',
    configResolved: (config) => {
      root = config.root
    },
    resolveId: (source) => (source === 'virtual:routes' ? id : undefined),
    async load(loaded) {
      if (loaded !== id) return undefined
      const file = `${root}/routes.txt`
      this.addWatchFile(file)
      const text = await this.fs.readFile(file, { encoding: 'utf8' })
      return `export default ${JSON.stringify(text.split(' '))}`
    },
  }
}

function sqlPlugin(): Plugin {
  return {
    name: 'test:sql',
    transform: (code, id) => (id.endsWith('.sql') ? `export default () => ${JSON.stringify(code)}` : undefined),
  }
}
