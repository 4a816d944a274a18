import { expect, test } from 'vitest'
import { commit, edit, type Step, write } from './support/history.ts'
import { replayHistory } from './support/replay.ts'

/** A server that answers with what an expression comes to. */
function begin(expression: string): Step {
  return commit(
    'Begin',
    write('.gitignore', 'node_modules\n'),
    write('greeting.txt', 'hello'),
    write(
      'server.ts',
      `
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const GREETING = readFileSync('greeting.txt', 'utf8')

createServer((_request, response) => {
  response.end(JSON.stringify({ greeting: GREETING, value: ${expression} }))
}).listen(Number(process.env.PORT), '127.0.0.1')
`,
    ),
  )
}

const start = 'vite-node --watch server.ts'

test('a difference is reported, and fails: a file that is read at start-up is no module', async () => {
  const { results, exitCode } = await replayHistory(
    [
      begin('1'),
      commit('Greet otherwise', edit('greeting.txt', 'hello', 'good day')),
      commit('Count', edit('server.ts', '1 }', '2 }')),
    ],
    { start, probes: { probes: ['GET /'] } },
  )

  expect(results.map(({ verdict }) => verdict.kind)).toStrictEqual(['started', 'differs', 'started'])
  expect(results[1]?.differences).toStrictEqual([
    {
      probe: 'GET /',
      isVolatile: false,
      diff: expect.stringContaining('-  "greeting": "good day",\n+  "greeting": "hello",'),
    },
  ])
  expect(exitCode).toBe(1)
})

test('an answer that is never the same is told apart, and can be left out', async () => {
  const history = [
    begin('Math.random()'),
    commit('Shout', edit('server.ts', 'greeting: GREETING', 'greeting: GREETING.toUpperCase()')),
  ]

  const unaware = await replayHistory(history, { start, probes: { probes: ['GET /'] } })
  expect(unaware.results.map(({ verdict }) => verdict.kind)).toStrictEqual(['differs', 'differs'])
  expect(unaware.results.flatMap(({ differences }) => differences.map(({ isVolatile }) => isVolatile))).toStrictEqual([
    true,
    true,
  ])
  expect(unaware.exitCode).toBe(1)

  const aware = await replayHistory(history, { start, probes: { ignore: ['value'], probes: ['GET /'] } })
  expect(aware.results.map(({ verdict }) => verdict.kind)).toStrictEqual(['started', 'equal'])
  expect(aware.exitCode).toBe(0)
})

test('a hot server that dies is reported, and fails', async () => {
  const { results, exitCode } = await replayHistory(
    [
      begin('1'),
      commit('Die', edit('server.ts', 'const GREETING', `process.kill(process.pid, 'SIGKILL')\nconst GREETING`)),
      commit('Live', edit('server.ts', `process.kill(process.pid, 'SIGKILL')\n`, '')),
    ],
    { start, probes: { probes: ['GET /'] } },
  )

  expect(results.map(({ verdict }) => verdict.kind)).toStrictEqual(['started', 'died', 'started'])
  expect(results[1]?.coldFailure).toContain('the process ended')
  expect(exitCode).toBe(1)
})

test('what shows after a restart only is said to need one, and does not fail', async () => {
  const { results, exitCode } = await replayHistory(
    [
      begin('process.env.WORD ?? null'),
      commit('A word', write('.env', 'WORD=one\n')),
      commit('Count', edit('server.ts', 'GREETING, value', 'GREETING, count: 1, value')),
    ],
    { start, probes: { probes: ['GET /'] } },
  )

  expect(results.map(({ verdict }) => verdict.kind)).toStrictEqual(['started', 'needed-restart', 'equal'])
  expect(results[1]?.verdict).toMatchObject({ because: ['.env'] })
  expect(exitCode).toBe(0)
})

test('a replay in which no server ever starts has tested nothing, and fails', async () => {
  const { results, exitCode } = await replayHistory([begin('missing')], {
    start: 'vite-node --watch other.ts',
    probes: { probes: ['GET /'] },
  })

  expect(results.map(({ verdict }) => verdict.kind)).toStrictEqual(['no-server'])
  expect(exitCode).toBe(1)
})
