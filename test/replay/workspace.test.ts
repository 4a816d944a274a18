import { expect, test } from 'vitest'
import { commit, edit, type Step, write } from './support/history.ts'
import { replayHistory, toLines } from './support/replay.ts'

/** A server in a workspace, which imports a package of the same repository. */
const history: readonly Step[] = [
  commit(
    'Begin',
    write('.gitignore', 'node_modules\n'),
    write('package.json', '{ "private": true, "workspaces": ["api", "words"] }\n'),
    write(
      'words/package.json',
      '{ "name": "@acme/words", "version": "1.0.0", "type": "module", "exports": "./index.ts" }\n',
    ),
    write('words/index.ts', `export const greet = () => 'hello'\n`),
    write(
      'api/package.json',
      '{ "name": "api", "private": true, "type": "module", "dependencies": { "@acme/words": "1.0.0" } }\n',
    ),
    write(
      'api/server.ts',
      `
import { createServer } from 'node:http'
import { greet } from '@acme/words'

createServer((_request, response) => {
  response.end(greet())
}).listen(Number(process.env.PORT), '127.0.0.1')
`,
    ),
    write('api/.env.example', 'WORD=one\n'),
  ),
  commit('Greet otherwise', edit('words/index.ts', 'hello', 'good day'), edit('api/.env.example', 'one', 'two')),
  commit('Greet in the evening', edit('words/index.ts', 'good day', 'good evening')),
  commit('Say goodbye', edit('words/index.ts', 'greet', 'part'), edit('api/server.ts', 'greet }', 'part as greet }')),
]

test('packages of the repository are those of the commit, linked or installed in the folder of one', async () => {
  const { results, exitCode } = await replayHistory(history, {
    start: 'vite-node --watch server.ts',
    probes: { probes: ['GET /'] },
    // Nothing is fetched: the only dependency is in the repository.
    args: ['--cwd', 'api', '--install', 'npm install --offline --no-audit --no-fund --no-package-lock'],
  })

  expect(toLines(results)).toStrictEqual([
    'Begin: started',
    'Greet otherwise: patch',
    'Greet in the evening: patch',
    'Say goodbye: patch',
  ])
  expect(results.map(({ untold }) => untold)).toStrictEqual([[], [], [], []])
  expect(exitCode).toBe(0)
})
