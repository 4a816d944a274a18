import { fails, patch, recovers, rerun, type Row, tell } from '../../support/story/index.ts'

/** Files that are text, by every way in which a glob loads them, coming and going. */
function toRow(name: string, options: string, read: string): Row {
  // What is eager is part of the object, which is made anew; what is lazy is asked for with each call.
  const edited = options.includes('eager') ? rerun : patch
  return {
    name,
    files: {
      'queries/a.sql': `select 'a'`,
      'queries/b.sql': `select 'b'`,
      'queries/deep/c.graphql': `type C`,
      'queries/d.html': '<b>d</b>',
    },
    server: `
      const texts: Record<string, any> = import.meta.glob('./queries/**/*.{sql,graphql,html}', ${options})
      const cache = new Map()
      export const visit = () => cache.set('visits', (cache.get('visits') ?? 0) + 1)
      export const probe = () => Promise.all(Object.entries(texts).map(async ([file, text]) => file + ' ' + ${read}))
      export const state = () => [...cache]
      export const retained = () => ({ cache })`,
    edits: [
      edited({ 'queries/a.sql': `select 'A'` }, { calls: ['visit'] }),
      rerun({ 'queries/deep/e.graphql': `type E` }, { calls: ['visit'] }),
      edited({ 'queries/deep/e.graphql': `type F` }, { calls: ['visit'] }),
      edited({ 'queries/d.html': '<b>D</b>', 'queries/b.sql': `select 'B'` }, { calls: ['visit'] }),
      rerun({ 'queries/a.sql': null }, { calls: ['visit'] }),
      rerun({ 'queries/a.sql': `select 'back'` }, { calls: ['visit'] }),
      edited({ 'queries/a.sql': `select 'again'` }, { calls: ['visit'] }),
      rerun({ 'queries/a.sql': null, 'queries/b.sql': null, 'queries/g.sql': `select 'g'` }, { calls: ['visit'] }),
    ],
  }
}

tell('import.meta.glob of texts', [
  toRow('eager, by default', `{ query: '?raw', import: 'default', eager: true }`, 'text'),
  toRow('eager, whole', `{ query: '?raw', eager: true }`, 'text.default'),
  toRow('lazy, by default', `{ query: '?raw', import: 'default' }`, 'await text()'),
  toRow('lazy, whole', `{ query: '?raw' }`, '(await text()).default'),
])

tell('import.meta.glob of modules', [
  {
    name: 'eager: what the top level makes of them is made anew',
    files: {
      'routes/a.ts': `export const path = '/a'\nexport default () => 'a'`,
      'routes/b.mts': `export const path = '/b'\nexport default () => 'b'`,
    },
    server: `
      interface Route { path: string; default: () => string }
      const cache = new Map()
      const table = new Map<string, () => string>()
      const routes = import.meta.glob<Route>(['./routes/*.{ts,mts}', '!**/*.test.ts'], { eager: true })
      for (const { path, default: handler } of Object.values(routes)) table.set(path, handler)
      export const visit = () => cache.set('visits', (cache.get('visits') ?? 0) + 1)
      export const probe = () => [...table].map(([path, handler]) => path + ' ' + handler())
      export const state = () => [...cache]
      export const retained = () => ({ cache, table })`,
    edits: [
      patch({ 'routes/a.ts': ["'a'", "'A'"] }, { calls: ['visit'] }),
      rerun({ 'routes/a.ts': ["'/a'", "'/aa'"] }, { calls: ['visit'], recreated: ['table'] }),
      rerun(
        { 'routes/c.ts': `export const path = '/c'\nexport default () => 'c'` },
        { calls: ['visit'], recreated: ['table'] },
      ),
      patch({ 'routes/c.ts': ["'c'", "'C'"] }, { calls: ['visit'] }),
      rerun({ 'routes/a.ts': null }, { calls: ['visit'], recreated: ['table'] }),
      fails(
        { 'routes/d.ts': `export const path = '/d'\nexport default () => 'd` },
        { message: /Unterminated string/, at: ['d.ts', 2] },
        { calls: ['visit'] },
      ),
      recovers({ 'routes/d.ts': null }, { sameAnswer: true }),
    ],
  },
  {
    name: 'JSON by default, eager, that becomes invalid',
    files: { 'locales/de.json': `{ "hello": "hallo" }`, 'locales/fr.json': `{ "hello": "salut" }` },
    server: `
      const locales = import.meta.glob<any>('./locales/*.json', { eager: true, import: 'default' })
      const cache = new Map()
      export const probe = () => Object.entries(locales).map(([file, { hello }]) => file + ' ' + hello)
      export const retained = () => ({ cache })`,
    edits: [
      rerun({ 'locales/de.json': ['hallo', 'guten tag'] }),
      rerun({ 'locales/it.json': `{ "hello": "ciao" }` }),
      fails({ 'locales/it.json': `{ "hello": ` }, { at: ['it.json', 1] }),
      recovers({ 'locales/it.json': `{ "hello": "ciao" }` }, { sameAnswer: true }),
      rerun({ 'locales/fr.json': null }),
    ],
  },
  {
    name: 'in a handler, lazy, one export',
    files: { 'jobs/mail.ts': `export const run = () => 'mail'` },
    server: `
      export const probe = async () => {
        const jobs = import.meta.glob<() => string>('./jobs/*.ts', { import: 'run' })
        return Promise.all(Object.entries(jobs).map(async ([file, load]) => file + ' ' + (await load())()))
      }`,
    edits: [
      patch({ 'jobs/mail.ts': ["'mail'", "'MAIL'"] }),
      patch({ 'jobs/sms.ts': `export const run = () => 'sms'` }),
      patch({ 'jobs/sms.ts': ["'sms'", "'SMS'"] }),
      patch({ 'jobs/mail.ts': null }),
      patch({ 'jobs/mail.ts': `export const run = () => 'back'` }),
      patch({ 'jobs/mail.ts': null }),
    ],
  },
  {
    name: 'what a computed import() has loaded counts as imported, also when it is deleted',
    files: { 'jobs/a.ts': `export const run = () => 'a'`, 'jobs/b.ts': `export const run = () => 'b'` },
    server: `
      import { readdirSync } from 'node:fs'
      const list = () => readdirSync(new URL('./jobs', import.meta.url)).sort()
      const load = (path: string) => import(/* @vite-ignore */ path)
      const jobs = await Promise.all(list().map((name) => load('./jobs/' + name)))
      export const probe = () => jobs.map(({ run }) => run())`,
    edits: [
      patch({ 'jobs/a.ts': ["'a'", "'A'"] }),
      fails({ 'jobs/b.ts': null }, { message: /still imports it/ }, { coldRuns: true }),
      recovers({ 'jobs/b.ts': `export const run = () => 'b'` }, { sameAnswer: true }),
    ],
  },
])
