import { expect, test } from 'vitest'
import { HOSTS, startServer } from '../support/process/index.ts'
import { patchedLine } from './expectations.ts'
import { PLAYGROUNDS, type PlaygroundAxis } from './playgrounds.ts'

const http = PLAYGROUNDS.find(({ name }) => name === 'http') as PlaygroundAxis

const SPANS = ['event', 'read', 'transform', 'parse', 'wait', 'send', 'diff', 'apply']
const LINE = /hot-node:timing (\S+) (\S+) ([\d.]+) ms: (.+)$/

test.for(HOSTS)('DEBUG=hot-node:timing says where the time of an update went: %s', async (host) => {
  const { file, from, to } = http.handler
  const server = await startServer('http', { host, variables: { DEBUG: 'hot-node:timing' } })

  server.project.edit(file, from, to)
  const [, rung, saved, total, spans = ''] = await server.log.waitForLine(LINE)
  await server.log.waitForLine(patchedLine(file))

  const parts = spans.split(', ').map((text) => text.split(' '))
  expect([rung, saved]).toEqual(['patch', file])
  expect(parts.map(([name]) => name)).toEqual(SPANS)
  // Each is rounded to a hundredth.
  expect(parts.reduce((sum, [, ms]) => sum + Number(ms), 0)).toBeCloseTo(Number(total), 1)
  const ms = Object.fromEntries(parts)
  for (const span of ['read', 'transform', 'parse', 'send', 'diff', 'apply'])
    expect(Number(ms[span])).toBeGreaterThan(0)

  server.project.edit(file, to, 'syntax error )')
  expect((await server.log.waitForLine(LINE))[1]).toBe('failed')
})

test('without it, nothing is printed', async () => {
  const { file, from, to } = http.handler
  const server = await startServer('http', { variables: { DEBUG: 'something:else' } })

  server.project.edit(file, from, to)
  await server.log.waitForLine(patchedLine(file))

  expect(String(server.log)).not.toContain('hot-node:timing')
})
