import { describe, expect, onTestFinished, test } from 'vitest'
import { createStory, HOSTS, type Story } from '../support/story/index.ts'

describe.each(HOSTS)('what a failed update has loaded in %s', (host) => {
  test('does not hold up later updates when its file is deleted', async () => {
    const story = await createStory({ host })
    story.file('routes/a.ts', `export default function register(app) { app.a = () => 'one' }`)
    const server = story.module(
      `const app: Record<string, () => string> = {}
      const files = import.meta.glob<any>('./routes/*.ts', { eager: true })
      for (const module of Object.values(files)) module.default(app)
      export const probe = () => Object.entries(app).map(([name, answer]) => name + answer())`,
      'server.ts',
    )
    await story.start(server)

    expect(await story.edit('routes/a.ts', ['{ app', '{ oops(); app'])).toMatchObject({ rung: 'failed' })
    expect(await story.create('routes/h.ts', route('h'))).toMatchObject({ rung: 'failed' })
    expect(await story.create('routes/k.ts', route('k'))).toMatchObject({ rung: 'failed' })
    expect(await story.remove('routes/h.ts')).toMatchObject({
      failure: { code: 'rerun_failed', message: expect.stringContaining('oops') },
    })
    expect(await story.probe()).toMatchObject({ value: ['aone'] })

    expect(await story.edit('routes/a.ts', ['oops(); ', ''])).toMatchObject({ rung: 're-run' })
    expect(await story.probe()).toMatchObject({ value: ['aone', 'kone'] })
    expect(await story.edit(server, ['name + answer()', 'answer() + name'])).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toMatchObject({ value: ['onea', 'onek'] })
    expect(await story.edit('routes/k.ts', ["'one'", "'two'"])).not.toMatchObject({ rung: 'failed' })
    expect(await story.probe()).toMatchObject({ value: ['onea', 'twok'] })
  })

  test('goes out of use, with its timers, when the next update does not import it', async () => {
    const { story, started } = await startWithTimers(host)

    expect(
      await story.edit('server.ts', (source) => `import './extra.ts'\nexport const x = oops()\n${source}`),
    ).toMatchObject({ rung: 'failed' })
    expect([...started]).toEqual(['below', 'extra'])

    expect(await story.edit('server.ts', (source) => source.split('\n').slice(2).join('\n'))).toMatchObject({
      rung: 'nothing',
    })
    expect([...started]).toEqual([])
  })

  test('stays, and has run once, when the next update imports it', async () => {
    const { story, started } = await startWithTimers(host)
    await story.edit('server.ts', (source) => `import './extra.ts'\nexport const x = oops()\n${source}`)

    await story.edit('server.ts', ['oops()', '1'])

    expect([...started]).toEqual(['below', 'extra'])
    await story.edit('below.ts', ['below', 'deeper'])
    expect([...started]).toEqual(['extra', 'deeper'])
  })

  test('may be deleted when what imported it threw', async () => {
    const { story, started } = await startWithTimers(host)
    await story.edit('extra.ts', (source) => `${source}\noops()`)
    expect(await story.edit('server.ts', (source) => `import './extra.ts'\n${source}`)).toMatchObject({
      failure: { code: 'import_failed' },
    })

    expect(await story.edit('server.ts', (source) => source.split('\n').slice(1).join('\n'))).toMatchObject({
      rung: 'nothing',
    })
    expect([...started]).not.toContain('below')
    await story.remove('below.ts')
    expect(await story.edit('server.ts', ["'one'", "'two'"])).toMatchObject({ rung: 'patch' })
  })
})

function route(name: string): string {
  return `export default function register(app) { app.${name} = () => 'one' }`
}

/** `open(name)` starts something that is disposed of with the unit that holds it. */
async function startWithTimers(host: (typeof HOSTS)[number]): Promise<{ story: Story; started: Set<string> }> {
  const started = new Set<string>()
  const open = (name: string): Disposable => {
    started.add(name)
    return { [Symbol.dispose]: () => void started.delete(name) }
  }
  Object.assign(globalThis, { open })
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'open'))
  const story = await createStory({ host })
  story.file('below.ts', `const held = open('below')`)
  story.file('extra.ts', `import './below.ts'\nconst held = open('extra')`)
  await story.start(story.module(`export const probe = () => 'one'`, 'server.ts'))
  return { story, started }
}
