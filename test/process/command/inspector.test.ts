import { expect, test } from 'vitest'
import { Debugger, eventually, HOT_NODE, projectOf, startProgram } from '../../support/process/index.ts'

const SERVER = `
interface Answer {
  readonly text: string
}
const answer: Answer = { text: 'x' }
console.log('begun')
import('node:http').then(({ createServer }) =>
  createServer((_, response) => response.end(answer.text)).listen(0, '127.0.0.1', () => console.log('ready')),
)
`

test('--inspect-brk stops at the first statement of the entry, before anything of it runs', async () => {
  const project = projectOf({ 'server.ts': SERVER })
  const { log } = startProgram([HOT_NODE, '--inspect-brk=127.0.0.1:0', 'server.ts'], project.root)
  const [, url = ''] = await log.waitForLine(/^Debugger listening on (ws:\S+)$/)
  const debug = await Debugger.attach(url)
  expect(String(log)).not.toContain('begun')

  await debug.run()

  await log.waitForLine(/^begun$/)
  const stops = await eventually(() => {
    const found = debug.takeStops()
    expect(found).not.toEqual([])
    return found
  })
  expect(stops).toEqual([{ file: expect.stringMatching(/server\.ts$/) as string, line: 5 }])
})

test('--inspect opens an inspector, and after a restart the next process has its port', async () => {
  const project = projectOf({ 'server.ts': SERVER, 'again.json': '0' })
  const { log } = startProgram([HOT_NODE, '--inspect=0', '--include=again.json', 'server.ts'], project.root)
  const [, first = ''] = await log.waitForLine(/^Debugger listening on (ws:\S+)$/)
  await Debugger.attach(first)
  await log.waitForLine(/^ready$/)

  project.save('again.json', '1')

  const [, second = ''] = await log.waitForLine(/^Debugger listening on (ws:\S+)$/)
  await log.waitForLine(/ \[hot-node\] restarted/)
  await Debugger.attach(second)
  expect(second).not.toBe(first)
  expect(String(log)).not.toMatch(/already in use/)
})
