import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HAS_TERMINAL, HOT_NODE, projectOf, request, startAtTerminal } from '../../support/process/index.ts'

const SERVER = `
import http from 'node:http'
import { answer } from './answer.ts'
const server = http.createServer((_request, response) => response.end(answer() + ' ' + process.pid))
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port))
`
const ANSWER = `export const answer = (): string => 'one'\n`
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

async function start(files: Readonly<Record<string, string>> = {}, options: readonly string[] = []) {
  const project = projectOf({ 'server.ts': SERVER, 'answer.ts': ANSWER, ...files })
  const { log, type, run } = startAtTerminal([HOT_NODE, ...options, 'server.ts'], project.root)
  await log.waitForLine(/press h \+ enter to show help/)
  return { project, log, type, run }
}

// Without util-linux there is nothing to make a terminal with.
describe.skipIf(!HAS_TERMINAL)('at a terminal', () => {
  test('h tells the keys, and q quits with 0', async () => {
    const { log, type, run } = await start()
    await log.waitForLine(/^listening on /)

    type('h\r')
    for (const key of ['r', 'u', 'q']) await log.waitForLine(new RegExp(`press ${key} \\+ enter to `))

    type('q\r')
    expect(await run).toMatchObject({ code: 0 })
  })

  test('q lets the server end as it does when it is told to, and ends with its code', async () => {
    const { log, type, run } = await start({
      'server.ts': `process.on('SIGTERM', () => { console.log('told'); process.exit(7) })\n${SERVER}`,
    })
    await log.waitForLine(/^listening on /)

    type('q\r')

    await log.waitForLine(/^told$/)
    expect(await run).toMatchObject({ code: 7 })
  })

  test('r starts another process, with the port', async () => {
    const { log, type } = await start()
    const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
    const before = (await request(url)).text

    type('r\r')

    await log.waitForLine(/ \[hot-node\] restarted, its listening socket was handed over · \d+ ms$/)
    expect((await request(url)).text).not.toBe(before)
  })

  test('u with a file that is broken names that file alone', async () => {
    const { project, log, type } = await start()
    await log.waitForLine(/^listening on /)
    project.save('answer.ts', 'export const answer = () => ( \n')
    await log.waitForLine(/the running code is behind answer\.ts until the next good save$/)

    type('u\r')

    const [line] = await log.waitForLine(/the running code is behind .*$/)
    expect(line).toBe('the running code is behind answer.ts until the next good save')
  })

  test('with --clear-screen, r clears the terminal', async () => {
    const cleared = '\u001B[2J'
    for (const options of [['--clear-screen'], []]) {
      const { log, type, run } = await start({}, options)
      await log.waitForLine(/^listening on /)
      type('r\r')
      await log.waitForLine(/ \[hot-node\] restarted, /)
      type('q\r')
      const { stdout } = await run
      expect(stdout.split(cleared)).toHaveLength(options.length + 1)
    }
  })

  test('r kills a server that is in an endless loop', async () => {
    const { project, log, type } = await start()
    const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
    await request(url)
    project.save('answer.ts', ANSWER.replace("'one'", `{ console.log('endless'); while (true); }`))
    await log.waitForLine(/ \[hot-node\] patched answer\.ts/)
    void request(url).catch(() => undefined)
    await log.waitForLine(/^endless$/)
    project.save('answer.ts', ANSWER.replace('one', 'two'))

    type('r\r')

    await log.waitForLine(/ \[hot-node\] server\.ts has not answered for 3 s, and is killed$/)
    const [, again = ''] = await log.waitForLine(/^listening on (http\S+)$/)
    expect((await request(again)).text).toMatch(/^two /)
  })

  test('u applies what could not be applied, or says that all is', async () => {
    const { project, log, type } = await start()
    const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
    type('u\r')
    await log.waitForLine(/ \[hot-node\] up to date: nothing is saved that does not run$/)

    // What it lacks is out of sight of any watcher.
    const needed = path.join(tmpdir(), `hot-node-needed-${process.pid}`)
    onTestFinished(() => rmSync(needed, { force: true }))
    project.save('answer.ts', `import { readFileSync } from 'node:fs'\n${ANSWER}readFileSync('${needed}')\n`)
    await log.waitForLine(/ \[hot-node\] update failed: .*ENOENT/)
    writeFileSync(needed, '')
    type('u\r')

    await log.waitForLine(/ \[hot-node\] re-ran answer\.ts: readFileSync/)
    expect((await request(url)).text).toMatch(/^one /)
  })

  test('u starts a server again that has failed', async () => {
    const needed = path.join(tmpdir(), `hot-node-needed-again-${process.pid}`)
    onTestFinished(() => rmSync(needed, { force: true }))
    const { log, type } = await start({
      'answer.ts': `import { readFileSync } from 'node:fs'\n${ANSWER}readFileSync('${needed}')\n`,
    })
    await log.waitForLine(/ \[hot-node\] waits for a save$/)
    writeFileSync(needed, '')
    type('u\r')

    const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
    expect((await request(url)).text).toMatch(/^one /)
    expect(String(log)).not.toContain('up to date')
  })

  test('r while a config is awaited that can be read: the next save of it starts the server once', async () => {
    const { project, log, type } = await start({ 'vite.config.ts': 'export default {{{' })
    await log.waitForLine(/ \[hot-node\] waits for a save$/)
    type('r\r')
    await log.waitForLine(/ \[hot-node\] waits for a save$/)
    const mark = log.mark()

    project.save('vite.config.ts', `console.log('read by a process')\nexport default {}`)
    const [, url = ''] = await log.waitForLine(/^listening on (http\S+)$/)
    // Several, as it takes a while to start another process.
    for (const word of ['two', 'three', 'four']) {
      project.save('answer.ts', ANSWER.replace('one', word))
      await log.waitForLine(/ \[hot-node\] patched answer\.ts/)
      expect((await request(url)).text).toMatch(new RegExp(`^${word} `))
    }
    expect(log.since(mark).match(/^read by a process$/gm)).toHaveLength(1)
    expect(log.since(mark).match(/^listening on /gm)).toHaveLength(1)
  })

  test('other lines are for the program', async () => {
    const { log, type } = await start({
      'server.ts': `process.stdin.setEncoding('utf8').on('data', (line) => console.log('read ' + line.trim()))
        .on('end', () => console.log('end'))\nsetInterval(() => {}, 1000)`,
    })
    type('ready?\r')
    await log.waitForLine(/^read ready\?$/)
    type(CTRL_D)
    await log.waitForLine(/^end$/)
    expect(String(log).match(/^read /gm)).toHaveLength(1)
  })

  test('Ctrl-C reaches the program once', async () => {
    const { log, type, run } = await start({
      'server.ts': `let count = 0
        process.on('SIGINT', () => { console.log('heard ' + ++count); setTimeout(() => process.exit(130), 300) })\n${SERVER}`,
    })
    await log.waitForLine(/^listening on /)

    type(CTRL_C)

    const { code, stdout } = await run
    expect(code).toBe(130)
    expect(stdout.match(/heard/g)).toHaveLength(1)
  })

  test('Ctrl-C ends a program that does not listen for it, and the command by the same signal', async () => {
    const { log, type, run } = await start()
    await log.waitForLine(/^listening on /)

    type(CTRL_C)

    expect(await run).toMatchObject({ code: 130 })
  })

  test('a server that failed waits for a save, and q ends with its code', async () => {
    const { log, type, run } = await start({ 'server.ts': `process.exit(3)` })
    await log.waitForLine(/ \[hot-node\] server\.ts ended with code 3; the next save starts it again$/)
    await log.waitForLine(/ \[hot-node\] waits for a save$/)

    type('q\r')

    expect(await run).toMatchObject({ code: 3 })
  })
})
