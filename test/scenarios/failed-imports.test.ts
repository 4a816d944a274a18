import type { Plugin } from 'vite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createStory, HOSTS, type Story, type StoryOptions } from '../support/story/index.ts'

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

describe.each(HOSTS)('a module that comes back into use in %s', (host) => {
  /** `server.ts` imports `extra.ts`, and that `below.ts`. Then it does not, and then it does again. */
  async function goAndComeBack(): Promise<{ story: Story; started: Set<string> }> {
    const { story, started } = await startWithTimers(host)
    await story.edit('server.ts', (source) => `import './extra.ts'\n${source}`)
    expect([...started]).toEqual(['below', 'extra'])
    await story.edit('server.ts', ["import './extra.ts'", ''])
    expect([...started]).toEqual([])
    await story.edit('server.ts', (source) => `import './extra.ts'\n${source}`)
    return { story, started }
  }

  test('runs anew, and so does what it imports, which can be edited', async () => {
    const { story, started } = await goAndComeBack()

    expect([...started]).toEqual(['below', 'extra'])
    expect(await story.edit('below.ts', ["open('below')", "open('deeper')"])).toMatchObject({ rung: 're-run' })
    expect([...started]).toEqual(['extra', 'deeper'])
    expect(await story.edit('extra.ts', ["open('extra')", "open('more')"])).toMatchObject({ rung: 're-run' })
    expect([...started]).toEqual(['deeper', 'more'])
  })

  test('has the text that it was given meanwhile', async () => {
    const { story, started } = await startWithTimers(host)
    await story.edit('server.ts', (source) => `import './extra.ts'\n${source}`)
    await story.edit('server.ts', ["import './extra.ts'", ''])

    await story.edit('below.ts', ["open('below')", "open('deeper')"])
    expect([...started]).toEqual([])
    await story.save({
      'server.ts': `import './extra.ts'\n${story.read('server.ts')}`,
      'extra.ts': ["open('extra')", "open('more')"],
    })

    expect([...started]).toEqual(['deeper', 'more'])
  })

  test('is one, for all who import it', async () => {
    const { story, started } = await goAndComeBack()

    await story.save({
      'other.ts': `import './below.ts'\nimport './extra.ts'`,
      'server.ts': `import './other.ts'\n${story.read('server.ts')}`,
    })

    expect([...started]).toEqual(['below', 'extra'])
    await story.edit('below.ts', ["open('below')", "open('deeper')"])
    expect([...started]).toEqual(['extra', 'deeper'])
  })

  test('can be imported by a new module: that sees what it is now', async () => {
    const { story, started } = await startWithTimers(host)
    story.file('held.ts', `export const held = open('held')\nexport const name = 'one'`)
    await story.edit('server.ts', (source) => `import './held.ts'\n${source}`)
    await story.edit('server.ts', ["import './held.ts'", ''])
    expect([...started]).toEqual([])

    await story.save({
      'held.ts': ["'one'", "'two'"],
      'new.ts': `import { held, name } from './held.ts'\nexport const mine = held\nexport const names = [name]`,
      'server.ts':
        `import { mine, names } from './new.ts'\nimport { held } from './held.ts'\n${story.read('server.ts')}` +
        `\nexport const same = () => [mine === held, names]`,
    })

    expect([...started]).toEqual(['held'])
    expect(await story.call('same')).toEqual([true, ['two']])
    await story.edit('held.ts', ["'two'", "'three'"])
    expect(await story.call('same')).toEqual([true, ['three']])
  })

  test.each([
    ['an excluded one', { exclude: /held\.ts$/ }],
    ['one that imports an excluded one', { exclude: /below\.ts$/ }],
  ])('%s does as well', async (_, options) => {
    const { story, started } = await startWithTimers(host, { options })
    // What a module that runs as a whole keeps in variables is not known.
    story.file('below.ts', `open('below', new AbortController())`)
    story.file('held.ts', `import './below.ts'\nopen('held', new AbortController())`)
    await story.edit('server.ts', (source) => `import './held.ts'\n${source}`)
    expect([...started]).toEqual(['below', 'held'])
    await story.edit('server.ts', ["import './held.ts'", ''])
    expect([...started]).toEqual([])

    await story.edit('server.ts', (source) => `import './held.ts'\n${source}`)
    expect([...started]).toEqual(['below', 'held'])
    await story.save({ 'below.ts': ["'below'", "'deeper'"], 'held.ts': ["'held'", "'more'"] })
    expect([...started]).toEqual(['deeper', 'more'])
    await story.edit('server.ts', ["import './held.ts'", ''])
    expect([...started]).toEqual([])
  })

  // Vite's module runner does not find a virtual module that an edit has imported.
  test.runIf(host === 'vite-node')('a virtual one does as well', async () => {
    const virtual: Plugin = {
      name: 'virtual-held',
      resolveId: (id) => (id === 'virtual:held.ts' ? '\0virtual:held.ts' : undefined),
      load: (id) => (id === '\0virtual:held.ts' ? `export const held = open('held')` : undefined),
    }
    const { story, started } = await startWithTimers(host, { plugins: () => [virtual] })
    await story.edit('server.ts', (source) => `import 'virtual:held.ts'\n${source}`)
    expect([...started]).toEqual(['held'])
    await story.edit('server.ts', ["import 'virtual:held.ts'", ''])
    expect([...started]).toEqual([])

    await story.edit('server.ts', (source) => `import 'virtual:held.ts'\n${source}`)
    expect([...started]).toEqual(['held'])
  })

  test('is what a new module sees, though the first update with both fails', async () => {
    const { story } = await startWithTimers(host)
    story.file('held.ts', `export const held = { name: 'one' }`)
    await story.edit('server.ts', (source) => `import './held.ts'\n${source}`)
    await story.edit('server.ts', ["import './held.ts'", ''])

    const failed = await story.save({
      'new.ts': `import { held } from './held.ts'\nexport const mine = held`,
      'server.ts': `import { mine } from './new.ts'\nimport { held } from './held.ts'\n${story.read('server.ts')}\nexport const same = () => mine === held\noops()`,
    })
    expect(failed).toMatchObject({ failure: { code: 'rerun_failed' } })
    await story.edit('server.ts', ['\noops()', ''])

    expect(await story.call('same')).toBe(true)
  })

  test('can throw, and come back with the next save', async () => {
    const { story, started } = await startWithTimers(host)
    await story.edit('server.ts', (source) => `import './extra.ts'\n${source}`)
    await story.edit('server.ts', ["import './extra.ts'", ''])

    expect(
      await story.save({
        'extra.ts': ["open('extra')", "open('extra'); oops()"],
        'server.ts': `import './extra.ts'\n${story.read('server.ts')}`,
      }),
    ).toMatchObject({ failure: { code: 'import_failed' } })
    await story.edit('extra.ts', ['; oops()', ''])

    expect([...started]).toEqual(['below', 'extra'])
    await story.edit('below.ts', ["open('below')", "open('deeper')"])
    expect([...started]).toEqual(['extra', 'deeper'])
    await story.edit('server.ts', ["import './extra.ts'", ''])
    expect([...started]).toEqual([])
  })
})

function route(name: string): string {
  return `export default function register(app) { app.${name} = () => 'one' }`
}

/** `open(name)` starts something that is disposed of with the unit that holds it; with a controller, when that aborts. */
async function startWithTimers(
  host: (typeof HOSTS)[number],
  options: Omit<StoryOptions, 'host'> = {},
): Promise<{ story: Story; started: Set<string> }> {
  const started = new Set<string>()
  const open = (name: string, { signal }: Partial<AbortController> = {}): Disposable => {
    started.add(name)
    signal?.addEventListener('abort', () => started.delete(name))
    return { [Symbol.dispose]: () => void started.delete(name) }
  }
  Object.assign(globalThis, { open })
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'open'))
  const story = await createStory({ host, ...options })
  story.file('below.ts', `const held = open('below')`)
  story.file('extra.ts', `import './below.ts'\nconst held = open('extra')`)
  await story.start(story.module(`export const probe = () => 'one'`, 'server.ts'))
  return { story, started }
}
