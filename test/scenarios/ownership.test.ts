import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/process/eventually.ts'
import { createStory, HOSTS, type HostName, type Story, type StoryFile } from '../support/story/index.ts'
import { OWNED_KINDS, type OwnedKind } from './owned-kinds.ts'

const AXES = HOSTS.flatMap((host) => OWNED_KINDS.map((kind) => ({ host, kind, name: kind.name })))

describe.each(AXES)('$name of start-up in $host', ({ host, kind }) => {
  const expectCount = (count: number) => eventually(() => expect(kind.count()).toBe(count))

  beforeEach(() => expectCount(0))

  test('there is one after the start, and one after 20 re-runs', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const { story, server } = await start(host, kind, `export const thing = make('0')`)
    expect(await story.call('ask')).toBe('0')
    await expectCount(1)

    for (let run = 1; run <= 20; run += 1)
      expect(await story.edit(server, [`make('${run - 1}')`, `make('${run}')`])).toMatchObject({ rung: 're-run' })

    expect(await story.call('ask')).toBe('20')
    await expectCount(1)
    expect(await story.call('ends')).toEqual([])
    expect(warnings).toEqual([])
  })

  test('it is gone when its statement is removed', async () => {
    const { story, server } = await start(host, kind, `export const thing = make('one')`)
    expect(await story.call('ask')).toBe('one')

    expect(await story.edit(server, [`make('one')`, `{ ask: async () => 'none' }`])).not.toMatchObject({
      rung: 'failed',
    })

    await expectCount(0)
    expect(await story.call('ask')).toBe('none')
  })

  test.each([
    ['at once', `throw new Error('no')`],
    ['after an await', `await Promise.resolve()\n throw new Error('no')`],
  ])('the old one lives, and the new one goes, if the re-run throws %s', async (_, failing) => {
    const { story, server } = await start(host, kind, `export const thing = make('one')`)
    expect(await story.call('ask')).toBe('one')

    const failed = await story.edit(server, [`make('one')`, `make('two')\n ${failing}`])
    expect(failed).toMatchObject({ rung: 'failed' })
    await expectCount(1)
    expect(await story.call('ask')).toBe('one')

    const good = await story.edit(server, [`make('two')\n ${failing}`, `make('three')`])
    expect(good).toMatchObject({ rung: 're-run' })
    await expectCount(1)
    expect(await story.call('ask')).toBe('three')
  })

  test('it is owned after an await in main()', async () => {
    const { story, server } = await start(
      host,
      kind,
      `let thing: ReturnType<typeof make>
       async function main() { await Promise.resolve(); await new Promise(setImmediate); thing = make('one') }
       await main()`,
    )
    expect(await story.call('ask')).toBe('one')
    await expectCount(1)

    expect(await story.edit(server, [`make('one')`, `make('two')`])).toMatchObject({ rung: 're-run' })
    expect(await story.call('ask')).toBe('two')
    await expectCount(1)
  })

  test('one that a request makes is left alone', async () => {
    const { story, server } = await start(host, kind, `export const thing = make('one')`)
    await story.call('request')
    expect(await story.call('ask')).toBe('one')
    await expectCount(2)

    expect(await story.edit(server, [`make('one')`, `make('two')`])).toMatchObject({ rung: 're-run' })

    expect(await story.call('ask')).toBe('two')
    await expectCount(2)
    await story.call('endRequested')
    await expectCount(1)
  })
})

async function start(
  host: HostName,
  kind: OwnedKind,
  startUp: string,
): Promise<{ readonly story: Story; readonly server: StoryFile }> {
  const story = await createStory({ host })
  story.file('watched.txt', '')
  process.env.WATCHED = join(story.root, 'watched.txt')
  process.env.PORT = String(await freePort())
  const server = story.module(`
    import { once } from 'node:events'
    ${kind.imports}
    const heardOfEnd: string[] = []
    function make(tag: string) { ${kind.make} }
    ${startUp}
    export const ask = () => thing.ask()
    let requested: ReturnType<typeof make> | undefined
    export const request = () => { requested = make('request') }
    export const endRequested = () => requested?.end()
    export const ends = () => heardOfEnd
    export const probe = () => 1`)
  await story.start(server)
  // The last version is ended as any other: by an edit that makes nothing.
  onTestFinished(async () => {
    await story.edit(server, 'export const probe = () => 0')
  })
  return { story, server }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
