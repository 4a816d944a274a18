import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { eventually, HOT_NODE, projectOf, startProgram } from '../../support/process/index.ts'

/** Programs that live until they are told to end, and how they take that. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'without handlers': ``,
  'with a handler that closes and ends by itself': `
    let count = 0
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => { console.log(signal, ++count); setTimeout(() => clearInterval(life), 300) })`,
  'with a handler that exits': `
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, (_, number) => { console.log(signal, number); process.exit(128 + number) })`,
}

test.for(
  Object.entries(PROGRAMS).flatMap(([name, source]) =>
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => [signal, name, source] as const),
  ),
)('%s reaches a program %s, as under node', async ([signal, , source]) => {
  const project = projectOf({
    'program.mjs': `const life = setInterval(() => {}, 1000)\n${source}\nconsole.log('ready')`,
  })
  const [plain, hot] = await Promise.all(
    [[], [HOT_NODE]].map(async (command) => {
      const { child, log, run } = startProgram([...command, 'program.mjs'], project.root)
      await log.waitForLine(/^ready$/)
      child.kill(signal)
      return run
    }),
  )

  expect(hot).toEqual(plain)
})

test.for(['SIGUSR2', 'SIGWINCH', 'SIGQUIT'] as const)('%s reaches the program', async (signal) => {
  const project = projectOf({
    'program.mjs': `process.once('${signal}', () => { console.log('heard'); clearInterval(life) })
      const life = setInterval(() => {}, 1000)\nconsole.log('ready')`,
  })
  const { child, log, run } = startProgram([HOT_NODE, 'program.mjs'], project.root)
  await log.waitForLine(/^ready$/)

  child.kill(signal)

  expect(await run).toMatchObject({ code: 0, stdout: 'ready\nheard\n' })
})

test('SIGUSR1 opens the inspector of the program, and not that of the supervisor', async () => {
  const project = projectOf({
    'program.mjs': `process.debugPort = 0\nsetInterval(() => {}, 1000)\nconsole.log('ready')`,
  })
  const { child, log } = startProgram([HOT_NODE, 'program.mjs'], project.root)
  await log.waitForLine(/^ready$/)

  child.kill('SIGUSR1')

  await log.waitForLine(/^Debugger listening on /)
  expect(String(log).match(/Debugger listening/g)).toHaveLength(1)
})

test('whoever kills the supervisor kills the program', async () => {
  const project = projectOf({ 'program.mjs': `setInterval(() => {}, 1000)\nconsole.log('ready')` })
  const { child, log, run } = startProgram([HOT_NODE, 'program.mjs'], project.root)
  await log.waitForLine(/^ready$/)

  child.kill('SIGKILL')

  // The output is closed when the program has ended, too.
  expect(await run).toMatchObject({ signal: 'SIGKILL' })
})

test('what stops the supervisor stops the program, and both go on together', async () => {
  const project = projectOf({
    'program.mjs': `setInterval(() => console.log('ticks'), 20)\nprocess.on('SIGCONT', () => console.log('goes on'))
      console.log('ready ' + process.pid)`,
  })
  const { child, log } = startProgram([HOT_NODE, 'program.mjs'], project.root)
  const [, pid = ''] = await log.waitForLine(/^ready (\d+)$/)
  const both = [pid, String(child.pid)]

  child.kill('SIGTSTP')
  await eventually(() => expect(both.map(stateOf)).toEqual(['T', 'T']))

  child.kill('SIGCONT')
  await log.waitForLine(/^goes on$/)
  expect(both.map(stateOf)).not.toContain('T')
})

/** One letter, as Linux and others have it. */
function stateOf(pid: string): string {
  return execFileSync('ps', ['-o', 'state=', '-p', pid], { encoding: 'utf8' }).trim().slice(0, 1)
}
