import { describe, expect, test } from 'vitest'
import { SPANS, Stopwatch, toTimingLine } from '../../../src/plugin/timing.ts'

/** A clock that a test sets. */
function createClock(): { at: number; readonly stopwatch: Stopwatch } {
  const clock = { at: 0 }
  return Object.assign(clock, { stopwatch: new Stopwatch(() => clock.at) })
}

function sum(spans: Readonly<Record<string, number>>): number {
  return Object.values(spans).reduce((one, other) => one + other, 0)
}

describe('the parts of an update', () => {
  test('follow one another from the watcher to the answer, and are the whole of it', () => {
    const clock = createClock()
    const step = (to: number, act: () => void): void => {
      clock.at = to
      act()
    }
    step(100, () => clock.stopwatch.see('a.ts'))
    step(103, () => clock.stopwatch.save('a.ts'))
    step(104, () => clock.stopwatch.start())
    step(106, () => clock.stopwatch.end('read'))
    step(109, () => clock.stopwatch.end('transform'))
    step(113, () => clock.stopwatch.end('parse'))
    step(118, () => clock.stopwatch.end('wait'))
    step(130, () => clock.stopwatch.end('send'))

    const timing = clock.stopwatch.read({ diff: 1, apply: 7 })

    expect(timing.total).toBe(30)
    expect(timing.spans).toEqual({ event: 4, read: 2, transform: 3, parse: 4, wait: 5, send: 4, diff: 1, apply: 7 })
    expect(Object.keys(timing.spans)).toEqual([...SPANS])
    expect(sum(timing.spans)).toBe(timing.total)
    expect(toTimingLine('patch a.ts', timing)).toBe(
      'patch a.ts 30.00 ms: event 4.00, read 2.00, transform 3.00, parse 4.00, wait 5.00, send 4.00, diff 1.00, apply 7.00',
    )
  })

  test('of two files end with the second', () => {
    const clock = createClock()
    for (const [at, file] of [
      [10, 'a.ts'],
      [11, 'b.ts'],
    ] as const) {
      clock.at = at
      clock.stopwatch.save(file)
    }
    clock.stopwatch.start()
    for (const [at, span] of [
      [12, 'read'],
      [13, 'transform'],
      [14, 'read'],
      [15, 'parse'],
      [16, 'transform'],
      [18, 'parse'],
      [18, 'wait'],
      [20, 'send'],
    ] as const) {
      clock.at = at
      clock.stopwatch.end(span)
    }

    const { total, spans } = clock.stopwatch.read(undefined)

    expect(spans).toEqual({ event: 1, read: 3, transform: 2, parse: 2, wait: 0, send: 2, diff: 0, apply: 0 })
    expect(total).toBe(10)
  })

  test('of an update that comes to no module are left out', () => {
    const clock = createClock()
    clock.stopwatch.save('a.ts')
    clock.stopwatch.start()
    clock.at = 3
    clock.stopwatch.end('parse')

    expect(clock.stopwatch.read(undefined)).toMatchObject({ total: 3, spans: { event: 0, read: 0, parse: 3, send: 0 } })
  })

  test('do not go back to what an earlier update was made of', () => {
    const clock = createClock()
    clock.stopwatch.save('a.ts')
    clock.stopwatch.start()
    clock.at = 5
    // It joins the update under way.
    clock.stopwatch.save('b.ts')
    clock.stopwatch.join()
    clock.at = 9
    clock.stopwatch.end('send')
    expect(clock.stopwatch.read(undefined).total).toBe(9)

    clock.at = 50
    clock.stopwatch.start()
    clock.at = 51
    clock.stopwatch.end('send')
    expect(clock.stopwatch.read(undefined).total).toBe(1)
  })
})
