import { fails, nothing, patch, patchOrRerun, recovers, rerun, tell } from '../../support/story/index.ts'

tell('a request with a query', [
  {
    name: '?raw of .sql, .graphql and .html that handlers read',
    files: {
      'queries/users.sql': `select 1`,
      'schema.graphql': `type User { id: ID }`,
      'page.html': `<h1>one</h1>`,
    },
    server: `
      import query from './queries/users.sql?raw'
      import schema from './schema.graphql?raw'
      import page from './page.html?raw'
      const cache = new Map()
      export const probe = () => [query, schema, page]
      export const retained = () => ({ cache })`,
    edits: [
      patch({ 'queries/users.sql': `select 2` }),
      patch({ 'schema.graphql': `type User { id: ID, name: String }` }),
      patch({ 'page.html': `<h1>two</h1>\n` }),
      patch({ 'queries/users.sql': `select 3`, 'page.html': `<h1>\`three\${}\\</h1>` }),
      nothing({ 'page.html': `<h1>\`three\${}\\</h1>` }),
    ],
  },
  {
    name: '?raw that start-up read',
    files: { 'schema.graphql': `type User { id: ID }` },
    server: `
      import schema from './schema.graphql?raw'
      const cache = new Map()
      const types = new Set([...schema.matchAll(/type (\\w+)/g)].map(([, name]) => name))
      export const probe = () => [...types]
      export const retained = () => ({ cache, types })`,
    edits: [rerun({ 'schema.graphql': `type User { id: ID } type Order { id: ID }` }, { recreated: ['types'] })],
  },
  {
    name: 'a small ?url, and ?inline, are the text of the file',
    files: { 'logo.svg': `<svg><a/></svg>`, 'style.css': `a { color: red }` },
    server: `
      import url from './logo.svg?url'
      import plain from './logo.svg'
      import inline from './logo.svg?inline'
      import css from './style.css?inline'
      const cache = new Map()
      export const probe = () => [url, plain, inline, css]
      export const retained = () => ({ cache })`,
    edits: [patch({ 'logo.svg': `<svg><b/></svg>` }), patch({ 'style.css': `a { color: blue }` })],
  },
  {
    name: '?url alone: an edit of the file is none of the code',
    files: { 'logo.txt': `one`, 'worker.ts': `export const one = 1` },
    server: `
      import url from './logo.txt?url'
      import worker from './worker.ts?url'
      const cache = new Map()
      export const probe = () => [url, worker]
      export const retained = () => ({ cache })`,
    edits: [nothing({ 'logo.txt': `two` }), nothing({ 'worker.ts': `export const one = 2` })],
  },
  {
    name: 'one file as a module and as ?raw',
    files: {
      'words.ts': `export const words = new Map()\nexport const hello = () => 'one'`,
      'source.ts': `import source from './words.ts?raw'\nexport const shown = () => source.length + source.slice(-5)`,
      'greeting.ts': `import { hello, words } from './words.ts'\nexport { words }\nexport const greeting = () => hello()`,
    },
    server: `
      import { greeting, words } from './greeting.ts'
      import { shown } from './source.ts'
      export const visit = () => words.set('visits', (words.get('visits') ?? 0) + 1)
      export const probe = () => [greeting(), shown()]
      export const state = () => [...words]
      export const retained = () => ({ words })`,
    edits: [
      patch({ 'words.ts': ["'one'", "'two'"] }, { calls: ['visit'] }),
      patch({ 'words.ts': ["'two'", "'two' // a comment is text, too"] }, { calls: ['visit'] }),
      fails({ 'words.ts': ['=>', '= >'] }, { at: ['words.ts', 2] }),
      recovers({ 'words.ts': ['= >', '=>'] }, { sameAnswer: true }),
    ],
  },
  {
    name: 'two queries of one file are two modules, each with its state',
    files: {
      'counter.ts': `
        let count = 0
        export const seen = new Map<string, number>()
        export const next = (by: number) => seen.set('count', (count += by))
        export const describe = () => 'at ' + count`,
    },
    server: `
      import * as one from './counter.ts?one'
      import * as two from './counter.ts?two'
      export const visit = () => { one.next(1); two.next(10) }
      export const probe = () => [one.describe().slice(0, 2), two.describe().slice(0, 2)]
      export const state = () => [one.describe().slice(-3), two.describe().slice(-3), [...one.seen], [...two.seen]]
      export const retained = () => ({ one: one.seen, two: two.seen })`,
    edits: [
      patch(
        { 'counter.ts': ["'at '", "'AT '"] },
        { calls: ['visit'], state: ['T 1', ' 10', [['count', 1]], [['count', 10]]] },
      ),
      patch(
        { 'counter.ts': ["'AT '", "'is '"] },
        { calls: ['visit'], state: ['s 2', ' 20', [['count', 2]], [['count', 20]]] },
      ),
      patch({ 'server.ts': ['one.describe().slice(0, 2), ', 'one.describe().slice(0, 1), '] }, { calls: ['visit'] }),
      fails({ 'counter.ts': ["'is '", "'is"] }),
      recovers({ 'counter.ts': ["'is", "'is '"] }, { sameAnswer: true }),
    ],
  },
  {
    name: 'CSS and CSS modules',
    files: { 'page.css': `a { color: red }`, 'page.module.css': `.one { color: red }` },
    server: `
      import './page.css'
      import styles, { one } from './page.module.css'
      const cache = new Map()
      export const probe = () => [styles, one]
      export const retained = () => ({ cache })`,
    edits: [
      // vite-node runs what Vite makes of it for browsers.
      patchOrRerun({ 'page.module.css': `.one { color: blue } .two { color: red }` }),
      patchOrRerun({ 'page.module.css': `.one { color: blue }` }),
    ],
  },
  {
    name: 'a file that is imported with a query is deleted and comes back',
    files: { 'query.sql': `select 1`, 'logo.txt': `one` },
    server: `
      import url from './logo.txt?url'
      import query from './query.sql?raw'
      const cache = new Map()
      export const visit = () => cache.set('visits', (cache.get('visits') ?? 0) + 1)
      export const probe = () => [query, url]
      export const state = () => [...cache]
      export const retained = () => ({ cache })`,
    edits: [
      fails(
        { 'query.sql': null },
        { message: /query\.sql\?raw was deleted, but server\.ts still imports it/ },
        { calls: ['visit'] },
      ),
      patch({ 'query.sql': `select 2` }, { calls: ['visit'] }),
      patch({ 'query.sql': `select 3` }, { calls: ['visit'] }),
      // A cold start finds it missing when the address is asked for.
      fails({ 'logo.txt': null }, { message: /logo\.txt\?url was deleted/ }, { coldRuns: true }),
      recovers({ 'logo.txt': `two` }, { sameAnswer: true }),
      patch({
        'query.sql': null,
        'server.ts': [
          ["import query from './query.sql?raw'", ''],
          ['[query, url]', '[url]'],
        ],
      }),
    ],
  },
  {
    name: 'a query comes and goes with an edit',
    files: { 'text.md': `one`, 'lib.ts': `export const lib = () => 'lib'` },
    server: `
      import { lib } from './lib.ts'
      const cache = new Map()
      export const probe = () => lib()
      export const retained = () => ({ cache })`,
    edits: [
      patch({
        'server.ts': [
          ['import { lib }', "import text from './text.md?raw'\nimport { lib }"],
          ['=> lib()', '=> text'],
        ],
      }),
      patch({ 'text.md': `two` }),
      patch({ 'server.ts': ["text.md?raw'", "lib.ts?raw'"] }),
      patch({ 'lib.ts': ["'lib'", "'LIB'"] }),
      patchOrRerun({
        'server.ts': [
          ["import text from './lib.ts?raw'\n", ''],
          ['=> text', '=> lib()'],
        ],
      }),
    ],
  },
])
