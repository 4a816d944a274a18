import { stripVTControlCharacters } from 'node:util'
import { expect, test, vi } from 'vitest'
import { Reporter, type ReportContext, toLine } from '../../../src/plugin/report.ts'
import type { ResolvedOptions } from '../../../src/plugin/options.ts'
import type { ModuleChange } from '../../../src/protocol/index.ts'

const CONTEXT: ReportContext = { ms: 12.3, files: [], isRecovery: false, isRetry: false }

function changes(count: number): ModuleChange[] {
  return Array.from({ length: count }, (_, index) => ({ module: `src/${index + 1}.ts`, what: ['app'] }))
}

function lineOf(rung: 'patch' | 're-run', count: number): string {
  const shared = { number: 1, ms: 1, notes: [] }
  const outcome =
    rung === 'patch'
      ? ({ ...shared, rung, patched: changes(count) } as const)
      : ({ ...shared, rung, patched: [], reran: changes(count), kept: [], why: 'LIMIT changed' } as const)
  return stripVTControlCharacters(toLine(outcome, CONTEXT))
}

test.each([
  ['patch', 'patched', ' · kept everything · 12 ms'],
  ['re-run', 're-ran', ' · LIMIT changed · 12 ms'],
] as const)('a %s names few modules, and counts the others of many', (rung, verb, rest) => {
  expect(lineOf(rung, 1)).toBe(`${verb} src/1.ts: app${rest}`)
  expect(lineOf(rung, 4)).toBe(`${verb} src/1.ts: app; src/2.ts: app; src/3.ts: app; src/4.ts: app${rest}`)
  expect(lineOf(rung, 5)).toBe(`${verb} src/1.ts: app; src/2.ts: app; src/3.ts: app … and 2 more modules${rest}`)
  expect(lineOf(rung, 15)).toBe(`${verb} src/1.ts: app; src/2.ts: app; src/3.ts: app … and 12 more modules${rest}`)
})

test('an error is not printed twice because some other file changed, which may be the log', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    const reporter = new Reporter({ logLevel: 'error' } as ResolvedOptions, '/app')
    const failed = (message: string) => ({ rung: 'failed', number: 1, failure: { code: 'x', message } }) as const
    const retry = { ...CONTEXT, isRetry: true }

    await reporter.report(failed('no'), CONTEXT)
    await reporter.report(failed('no'), retry)
    expect(printed).toHaveBeenCalledTimes(1)

    await reporter.report(failed('still not'), retry)
    await reporter.report(failed('still not'), CONTEXT)
    expect(printed).toHaveBeenCalledTimes(3)
  } finally {
    printed.mockRestore()
  }
})

test('a full reload that several environments are asked for is said once, each time', async () => {
  const printed = vi.spyOn(console, 'info').mockImplementation(() => undefined)
  vi.spyOn(console, 'log').mockImplementation(printed)
  try {
    const reporter = new Reporter({ logLevel: 'info' } as ResolvedOptions, '/app')
    for (const times of [1, 2]) {
      reporter.noteFullReload()
      reporter.noteFullReload()
      await Promise.resolve()
      expect(printed).toHaveBeenCalledTimes(times)
    }
  } finally {
    vi.restoreAllMocks()
  }
})
