import { fails, patch, applied, patchOrRerun, recovers, rerun, type Row } from '../../support/story/row.ts'

/** Saves that cannot be applied: the old code goes on serving, all of it is kept, and the next good save recovers. */
export const errors: readonly Row[] = [
  {
    name: 'a syntax error in the entry, and its repair',
    server: `
      let hits = 0
      const cache = new Map()
      export const hit = () => { hits += 1 }
      export const probe = () => 'one'
      export const state = () => hits
      export const retained = () => ({ cache })`,
    edits: [
      fails(["=> 'one'", "=> 'two' +"], { at: ['server.ts', 6] }, { calls: ['hit'] }),
      patch(["=> 'two' +", "=> 'two'"], { calls: ['hit'] }),
      fails(["=> 'two'", "=> { 'three'"]),
      recovers(["=> { 'three'", "=> 'two'"], { sameAnswer: true }),
      patch(["=> 'two'", "=> 'three'"], { calls: ['hit'] }),
    ],
  },
  {
    name: 'a syntax error in a dependency, and its repair',
    files: {
      'greet.ts': `const names = ['Ann']\nexport const greet = () => 'Hello ' + names\nexport const getNames = () => names`,
    },
    server: `
      import { getNames, greet } from './greet.ts'
      export const probe = () => greet()
      export const retained = () => ({ names: getNames() })`,
    edits: [
      fails({ 'greet.ts': ["'Hello ' + names", "'Hello ' + + names)"] }, { at: ['greet.ts', 2] }),
      fails({ 'greet.ts': ["'Hello ' + + names)", "'Hello ' names"] }),
      patch({ 'greet.ts': ["'Hello ' names", "'Hi ' + names"] }),
    ],
  },
  {
    name: 'the importer is saved while a dependency is broken',
    files: { 'greet.ts': `export const greet = () => 'one'` },
    server: `
      import { greet } from './greet.ts'
      const cache = new Map()
      export const probe = () => 'probe ' + greet()
      export const retained = () => ({ cache })`,
    edits: [
      fails({ 'greet.ts': ["'one'", "'two"] }),
      patchOrRerun({ 'greet.ts': ["'two", "'two'"], 'server.ts': ["'probe '", "'PROBE '"] }),
    ],
  },
  {
    name: 'all or nothing: of two files saved together one is broken',
    files: { 'a.ts': `export const a = () => 'a1'`, 'b.ts': `export const b = () => 'b1'` },
    server: `
      import { a } from './a.ts'
      import { b } from './b.ts'
      export const probe = () => [a(), b()]`,
    edits: [fails({ 'a.ts': ["'a1'", "'a2'"], 'b.ts': ["'b1'", "'b2"] }), patch({ 'b.ts': ["'b2", "'b2'"] })],
  },
  {
    name: 'an import that does not resolve',
    files: { 'format.ts': `export const format = () => 'formatted'` },
    server: `
      const cache = new Map()
      export const probe = () => 'plain'
      export const retained = () => ({ cache })`,
    edits: [
      fails(
        [
          ['const cache', "import { format } from './fromat.ts'\n const cache"],
          ["'plain'", 'format()'],
        ],
        { message: /fromat/ },
      ),
      patch(['./fromat.ts', './format.ts']),
    ],
  },
  {
    name: 'a package that is not installed',
    server: `export const probe = () => 'plain'`,
    edits: [
      fails(`import { nothing } from 'no-such-package-at-all'\n export const probe = () => nothing`, {
        message: /no-such-package-at-all/,
      }),
      patch(`export const probe = () => 'fancy'`),
    ],
  },
  {
    name: 'an import of a name that does not exist',
    files: { 'math.ts': `export const one = () => 1` },
    server: `
      import { one } from './math.ts'
      const cache = new Map()
      export const probe = () => [one()]
      export const retained = () => ({ cache })`,
    edits: [
      fails(
        [
          ['{ one }', '{ one, two }'],
          ['[one()]', '[one(), two()]'],
        ],
        { message: /two/, at: ['server.ts', 2] },
        { coldRuns: true },
      ),
      patch({ 'math.ts': ['=> 1', '=> 1\n export const two = () => 2'] }),
      patch({ 'math.ts': ['=> 2', '=> 22'] }),
    ],
  },
  {
    name: 'a name somebody imports is removed from its module',
    files: { 'math.ts': `export const one = () => 1\n export const two = () => 2` },
    server: `
      import { one, two } from './math.ts'
      export const probe = () => [one(), two()]`,
    edits: [
      fails({ 'math.ts': ['\n export const two = () => 2', ''] }, { message: /two/ }, { coldRuns: true }),
      patchOrRerun({ 'math.ts': `export const one = () => 11\n export const two = () => 22` }),
    ],
  },
  {
    name: 'a name that a barrel no longer passes on',
    files: { 'a.ts': `export const a = () => 'a'`, 'index.ts': `export { a } from './a.ts'` },
    server: `
      import { a } from './index.ts'
      export const probe = () => a()`,
    edits: [
      fails({ 'a.ts': ['const a =', 'const b ='] }, undefined, { coldRuns: true }),
      patchOrRerun({ 'index.ts': ['{ a }', '{ b as a }'], 'a.ts': ["'a'", "'b'"] }),
    ],
  },
  {
    name: 'a throw while re-running an effect',
    server: `
      const routes = new Map<string, () => string>()
      const sessions = new Map<string, number>()
      routes.set('/', () => 'home')
      routes.set('/users', () => 'users')
      export const login = () => sessions.set('ann', 1)
      export const probe = () => [...routes].map(([path, handler]) => path + handler())
      export const state = () => [...sessions]
      export const retained = () => ({ routes, sessions })`,
    edits: [
      fails(
        [
          "routes.set('/users', () => 'users')",
          "routes.set('/orders', () => 'orders')\n throw new Error('no database')",
        ],
        { message: /no database/ },
        { calls: ['login'] },
      ),
      rerun(["\n throw new Error('no database')", ''], { recreated: ['routes'] }),
      patch(["'home'", "'HOME'"]),
    ],
  },
  {
    name: 'a throw in a function that ran at start-up',
    files: { 'connect.ts': `export function connect(url: string) { return { url } }` },
    server: `
      import { connect } from './connect.ts'
      const db = connect('memory')
      const cache = new Map()
      export const probe = () => db.url
      export const retained = () => ({ db, cache })`,
    edits: [
      fails(
        {
          'connect.ts': [
            'return { url }',
            "if (url === 'memory') throw new TypeError('cannot connect'); return { url }",
          ],
        },
        { message: /cannot connect/ },
      ),
      fails(["connect('memory')", "connect('memory', 1)"], { message: /cannot connect/ }),
      rerun(
        {
          'connect.ts': [
            "if (url === 'memory') throw new TypeError('cannot connect'); return { url }",
            "return { url: url + '!' }",
          ],
        },
        { recreated: ['db'] },
      ),
    ],
  },
  {
    name: 'a rejection while re-running main()',
    server: `
      const steps: string[] = []
      const cache = new Map()
      async function main() { steps.push('one'); await null; steps.push('two') }
      await main()
      export const probe = () => steps
      export const retained = () => ({ steps, cache })`,
    edits: [
      fails(["await null; steps.push('two')", "await null; steps.push('2'); throw new Error('main failed')"], {
        message: /main failed/,
      }),
      rerun(["steps.push('2'); throw new Error('main failed')", "steps.push('2')"], { recreated: ['steps'] }),
    ],
  },
  {
    name: 'a new value that throws while it is evaluated',
    server: `
      const table: Record<string, { port: number }> = { dev: { port: 1 } }
      const config = { port: table.dev!.port }
      export const probe = () => config.port
      export const retained = () => ({ config })`,
    edits: [
      fails(['table.dev!.port', 'table.prod!.port'], { message: /undefined/ }),
      patchOrRerun(['table.prod!.port', 'table.dev!.port * 2'], { recreated: ['config'] }),
    ],
  },
  {
    name: 'a class that extends nothing it could extend',
    server: `
      class Base { kind() { return 'base' } }
      const missing: any = undefined
      class Item extends Base { describe() { return 'item ' + this.kind() } }
      const item = new Item()
      export const probe = () => item.describe()
      export const retained = () => ({ Item })`,
    edits: [
      fails(['extends Base', 'extends missing'], { message: /Class extends value/ }),
      recovers(['extends missing', 'extends Base'], { sameAnswer: true }),
      patch(["'item '", "'Item '"]),
    ],
  },
  {
    name: 'early errors: a name twice, await in a plain function, two default exports',
    server: `
      const a = 1
      export const probe = () => a`,
    edits: [
      fails(['const a = 1', 'const a = 1\n const a = 2']),
      fails(['const a = 1\n const a = 2', 'const a = 1\n function wait() { await null }']),
      fails(['function wait() { await null }', 'export default 1\n export default 2']),
      patch(['const a = 1\n export default 1\n export default 2', 'const a = 3']),
    ],
  },
  {
    name: 'JSON that does not parse',
    files: { 'data.json': `{ "name": "one" }` },
    server: `
      import data from './data.json'
      export const probe = () => data.name`,
    edits: [fails({ 'data.json': `{ "name": "two" ` }), patchOrRerun({ 'data.json': `{ "name": "two" }` })],
  },
  {
    name: 'a type error is no error',
    server: `
      const limit: number = 1
      export const probe = () => limit`,
    edits: [patch(['limit: number = 1', "limit: number = 'one'"])],
  },
  {
    name: 'a new file with an error is imported, and repaired',
    server: `
      const cache = new Map()
      export const probe = () => 'none'
      export const retained = () => ({ cache })`,
    edits: [
      fails({
        'extra.ts': `export const extra = () => 'extra`,
        'server.ts': [
          ['const cache', "import { extra } from './extra.ts'\n const cache"],
          ["'none'", 'extra()'],
        ],
      }),
      patchOrRerun({ 'extra.ts': ["'extra", "'extra'"] }),
      patch({ 'extra.ts': ["'extra'", "'more'"] }),
    ],
  },
  {
    name: 'a new module that throws while it is evaluated',
    server: `
      const cache = new Map()
      export const probe = () => 'none'
      export const retained = () => ({ cache })`,
    edits: [
      fails(
        {
          'extra.ts': `throw new Error('not today')\n export const extra = () => 'extra'`,
          'server.ts': [
            ['const cache', "import { extra } from './extra.ts'\n const cache"],
            ["'none'", 'extra()'],
          ],
        },
        { message: /not today/ },
      ),
      patchOrRerun({ 'extra.ts': `export const extra = () => 'extra'` }),
    ],
  },
  {
    name: 'a function is added by an update that fails, and again by the next',
    server: `
      const cache = new Map()
      export const probe = () => 'none'
      export const retained = () => ({ cache })`,
    edits: [
      fails([
        ['const cache', "function extra() { return 'extra' }\n if (true) throw new Error('not today')\n const cache"],
        ["'none'", 'extra()'],
      ]),
      applied(["\n if (true) throw new Error('not today')", '']),
      patch(["'extra'", "'more'"]),
    ],
  },
  {
    name: 'a handler that throws at request time is no failure of the update',
    server: `
      const names = ['Ann']
      const find = (id: number) => names[id]
      export const probe = () => find(0)
      export const retained = () => ({ names })`,
    edits: [
      patch(['=> names[id]', "=> { throw new RangeError('no ' + id) }"]),
      patch(["=> { throw new RangeError('no ' + id) }", '=> names[id]']),
    ],
  },
  {
    name: 'a re-run that fails in the middle of a chain goes back whole',
    files: {
      'env.ts': `export const REGION = 'eu'`,
      'client.ts': `import { REGION } from './env.ts'\n export const client = { region: REGION }`,
      'repo.ts': `import { client } from './client.ts'\n if (client.region === 'mars') throw new Error('no such region')\n export const repo = { client }`,
    },
    server: `
      import { client } from './client.ts'
      import { REGION } from './env.ts'
      import { repo } from './repo.ts'
      export const probe = () => [REGION, client.region, repo.client === client]
      export const retained = () => ({ client, repo })`,
    edits: [
      fails({ 'env.ts': ["'eu'", "'mars'"] }, { message: /no such region/ }),
      rerun({ 'env.ts': ["'mars'", "'us'"] }, { recreated: ['client', 'repo'] }),
    ],
  },
]
