import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startServer } from '../support/process/index.ts'
import {
  ANY_OUTCOME,
  escaped,
  expectAfter,
  expectBefore,
  expectNothingLost,
  expectOneTimer,
  patchedLine,
  remember,
} from './expectations.ts'
import { PLAYGROUNDS, type PlaygroundAxis } from './playgrounds.ts'

const hono = PLAYGROUNDS.find(({ name }) => name === 'hono') as PlaygroundAxis
const http = PLAYGROUNDS.find(({ name }) => name === 'http') as PlaygroundAxis

async function openChat(url: string): Promise<{ say(text: string): Promise<unknown>; readonly isOpen: boolean }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat?room=lobby&name=Ada`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return {
    async say(text) {
      const heard = once(socket, 'message')
      socket.send(text)
      const [data] = await heard
      return JSON.parse(String(data))
    },
    get isOpen() {
      return socket.readyState === WebSocket.OPEN
    },
  }
}

test('a WebSocket stays open over patches, and speaks to the new code', async () => {
  const server = await startServer('http')
  const chat = await openChat(server.url)
  expect(await chat.say('  hello  ')).toMatchObject({ id: 1, author: 'Ada', text: 'hello' })

  server.project.edit(http.handler.file, http.handler.from, http.handler.to)
  await server.log.waitForLine(patchedLine(http.handler.file))
  expect(await chat.say('still here')).toMatchObject({ id: 2, text: 'still here' })

  server.project.edit('src/services/room.ts', 'return text.trim()', 'return text.toUpperCase().trim()')
  await server.log.waitForLine(patchedLine('src/services/room.ts'))
  expect(await chat.say('louder')).toMatchObject({ id: 3, text: 'LOUDER' })
  expect(chat.isOpen).toBe(true)
})

test.for(['entryRoute', 'listen'] as const)(
  'a WebSocket stays open when the server is made again: %s',
  async (what) => {
    const server = await startServer('http')
    const chat = await openChat(server.url)
    await chat.say('hello')

    if (what === 'entryRoute') server.project.edit('server.ts', http.entryRoute.from, http.entryRoute.to)
    else server.project.edit('server.ts', 'createServer((request', 'createServer({ keepAliveTimeout: 4000 }, (request')
    await server.log.waitForLine(/ re-ran server\.ts: /)

    expect(await chat.say('still here')).toMatchObject({ id: 2, text: 'still here' })
    expect((await server.get('/rooms/lobby')).text).toContain('still here')
    const second = await openChat(server.url)
    expect(await second.say('me too')).toMatchObject({ id: 3 })
  },
)

test('the stack of an error from patched code points at the TypeScript', async () => {
  const { file } = hono.method
  const server = await startServer('hono')

  server.project.edit(
    file,
    '  summary(): string {\n',
    '  summary(): string {\n    type Reason = {\n      text: string\n    }\n    const reason: Reason = { text: `no summary` }\n' +
      '    if (this.size > 2) throw new Error(reason.text)\n',
  )
  await server.log.waitForLine(patchedLine(file))
  expect((await server.get('/todos')).status).toBe(200)

  await server.post(hono.remember.path, hono.remember.body)
  expect((await server.get('/todos')).status).toBe(500)
  await server.log.waitForLine(/Error: no summary/)
  await server.log.waitForLine(
    new RegExp(`TodoList\\.summary .*${escaped(server.project.locate(file, 'new Error(reason.text)'))}\\b`),
  )
  await server.log.waitForLine(new RegExp(escaped(server.project.locate('src/routes/todos.ts', 'summary()'))))
})

test('a throw after the new server took over the port gives it back', async () => {
  const { file, from, to } = hono.entryRoute
  const server = await startServer('hono')
  const state = await remember(server, hono)
  const good = server.project.read(file).replace(from, to)

  server.project.save(file, `${good}\nthrow new Error('too late')\n`)
  await server.log.waitForLine(/ \[hot-node\] update failed: .*too late/)
  await expectBefore(server, hono.entryRoute)
  await expectNothingLost(server, hono, state)

  server.project.save(file, good)
  await server.log.waitForLine(/ re-ran server\.ts: .* · up to date again$/)
  await expectAfter(server, hono.entryRoute)
  await expectNothingLost(server, hono, state)
  expect(String(server.log)).not.toContain('EADDRINUSE')
})

test('after 30 edits, a third of them bad, it is the same process with the same state', async () => {
  const server = await startServer('hono')
  const state = await remember(server, hono)
  const random = seeded(20_251_121)
  const original = new Map(
    ['src/routes/todos.ts', 'src/services/todos.ts', 'server.ts'].map((file) => [file, server.project.read(file)]),
  )
  const save = async (file: string, change: (text: string) => string): Promise<void> => {
    server.project.save(file, change(original.get(file) ?? ''))
    await server.log.waitForLine(ANY_OUTCOME)
  }
  const edits = [
    {
      file: 'src/routes/todos.ts',
      path: '/todos',
      good: (version: number) => (text: string) => text.replace('{ summary:', `{ version: ${version}, summary:`),
    },
    {
      file: 'src/services/todos.ts',
      path: '/todos',
      good: (version: number) => (text: string) => text.replace('} completed`', `} completed, "version":${version},\``),
    },
    {
      file: 'server.ts',
      path: '/version',
      good: (version: number) => (text: string) =>
        text.replace(
          'app.notFound(',
          `app.get('/version', (c) => c.json({ version: ${version}, from: 'server.ts' }))\napp.notFound(`,
        ),
    },
  ] as const
  const breakages: readonly ((text: string) => string)[] = [
    (text) => `${text}\nconst broken = {\n`,
    (text) => `import { missing } from './missing.ts'\n${text}\nmissing()\n`,
    (text) => `${text}\nthrow new Error('no such luck')\n`,
  ]

  const wrong: string[] = []
  for (let version = 1; version <= 30; version += 1) {
    const { file, path, good } = pick(edits, random)
    if (random() < 1 / 3) {
      const before = (await server.get(path)).text
      await save(file, (text) => pick(breakages, random)(good(version)(text)))
      const { text } = await server.get(path)
      if (text !== before) wrong.push(`version ${version}, broken, of ${file}: ${before} became ${text}`)
    }
    await save(file, good(version))
    const { text } = await server.get(path)
    if (!text.replaceAll('\\', '').includes(`"version":${version},`))
      wrong.push(`version ${version} of ${file}: ${text}`)
  }

  expect(wrong).toEqual([])
  await expectNothingLost(server, hono, state)
  await expectOneTimer(server, 100)
  expect(String(server.log)).not.toContain('EADDRINUSE')
})

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T
}

/** Numbers in `[0, 1)`, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
