import { expect, test } from 'vitest'
import { HOT_NODE, projectOf, startProgram } from '../../support/process/index.ts'

interface Case {
  readonly name: string
  readonly source: string
  readonly args?: readonly string[]
  readonly input?: string
  readonly variables?: NodeJS.ProcessEnv
  /** What stands on the standard error of both: nothing, unless it is said. */
  readonly error?: RegExp
}

/** Node 20 says nothing. */
const UNSETTLED =
  Number.parseInt(process.versions.node, 10) < 22 ? /^$/ : /^Warning: Detected unsettled top-level await .*program\.mjs/

const CASES: readonly Case[] = [
  { name: 'arguments', source: `console.log(process.argv.slice(1))`, args: ['--port', '3000', '-h', '--', 'x y'] },
  {
    name: 'import.meta',
    source: `
      console.log(import.meta.url, import.meta.filename, import.meta.dirname)
      console.log('main' in import.meta, import.meta.main, import.meta.resolve('./other.mjs'))
      export * from './other.mjs'`,
  },
  {
    name: 'what a program sees of its process',
    source: `console.log(process.execArgv, process.send, process.argv0, this)
      console.log(process.exitCode, process.cwd(), process.stdin.isTTY, process.env.NODE_CHANNEL_FD)`,
  },
  {
    name: 'standard input',
    source: `let text = ''; for await (const chunk of process.stdin) text += chunk; console.log(text.length, text.at(-1))`,
    input: `${'line\n'.repeat(100_000)}.`,
  },
  { name: 'nothing left to do', source: `setTimeout(() => console.log('over'), 50)` },
  { name: 'process.exit()', source: `process.exit(3)` },
  { name: 'process.exit() without a code', source: `process.exit()` },
  { name: 'process.exit(0) before anything else ends', source: `setInterval(() => {}, 1000); process.exit(0)` },
  {
    name: 'process.exit(0) while a top-level await waits',
    source: `setTimeout(() => process.exit(0), 50); await new Promise(() => {})`,
  },
  {
    name: 'process.exit() as a top-level await ends in nothing',
    source: `process.on('beforeExit', () => process.exit()); await new Promise(() => {})`,
  },
  {
    name: 'process.exitCode of a top-level await without an end',
    source: `process.exitCode = 0; await new Promise(() => {})`,
    error: UNSETTLED,
  },
  { name: 'a top-level await without an end', source: `await new Promise(() => {})`, error: UNSETTLED },
  { name: 'process.exitCode', source: `process.exitCode = 4; setTimeout(() => console.log('over'), 50)` },
  {
    name: 'events at the end',
    source: `process.on('beforeExit', (code) => console.log('beforeExit', code))
      process.on('exit', (code) => { console.log('exit', code); process.exitCode = 5 })`,
  },
  { name: 'an error in the entry', source: `\n\nthrow new TypeError('at once')`, error: /TypeError: at once/ },
  {
    name: 'an error after that',
    source: `setTimeout(() => { throw new TypeError('later') }, 50)\nsetInterval(() => {}, 1000)`,
    error: /TypeError: later/,
  },
  {
    name: 'a rejection that nobody handles',
    source: `Promise.reject(new RangeError('rejected'))\nsetInterval(() => {}, 1000)`,
    error: /RangeError: rejected/,
  },
  { name: 'a value that is no error', source: `throw { code: 7 }`, error: /code: 7/ },
  { name: 'an import that is not there', source: `import './nothing.mjs'`, error: /nothing\.mjs/ },
  { name: 'a syntax error', source: `const a = = 1`, error: /nexpected token/ },
  {
    name: 'an error that the program handles',
    source: `process.on('uncaughtException', (error, origin) => { console.log(error.message, origin); process.exitCode = 6 })
      setTimeout(() => { throw new Error('later') }, 50)`,
  },
  {
    name: 'an error in the entry that the program handles',
    source: `process.on('uncaughtException', (error) => console.log(error.message)); throw new Error('at once')`,
  },
  {
    name: 'a top-level await without an end',
    source: `await new Promise(() => {})`,
    error: /^/,
  },
  {
    name: 'warnings',
    source: `process.emitWarning('look', 'OwnWarning')`,
    error: /^\(node:\d+\) OwnWarning: look$/m,
  },
  {
    name: 'NODE_OPTIONS',
    source: `process.emitWarning('look', 'OwnWarning'); console.log(process.env.NODE_OPTIONS)`,
    variables: { NODE_OPTIONS: '--no-warnings --throw-deprecation' },
  },
  { name: 'death by a signal', source: `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)` },
]

test.for(CASES)('as under node: $name', async ({ source, args = [], input, variables, error = /^$/ }) => {
  const project = projectOf({
    'program.mjs': source,
    'other.mjs': `console.log('other', 'main' in import.meta, import.meta.main, import.meta.filename)`,
  })
  const manner = { ...(input !== undefined && { input }), variables: { CI: '1', ...variables } }
  const [plain, hot] = [[], [HOT_NODE]].map((command) =>
    startProgram([...command, 'program.mjs', ...args], project.root, manner),
  )

  const [expected, actual] = [await plain!.run, await hot!.run]

  expect({ ...actual, stderr: '' }).toEqual({ ...expected, stderr: '' })
  expect(expected.stderr).toMatch(error)
  expect(actual.stderr).toMatch(error)
})
