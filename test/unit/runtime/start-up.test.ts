import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StartUpWindow } from '../../../src/runtime/start-up.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A window, and the times it opened and closed. */
function createWindow(): { readonly window: StartUpWindow; readonly changes: boolean[] } {
  const window = new StartUpWindow()
  const changes: boolean[] = []
  window.onChange((isOpen) => changes.push(isOpen))
  return { window, changes }
}

test('it is open while somebody holds it', () => {
  const { window, changes } = createWindow()
  const [first, second] = [window.hold(), window.hold()]
  window.engage()
  first()
  expect(window.open).toBe(true)
  second()
  expect(window.open).toBe(false)
  expect(changes).toEqual([true, false])
})

test('listeners are told once of code that may create something, and not of a window without any', () => {
  const { window, changes } = createWindow()
  const closings: boolean[] = []
  window.onClose(() => closings.push(window.open))
  window.engage()
  window.hold()()
  expect(changes).toEqual([])
  const release = window.hold()
  window.engage()
  window.engage()
  release()
  expect(changes).toEqual([true, false])
  expect(closings).toEqual([false, false])
})

test('letting go twice counts once', () => {
  const { window } = createWindow()
  const [first, second] = [window.hold(), window.hold()]
  first()
  first()
  expect(window.open).toBe(true)
  second()
  expect(window.open).toBe(false)
})

test.each([
  ['settles', () => Promise.resolve()],
  ['is rejected', () => Promise.reject(new Error('start-up failed'))],
])('a promise holds it until it %s', async (_, start) => {
  const { window } = createWindow()
  const promise: Promise<unknown> = start()
  promise.catch(() => undefined)
  window.holdFor(promise)
  expect(window.open).toBe(true)
  await window.closed()
  expect(window.open).toBe(false)
})

test('a promise that never settles holds it for ten seconds', async () => {
  const { window } = createWindow()
  window.holdFor(new Promise(() => undefined))
  vi.advanceTimersByTime(9_999)
  expect(window.open).toBe(true)
  vi.advanceTimersByTime(1)
  expect(window.open).toBe(false)
})

test('a promise that settles too late lets go once', async () => {
  const { window } = createWindow()
  let settle = (): void => undefined
  const promise = new Promise<void>((resolve) => (settle = resolve))
  window.holdFor(promise)
  vi.advanceTimersByTime(10_000)
  const release = window.hold()
  settle()
  await promise
  expect(window.open).toBe(true)
  release()
})

test('who waits for it to close waits while it opens again', async () => {
  const { window } = createWindow()
  const first = window.hold()
  const seen: string[] = []
  const waiting = window.closed().then(() => seen.push('closed'))
  first()
  const second = window.hold()
  await Promise.resolve()
  await Promise.resolve()
  expect(seen).toEqual([])
  second()
  await waiting
  expect(seen).toEqual(['closed'])
})

test('a window that is closed keeps nobody waiting', async () => {
  await expect(createWindow().window.closed()).resolves.toBeUndefined()
})

describe('what the statements inside an effect began', () => {
  test('holds the window, and is nothing the effect returns', async () => {
    const { window } = createWindow()
    const { promise, resolve } = withResolvers()
    const begun = window.begin(false)
    begun.add(promise)
    begun.add('no promise')
    expect(window.open).toBe(true)
    expect(begun.all()).toBeUndefined()
    resolve()
    await window.closed()
    expect(window.open).toBe(false)
  })

  test('is what the effect returns when it runs again', async () => {
    const { window } = createWindow()
    const begun = window.begin(true)
    expect(begun.all()).toBeUndefined()
    begun.add(Promise.resolve('one'))
    begun.add('no promise')
    begun.add(Promise.resolve('two'))
    await expect(begun.all()).resolves.toEqual(['one', 'two'])
    begun.add(Promise.reject(new Error('start-up failed')))
    await expect(begun.all()).rejects.toThrow('start-up failed')
  })

  test('is no start-up after ten seconds, in a loop that goes on', () => {
    const { window } = createWindow()
    const begun = window.begin(true)
    begun.add(new Promise(() => undefined))
    vi.advanceTimersByTime(6_000)
    begun.add(new Promise(() => undefined))
    vi.advanceTimersByTime(3_999)
    expect(window.open).toBe(true)
    vi.advanceTimersByTime(1)
    expect(window.open).toBe(false)
    begun.add(new Promise(() => undefined))
    expect(window.open).toBe(false)
  })
})

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((fulfil) => (resolve = fulfil))
  return { promise, resolve }
}
