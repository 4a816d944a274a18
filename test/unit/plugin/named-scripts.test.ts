import { expect, test } from 'vitest'
import { NamedScripts } from '../../../src/plugin/named-scripts.ts'

function find(code: string, file: string): ReturnType<NamedScripts['find']> {
  const scripts = new NamedScripts('/app')
  scripts.note('/app/src/server.ts', code)
  return scripts.find(file)
}

test.each([
  [`new Worker(new URL('./worker.ts', import.meta.url))`, '/app/src/worker.ts', 'url'],
  [`fork('src/child.js')`, '/app/src/child.js', 'path'],
  [`fork('./child.js?debug')`, '/app/src/child.js', 'path'],
  [`import { child } from './child.js'; fork('./child.js')`, '/app/src/child.js', 'path'],
  [`const from = './child.js'`, '/app/src/child.js', 'path'],
])('%s names %s', (code, file, how) => {
  expect(find(code, file)).toBe(how)
})

test.each([
  `import { add } from './add.ts'`,
  `import{add}from"./add.ts"`,
  `import './add.ts'`,
  `export * from './add.ts'`,
  `const { add } = await import('./add.ts')`,
  `const { add } = await import(\n  './add.ts'\n)`,
])('%s is an import: the file is a module', (code) => {
  expect(find(code, '/app/src/add.ts')).toBeUndefined()
})

test('what a module named before it was transformed again is forgotten', () => {
  const scripts = new NamedScripts('/app')
  scripts.note('/app/server.ts', `fork('./child.js')`)
  scripts.note('/app/server.ts', `export {}`)
  expect(scripts.find('/app/child.js')).toBeUndefined()
})
