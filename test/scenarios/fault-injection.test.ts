import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/protocol/outcome.ts'
import { createColdOracle } from '../support/story/cold.ts'
import { faultsIn, type Fault } from '../support/story/faults.ts'
import { createStory, HOSTS, type Story } from '../support/story/index.ts'
import { applyChange, type Changes } from '../support/story/row.ts'
import { EDIT, SERVER } from './fault-injection/server.ts'

const EDITED: typeof SERVER = {
  ...SERVER,
  'config.ts': applyChange('config.ts', SERVER['config.ts'] as string, EDIT) as string,
}

/** What a cold start of each version answers. */
const answers = new Map<object, unknown>()

/** Throws in turn at every statement that a cold start runs. */
const faults: (Fault & { readonly file: string })[] = []

const intervals: NodeJS.Timeout[] = []
const { setInterval: original } = globalThis

beforeAll(async () => {
  Object.assign(globalThis, {
    setInterval: (...args: Parameters<typeof setInterval>) => {
      const timer = original(...args)
      if ((args[1] ?? 0) >= 1_000_000) intervals.push(timer)
      return timer
    },
  })
  const root = join(import.meta.dirname, '../.tmp/stories', `faults-${process.pid}`)
  mkdirSync(root, { recursive: true })
  for (const [file, source] of Object.entries(EDITED)) writeFileSync(join(root, file), source)
  // A start is all that is asked for: a throw where requests are served is none of a start.
  writeFileSync(
    join(root, 'start.ts'),
    `import * as server from './server.ts'
export const probe = () => true
export const stop = () => server.stop().catch(() => undefined)
`,
  )
  const cold = await createColdOracle(root)
  try {
    for (const [file, source] of Object.entries(EDITED))
      for (const fault of faultsIn(file, source)) {
        writeFileSync(join(root, file), fault.inject(source))
        const result = await cold.start(join(root, 'start.ts'))
        writeFileSync(join(root, file), source)
        if ('failedToStart' in result) faults.push({ ...fault, file })
      }
    for (const version of [EDITED, SERVER]) {
      for (const [file, source] of Object.entries(version)) writeFileSync(join(root, file), source)
      answers.set(version, ((await cold.start(join(root, 'server.ts'))) as { answer: unknown }).answer)
    }
  } finally {
    await cold.close()
    rmSync(root, { recursive: true, force: true })
    process.removeAllListeners('SIGUSR2')
    for (const timer of intervals.splice(0)) clearInterval(timer)
  }
}, 60_000)

afterAll(() => {
  Object.assign(globalThis, { setInterval: original })
})

const UNSETTLED: unknown = expect.stringContaining('has not settled')

const INJECTED: unknown = expect.stringContaining('injected in line')

/** Faults of a kind that a re-run is to notice wherever it comes by. */
function allFaults(kind: 'rejection' | 'endless'): (Fault & { readonly file: string })[] {
  return Object.entries(EDITED).flatMap(([file, source]) =>
    faultsIn(file, source, kind).map((fault) => ({ ...fault, file })),
  )
}

interface Observed {
  readonly answer: unknown
  readonly retained: Record<string, unknown>
  readonly resources: Record<string, number>
  readonly port: unknown
}

/** All that can be seen of the running server from outside. */
async function observe(story: Story): Promise<Observed> {
  return {
    answer: await story.probe(),
    retained: (await story.call('retained')) as Record<string, unknown>,
    resources: {
      timers: intervals.filter((timer) => !Reflect.get(timer, '_destroyed')).length,
      servers: process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length,
      signals: process.listenerCount('SIGUSR2'),
    },
    port: await story.call('port'),
  }
}

async function expectSame(story: Story, before: Observed, place: string): Promise<void> {
  const { retained, ...after } = await observe(story)
  const { retained: retainedBefore, ...expected } = before
  expect({ place, ...after }).toStrictEqual({ place, ...expected })
  const others = Object.keys(retainedBefore).filter((name) => retained[name] !== retainedBefore[name])
  expect({ place, others }).toStrictEqual({ place, others: [] })
  // Handlers, timers and listeners of the old version still change its state.
  const count = (await story.call('count')) as number
  expect(await story.call('count')).toBe(count + 1)
}

/** The repair is applied, and leaves as much behind as there was before the failure. */
async function expectGood(
  story: Story,
  before: Observed,
  { place, to, good }: { readonly place: string; readonly to: typeof SERVER; readonly good: Outcome | undefined },
): Promise<void> {
  const { answer, resources, port } = await observe(story)
  expect({ place, ...good, answer, resources, port }).toMatchObject({
    rung: 're-run',
    answer: answers.get(to),
    resources: before.resources,
    port: before.port,
  })
}

async function startStory(host: (typeof HOSTS)[number]): Promise<Story> {
  const story = await createStory({ host })
  for (const [file, source] of Object.entries(SERVER)) story.file(file, source)
  await story.start('server.ts')
  return story
}

