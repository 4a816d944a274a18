import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Burst } from '../../../src/plugin/burst.ts'
import { Retries } from '../../../src/plugin/retries.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const never = (): boolean => false

/** How many milliseconds until the burst is over. */
async function lengthOf(burst: Burst, isInterrupted: () => boolean = never): Promise<number> {
  const began = performance.now()
  const over = burst.over(isInterrupted).then(() => performance.now() - began)
  await vi.advanceTimersByTimeAsync(30_000)
  return over
}

describe('a burst', () => {
  test('is not one file, however often it is saved', () => {
    const burst = new Burst()
    for (let times = 0; times < 5; times++) burst.note('/a.ts')
    expect(burst.isUnderWay).toBe(false)
  })

  test('is one file, too, for a watcher that polls: others may be found an interval later', async () => {
    const burst = new Burst(100)
    burst.note('/a.ts')
    await vi.advanceTimersByTimeAsync(90)
    burst.note('/b.ts')
    expect(await lengthOf(burst)).toBeGreaterThanOrEqual(100)

    const one = new Burst(100)
    one.note('/a.ts')
    expect(await lengthOf(one)).toBeGreaterThanOrEqual(100)
  })

  test('is not two files that are saved one after the other', async () => {
    const burst = new Burst()
    burst.note('/a.ts')
    await vi.advanceTimersByTimeAsync(400)
    burst.note('/b.ts')
    expect(burst.isUnderWay).toBe(false)
  })

  test('of two files is over soon, of many later', async () => {
    const few = new Burst()
    for (const file of ['/a.ts', '/b.ts']) few.note(file)
    expect(await lengthOf(few)).toBeLessThanOrEqual(40)
    expect(few.isUnderWay).toBe(false)

    const many = new Burst()
    for (let index = 0; index < 50; index++) many.note(`/${index}.ts`)
    expect(await lengthOf(many)).toBeGreaterThanOrEqual(150)
  })

  test('that goes on after an update went out is over when it is quiet', async () => {
    const burst = new Burst()
    burst.note('/a.ts')
    await vi.advanceTimersByTimeAsync(10)
    burst.noteUpdate()
    await vi.advanceTimersByTimeAsync(10)
    burst.note('/b.ts')
    expect(await lengthOf(burst)).toBeGreaterThanOrEqual(150)
  })

  test('has an end', async () => {
    const burst = new Burst()
    burst.note('/a.ts')
    burst.note('/b.ts')
    let index = 0
    const length = await lengthOf(burst, () => {
      burst.note(`/${(index += 1)}.ts`)
      return false
    })
    expect(length).toBeGreaterThan(4_000)
    expect(length).toBeLessThan(6_000)
  })

  test('is left for a moment when there is something to do', async () => {
    const burst = new Burst()
    for (const file of ['/a.ts', '/b.ts']) burst.note(file)
    await burst.over(() => true)
    expect(burst.isUnderWay).toBe(true)
  })
})

describe('retries', () => {
  test('in vain are made ever less often', async () => {
    let count = 0
    const retries = new Retries(() => {
      count += 1
      retries.begin()
    })
    for (let ms = 0; ms < 10_000; ms += 20) {
      retries.request(false)
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(count).toBeGreaterThan(2)
    expect(count).toBeLessThan(6)
  })

  test('are made at once after a save, and soon for a file that is created', async () => {
    let count = 0
    const retries = new Retries(() => {
      count += 1
      retries.begin()
    })
    for (let times = 0; times < 6; times++) {
      retries.request(false)
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(count).toBe(6)

    retries.request(false)
    await vi.advanceTimersByTimeAsync(1_000)
    const before = count
    retries.request(true)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(count).toBe(before + 1)

    retries.reset()
    retries.request(false)
    expect(count).toBe(before + 2)
  })
})
