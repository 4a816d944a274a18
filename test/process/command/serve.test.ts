import { expect, test } from 'vitest'
import { HOT_NODE, projectOf, request, startProgram } from '../../support/process/index.ts'

const SERVER = `
import http from 'node:http'
import { greet } from './greet.ts'
let requests = 0
http.createServer((_request, response) => response.end(greet('you') + ' ' + ++requests)).listen(0, '127.0.0.1', function () {
  console.log('listening on http://127.0.0.1:' + this.address().port)
})
`
const GREET = `export const greet = (name: string): string => 'hello ' + name\n`

test.for([
  ['without a config', {}, 'patched'],
  ['with a config that lacks hotNode()', { 'vite.config.ts': `export default { define: { __X__: '1' } }` }, 'patched'],
  [
    'with a config that has hotNode()',
    {
      'vite.config.mjs': `import { hotNode } from 'vite-plugin-hot-node'
        const plugin = hotNode({ exclude: /greet/ })
        export default { plugins: [plugin] }`,
    },
    'hot restart',
  ],
  ['with hot updates off in the config', { 'vite.config.ts': `export default { server: { hmr: false } }` }, 'patched'],
] as const)('a save is applied in place %s', async ([, config, expected]) => {
  const project = projectOf({ 'server.ts': SERVER, 'greet.ts': GREET, ...config })
  const { log } = startProgram([HOT_NODE, 'server.ts'], project.root)
  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  expect((await request(url)).text).toBe('hello you 1')

  // Vite's watcher may not have found the file yet.
  project.save('greet.ts', GREET.replace('hello', 'bye'))

  const [, rung] = await log.waitForLine(/ \[hot-node\] (patched|hot restart)/)
  expect(rung).toBe(expected)
  expect((await request(url)).text).toMatch(/^bye you \d+$/)
})

test('without an entry, or with an option it does not have, it says what to do and ends with 1', async () => {
  const project = projectOf({})
  const run = (...args: string[]) => startProgram([HOT_NODE, ...args], project.root).run
  expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining('hot-node server.ts') as string })
  expect(await run('--port', '1')).toMatchObject({ code: 1, stderr: expect.stringContaining('--port') as string })
  expect(await run('none.ts')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('none.ts is no file') as string,
  })
  project.save('server.ts', SERVER)
  for (const [option, message] of [
    ['--config=none.config.ts', 'none.config.ts is no file'],
    ['--root=none', 'none is no folder'],
  ] as const)
    expect(await run(option, 'server.ts')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    })
})

test('-h shows every option, and -v the version', async () => {
  const project = projectOf({})
  const help = await startProgram([HOT_NODE, '-h'], project.root).run
  for (const option of [
    'config',
    'root',
    'mode',
    'inspect',
    'inspect-brk',
    'env-file',
    'include',
    'clear-screen',
    'wait',
  ])
    expect(help.stdout).toContain(`--${option}`)
  const version = await startProgram([HOT_NODE, '-v'], project.root).run
  expect(version.stdout).toMatch(/^hot-node\/\d+\.\d+\.\d+ \S+ node-v\d+/)
})

test.for([
  ['--root=api', { VITE_NAME: 'of api', MODE: 'development', setting: 1 }],
  ['-r api -m staging', { VITE_NAME: 'of staging', MODE: 'staging', setting: 1 }],
  ['-r api -c other.config.ts', { VITE_NAME: 'of api', MODE: 'development', setting: 2 }],
  ['--mode staging', { VITE_NAME: 'outside', MODE: 'staging', setting: 3 }],
] as const)('hot-node %s server.ts', async ([options, expected]) => {
  const project = projectOf({
    'server.ts': `const { VITE_NAME, MODE } = import.meta.env
      console.log(JSON.stringify({ VITE_NAME, MODE, setting: __SETTING__ }))`,
    'vite.config.ts': `export default { define: { __SETTING__: 3 } }`,
    'api/vite.config.ts': `export default { define: { __SETTING__: 1 } }`,
    'other.config.ts': `export default { define: { __SETTING__: 2 } }`,
    '.env': 'VITE_NAME=outside',
    'api/.env': 'VITE_NAME=of api',
    'api/.env.staging': 'VITE_NAME=of staging',
  })
  const { stdout } = await startProgram([HOT_NODE, ...options.split(' '), 'server.ts'], project.root).run
  expect(JSON.parse(stdout)).toEqual(expected)
})