describe.each(HOSTS)('a re-run that fails in %s', (host) => {
  test('a throw at every statement of it in turn', { timeout: 120_000 }, async () => {
    const story = await startStory(host)
    expect(faults.length).toBeGreaterThan(50)
    let [from, to] = [SERVER, EDITED]
    for (const { file, place, inject } of faults) {
      const before = await observe(story)

      const config = to['config.ts'] as string
      const failed = await story.save({ 'config.ts': config, [file]: inject(to[file] as string) })
      expect({ place, ...failed }).toMatchObject({ rung: 'failed', failure: { message: INJECTED } })
      await expectSame(story, before, place)

      await expectGood(story, before, { place, to, good: await story.save({ [file]: to[file] as string }) })
      ;[from, to] = [to, from]
    }
  })

  test('a promise that is rejected and not awaited, at every statement of a module', { timeout: 120_000 }, async () => {
    const story = await startStory(host)
    const rejections = allFaults('rejection')
    expect(rejections.length).toBeGreaterThan(20)
    let [from, to] = [SERVER, EDITED]
    for (const { file, place, inject } of rejections) {
      const before = await observe(story)

      const config = to['config.ts'] as string
      const failed = await story.save({ 'config.ts': config, [file]: inject(to[file] as string) })
      expect({ place, ...failed }).toMatchObject({ rung: 'failed', failure: { message: INJECTED } })
      await expectSame(story, before, place)

      await expectGood(story, before, { place, to, good: await story.save({ [file]: to[file] as string }) })
      ;[from, to] = [to, from]
    }
  })

  test('one that never settles, at every statement that may wait in turn', { timeout: 120_000 }, async () => {
    const story = await startStory(host)
    const all = allFaults('endless').filter(({ place }) => faults.some((fault) => fault.place === place))
    // One at the top level is like another, and each takes a second.
    const endless = all.filter(({ file, context }, at) => context !== 'module' || all[at + 1]?.file !== file)
    expect(endless.length).toBeGreaterThan(10)
    let [from, to] = [SERVER, EDITED]
    for (const { file, place, inject } of endless) {
      const before = await observe(story)
      const outcomes: Outcome[] = []
      const stop = story.onOutcome((outcome) => outcomes.push(outcome))
      const reached = new Promise<void>((resolve) => Object.assign(globalThis, { faultReached: resolve }))

      const config = to['config.ts'] as string
      const first = story.announce({ 'config.ts': config, [file]: inject(to[file] as string) })
      await Promise.all([...first, reached])
      // An update that waits is not kept waiting.
      await Promise.all(story.announce({ [file]: to[file] as string }))
      await story.settled()
      stop()

      // One that failed is not told of when the next is there already.
      const [good, unsettled, ...more] = outcomes.toReversed()
      const told = unsettled && 'notes' in unsettled ? unsettled.notes : undefined
      expect({ place, told, more }).toMatchObject({ told: unsettled && [UNSETTLED], more: [] })
      await expectGood(story, before, { place, to, good })
      ;[from, to] = [to, from]
    }
  })

  test.each([
    [
      'an import that fails to load',
      { 'server.ts': ["from './service.ts'", "from './service.ts'\nimport './gone.ts'"] },
    ],
    [
      'a module that throws while it is loaded',
      {
        'server.ts': ["from './service.ts'", "from './service.ts'\nimport './bad.ts'"],
        'bad.ts': "throw new Error('bad')",
      },
    ],
    [
      'an import of what is not exported',
      {
        'server.ts': [
          ['{ enable, features,', '{ enable, gone, features,'],
          ['await main()', 'void gone\nawait main()'],
        ],
      },
    ],
    [
      'a server that cannot listen',
      { 'server.ts': ["server.listen(0, '127.0.0.1')", "server.listen('/nowhere/at/all')"] },
    ],
    [
      'a promise that is rejected in a variable',
      {
        'server.ts': [
          "  phase = 'up'",
          "  const later = Promise.reject(new Error('later'))\n  phase = 'up'\n  await later",
        ],
      },
    ],
    ['process.exit()', { 'server.ts': ["  phase = 'up'", "  process.exit(1)\n  phase = 'up'"] }],
    [
      'process.exit() that is caught',
      { 'server.ts': ["  phase = 'up'", "  try { process.exit(1) } catch {}\n  phase = 'up'"] },
    ],
    [
      'a server that listens no more',
      { 'server.ts': ["  server.listen(0, '127.0.0.1')\n  await once(server, 'listening')", ''] },
    ],
  ] as [string, Changes][])('%s', async (_, changes) => {
    const story = await startStory(host)
    const before = await observe(story)

    const failed = await story.save({ 'config.ts': EDITED['config.ts'] as string, ...changes })
    expect(failed).toMatchObject({ rung: 'failed' })
    await expectSame(story, before, failed.rung)

    const good = await story.save({ 'server.ts': EDITED['server.ts'] as string })
    await expectGood(story, before, { place: 'server.ts', to: EDITED, good })
  })
})
