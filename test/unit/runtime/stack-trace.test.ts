import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installStackTraces, nextSourceUrl } from '../../../src/runtime/stack-trace.ts'
import { evaluatePieces } from '../../../src/runtime/update/evaluate.ts'
import { toHot } from '../support/modules.ts'

const { prepareStackTrace } = Error
beforeEach(() => {
  // What the test runner maps is not of interest here.
  Object.assign(Error, { prepareStackTrace: undefined })
})
afterEach(() => {
  Object.assign(Error, { prepareStackTrace })
})

/** As patches are evaluated, but outside of any module. */
function evaluate(code: string): unknown {
  // oxlint-disable-next-line no-eval -- what is tested are the stack traces of evaluated code
  return (0, eval)(code)
}

/** A map that says that line 1, column 0 of a patch is line 10, column 4 of its source. */
const MAP = JSON.stringify({ version: 3, sources: ['/src/a.ts'], names: [], mappings: 'AASI' })

/** Runs code under a name, and returns the frames of the error it throws. */
function framesOf(code: string, url: string): string[] {
  try {
    evaluate(`${code}\n//# sourceURL=${url}`)
  } catch (error) {
    return (error as Error).stack?.split('\n').filter((line) => line.includes('/src/') || line.includes('(eval')) ?? []
  }
  throw new Error('It did not throw.')
}

describe('names of patches', () => {
  test('tell the patches of a module apart, and come round again', () => {
    const urls = Array.from({ length: 17 }, () => nextSourceUrl('/src/names.ts', ''))
    expect(new Set(urls).size).toBe(16)
    expect(urls[16]).toBe(urls[0])
  })
})

describe('the frames of a patch', () => {
  test('are at their place in the source', () => {
    installStackTraces()
    const [frame] = framesOf('throw new Error("x")', nextSourceUrl('/src/a.ts', MAP))
    expect(frame).toContain('/src/a.ts:10:5')
    expect(frame).not.toContain('?hot=')
  })

  test('without a map stay as they are', () => {
    installStackTraces()
    const [frame] = framesOf('throw new Error("x")', nextSourceUrl('/src/b.ts', ''))
    expect(frame).toContain('/src/b.ts?hot=')
  })

  test('have the names of the source, and none of facades', () => {
    installStackTraces()
    const code = 'function greet() { return greet$hot() } function greet$hot() { throw new Error("x") } greet()'
    const stack = framesOf(code, '/src/c.ts').join('\n')
    expect(stack.match(/at greet /g)).toHaveLength(1)
    expect(stack).not.toContain('$hot')
  })

  test('of functions without a name have none', () => {
    installStackTraces()
    const stack = framesOf('({ "$hot": () => { throw new Error("x") } })["$hot"]()', '/src/d.ts').join('\n')
    expect(stack).not.toContain('$hot')
  })

  test('keep a name of the user’s that only looks like ours', () => {
    installStackTraces()
    const stack = framesOf('function my$hotel() { throw new Error("x") } my$hotel()', '/src/e.ts').join('\n')
    expect(stack).toContain('my$hotel')
  })
})

describe('whoever mapped stack traces before', () => {
  test('still does, with the frames of patches mapped', () => {
    Object.assign(Error, {
      prepareStackTrace: (error: Error, frames: NodeJS.CallSite[]) => `${error.message} by ${String(frames[0])}`,
    })
    installStackTraces()
    const url = nextSourceUrl('/src/f.ts', MAP)
    let stack: string | undefined
    try {
      evaluate(`throw new Error("boom")\n//# sourceURL=${url}`)
    } catch (error) {
      stack = (error as Error).stack
    }
    expect(stack).toMatch(/^boom by .*\/src\/f\.ts:10:5/)
  })

  test('is wrapped once, and again when it was replaced', () => {
    installStackTraces()
    const first = Error.prepareStackTrace
    installStackTraces()
    expect(Error.prepareStackTrace).toBe(first)
    Object.assign(Error, { prepareStackTrace: () => 'theirs' })
    installStackTraces()
    expect(Error.prepareStackTrace).not.toBe(first)
    expect(new Error('x').stack).toBe('theirs')
  })

  test('that answers with frames, not a text, is heard', () => {
    Object.assign(Error, { prepareStackTrace: (_: Error, frames: unknown) => frames })
    installStackTraces()
    expect(Array.isArray(new Error('x').stack)).toBe(true)
  })
})

test('a cell evaluated alone throws at its line and column in the source', () => {
  const { code, record, map } = toHot('let n = 1\n\nexport function boom() {\n  throw new Error("x")\n}\n', '/src/g.ts')
  const range = record.units[1]?.cells[0]?.code
  if (!range) throw new Error('The function has no code.')
  installStackTraces()
  const [boom] = evaluatePieces({ id: '/src/g.ts', code, map: JSON.stringify(map()) }, [range], evaluate)
  let stack: string | undefined
  try {
    ;(boom as () => void)()
  } catch (error) {
    stack = (error as Error).stack
  }
  expect(stack).toMatch(/at boom \(\/src\/g\.ts:4:9\)/)
})
