import { fails, nothing, patch, recovers, rerun, tell } from '../../support/story/index.ts'

const toBig = (name: string): string =>
  JSON.stringify({ name, rows: Array.from({ length: 2000 }, (_, i) => `row ${i}`) })

tell('JSON', [
  {
    name: 'values that handlers read, by default, by name and with an import attribute',
    files: { 'data.json': `{ "name": "one", "list": [1] }` },
    server: `
      import data, { list } from './data.json'
      import again from './data.json' with { type: 'json' }
      const cache = new Map()
      export const probe = () => [data.name, list, again]
      export const retained = () => ({ cache })`,
    edits: [
      // The object that is the default is made anew of its values, and nothing else.
      rerun({ 'data.json': ['"one"', '"two"'] }),
      rerun({ 'data.json': ['[1]', '[1, 2]'] }),
      patch({ 'data.json': ['{ "name"', '{ "more": true, "name"'] }),
      nothing({ 'data.json': ['{ ', '{\n  '] }),
    ],
  },
  {
    name: 'values that the top level used, here and through another module',
    files: {
      'limits.json': `{ "size": 10, "name": "pool" }`,
      'pool.ts': `import limits from './limits.json'\nexport const pool = { size: limits.size }`,
    },
    server: `
      import { pool } from './pool.ts'
      import { name } from './limits.json'
      const cache = new Map()
      const label = { text: name + pool.size }
      export const visit = () => cache.set('visits', (cache.get('visits') ?? 0) + 1)
      export const probe = () => [pool, label]
      export const state = () => [...cache]
      export const retained = () => ({ cache, pool, label })`,
    edits: [
      rerun({ 'limits.json': ['10', '20'] }, { calls: ['visit'], recreated: ['pool', 'label'] }),
      rerun({ 'limits.json': ['"pool"', '"POOL"'] }, { calls: ['visit'], recreated: ['pool', 'label'] }),
    ],
  },
  {
    name: 'a file that becomes invalid and is mended',
    files: { 'data.json': `{\n  "name": "one"\n}` },
    server: `
      import data from './data.json'
      const cache = new Map()
      export const visit = () => cache.set('visits', (cache.get('visits') ?? 0) + 1)
      export const probe = () => data.name
      export const state = () => [...cache]
      export const retained = () => ({ cache })`,
    edits: [
      fails({ 'data.json': ['"one"', '"one'] }, { at: ['data.json', 3] }, { calls: ['visit'] }),
      recovers({ 'data.json': ['"one', '"one"'] }, { sameAnswer: true }),
      fails({ 'data.json': '' }, {}, { calls: ['visit'] }),
      rerun({ 'data.json': `{ "name": "two" }` }, { calls: ['visit'] }),
      fails({ 'data.json': null }, {}, { calls: ['visit'] }),
      rerun({ 'data.json': `{ "name": "three" }` }, { calls: ['visit'] }),
    ],
  },
  {
    name: 'a large file, an array, a string and ?raw',
    files: { 'big.json': toBig('one'), 'list.json': `[1, 2]`, 'word.json': `"one"` },
    server: `
      import big, { name } from './big.json'
      import list from './list.json'
      import word from './word.json'
      import text from './list.json?raw'
      const cache = new Map()
      export const probe = () => [big.name, name, big.rows.length, list, word, text]
      export const retained = () => ({ cache })`,
    edits: [
      rerun({ 'big.json': toBig('two') }),
      patch({ 'list.json': `[1, 2, 3]` }),
      patch({ 'word.json': `"two"` }),
      patch({ 'word.json': `{ "a": 1 }` }),
    ],
  },
  {
    name: 'an object is changed in place, and its file later',
    files: { 'data.json': `{ "name": "one" }`, 'other.json': `{ "name": "one" }` },
    server: `
      import data from './data.json'
      import other from './other.json'
      data.seen = true
      export const probe = () => [data, other]`,
    edits: [rerun({ 'data.json': ['one', 'two'] }), rerun({ 'other.json': ['one', 'two'] })],
  },
])
