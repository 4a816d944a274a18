import { expect, test } from 'vitest'
import { HOT_NODE, type Project, projectOf, request, startProgram } from '../../support/process/index.ts'

/** Answers with what it found when it was started. */
const SERVER = `
import http from 'node:http'
import { readFileSync } from 'node:fs'
const found = [import.meta.env.VITE_NAME, process.env.GREETING, __SETTING__, readFileSync('data/words.json', 'utf8').trim()]
const server = http.createServer((_request, response) => response.end(JSON.stringify(found)))
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port))
`
const FILES = {
  'server.ts': SERVER,
  'vite.config.ts': `import { setting } from './settings.ts'\nexport default { define: { __SETTING__: setting } }`,
  'settings.ts': `export const setting = 1`,
  '.env': 'VITE_NAME=one',
  'process.env': 'GREETING=hello',
  'data/words.json': '["a"]',
}
const RESTARTED = / \[hot-node\] restarted, its listening socket was handed over · \d+ ms$/

async function start(options: readonly string[] = []): Promise<{ project: Project; url: string; log: Log }> {
  const project = projectOf(FILES)
  const { log } = startProgram([HOT_NODE, '--env-file=process.env', ...options, 'server.ts'], project.root)
  const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
  expect(await found(url)).toEqual(['one', 'hello', 1, '["a"]'])
  return { project, url, log }
}

type Log = ReturnType<typeof startProgram>['log']

async function found(url: string): Promise<unknown> {
  return (await request(url)).json()
}

test.for([
  ['.env', 'VITE_NAME=two', [], ['two', 'hello', 1, '["a"]']],
  ['.env.development.local', 'VITE_NAME=local', [], ['local', 'hello', 1, '["a"]']],
  ['settings.ts', 'export const setting = 2', [], ['one', 'hello', 2, '["a"]']],
  ['process.env', 'GREETING=bye', [], ['one', 'bye', 1, '["a"]']],
  ['data/words.json', '["b"]', ['--include', 'data/*.json'], ['one', 'hello', 1, '["b"]']],
  ['data/words.json', '["c"]', ['--include=data'], ['one', 'hello', 1, '["c"]']],
] as const)('a save of %s (%s) restarts the process, with its port', async ([file, text, options, expected]) => {
  const { project, url, log } = await start(options)

  project.save(file, text)

  await log.waitForLine(RESTARTED)
  expect(await found(url)).toEqual(expected)
})

test('a config that cannot be read changes nothing, and the next save of it does', async () => {
  const { project, url, log } = await start()

  project.save('settings.ts', 'export const setting = = 2')
  await log.waitForLine(/ \[hot-node\] the restart failed with code 1.*; the process from before serves on$/)
  expect(await found(url)).toEqual(['one', 'hello', 1, '["a"]'])

  project.save('settings.ts', 'export const setting = 3')
  await log.waitForLine(RESTARTED)
  expect(await found(url)).toEqual(['one', 'hello', 3, '["a"]'])
})

test('a program that fails to start changes nothing, and is tried again with the next change', async () => {
  const { project, url, log } = await start(['--include', 'data'])

  project.save('data/words.json', '["b"]')
  project.save('server.ts', SERVER.replace('const found', `throw new Error('no start')\nconst found`))
  await log.waitForLine(/^Error: no start$/)
  await log.waitForLine(/ \[hot-node\] the restart failed with code 1.*; the process from before serves on$/)
  expect(await found(url)).toEqual(['one', 'hello', 1, '["a"]'])

  project.save('server.ts', SERVER)
  project.save('data/words.json', '["d"]')
  await log.waitForLine(RESTARTED)
  expect(await found(url)).toEqual(['one', 'hello', 1, '["d"]'])
})
