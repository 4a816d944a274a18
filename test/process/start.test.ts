import { once } from 'node:events'
import path from 'node:path'
import { expect, test } from 'vitest'
import { request, spawnNode } from '../support/process/index.ts'

const PLAYGROUND = path.resolve(import.meta.dirname, '../../playground')

test('npm run playground serves, says what to edit, and ends on the signal it gets', async () => {
  const { child, log } = spawnNode(['start.mjs', 'http'], PLAYGROUND)
  await log.waitForLine(/^Edit playground\/http\/src\/services\/room\.ts: /)
  await log.waitForLine(/^Edit playground\/http\/server\.ts: /)
  const [, url] = await log.waitForLine(/^listening on (http:\S+)$/)
  expect((await request(`${url}/status`)).status).toBe(200)

  const ended = once(child, 'close')
  child.kill('SIGTERM')

  expect(await ended).toEqual([143, null])
  await expect(request(`${url}/status`)).rejects.toThrow('was not answered')
})

test('npm run playground names the playgrounds when asked for another', async () => {
  const { child, log } = spawnNode(['start.mjs', 'koa'], PLAYGROUND)
  const ended = once(child, 'close')
  await log.waitForLine(/http, hono, express, fastify/)
  expect(await ended).toEqual([1, null])
})
