import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Announced } from '../../../src/plugin/announced.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Whether nothing is waited for any more, after so many milliseconds. */
async function isDeliveredAfter(announced: Announced, ms: number): Promise<boolean> {
  let isDelivered = false
  void announced.allDelivered().then(() => (isDelivered = true))
  await vi.advanceTimersByTimeAsync(ms)
  return isDelivered
}

describe('announced files', () => {
  test('are waited for until each was handed over as often as it was announced', async () => {
    const announced = new Announced()
    for (const file of ['/a.ts', '/b.ts', '/b.ts']) announced.note(file)
    expect(await isDeliveredAfter(announced, 10)).toBe(false)
    for (const file of ['/b.ts', '/a.ts']) announced.noteDelivery(file)
    expect(await isDeliveredAfter(announced, 10)).toBe(false)
    announced.noteDelivery('/b.ts')
    expect(await isDeliveredAfter(announced, 10)).toBe(true)
  })

  test('are not waited for where none is announced, or another was handed over', async () => {
    const announced = new Announced()
    announced.noteDelivery('/c.ts')
    expect(await isDeliveredAfter(announced, 0)).toBe(true)
  })

  test('are waited for from when something happened to them, unless it was no save', async () => {
    const announced = new Announced()
    for (const file of ['/a.ts', '/b.ts']) announced.notice(file)
    announced.note('/a.ts')
    announced.noteDelivery('/a.ts')
    expect(await isDeliveredAfter(announced, 10)).toBe(false)
    announced.dismiss('/b.ts')
    expect(await isDeliveredAfter(announced, 10)).toBe(true)
  })

  test('are given up after a while, because a plugin may have thrown', async () => {
    const announced = new Announced()
    announced.note('/a.ts')
    expect(await isDeliveredAfter(announced, 500)).toBe(false)
    expect(await isDeliveredAfter(announced, 1_000)).toBe(true)
    expect(await isDeliveredAfter(announced, 0)).toBe(true)
  })
})
