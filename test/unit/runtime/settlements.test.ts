import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Settlements } from '../../../src/runtime/settlements.ts'

/** Reasons of rejections that nobody handled, while a test runs. */
const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
const others = process.listeners('unhandledRejection')

beforeEach(() => {
  unhandled.length = 0
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
})

afterEach(() => {
  process.removeAllListeners('unhandledRejection')
  for (const other of others) process.on('unhandledRejection', other)
})

/** Tells whether somebody has been told. */
function watch(promise: Promise<unknown>, settlements: Settlements = new Settlements()) {
  const watched = { times: 0, stop: settlements.watch(promise, () => (watched.times += 1)) }
  return watched
}

const later = async (): Promise<void> => {
  await setImmediate()
}

describe.each<[string, () => Promise<unknown>]>([
  ['is fulfilled', () => later()],
  ['is fulfilled with what looks pending', () => later().then(() => '{ <pending>')],
  ['is fulfilled with what cannot be shown', () => later().then(() => UNSHOWABLE)],
  ['was fulfilled before', () => Promise.resolve({ any: 'value' })],
  ['is as another promise is', async () => later()],
  ['is of a class of its own', () => OwnPromise.resolve(later())],
  ['is rejected', () => later().then(() => Promise.reject(new Error('handled')))],
  ['was rejected before', () => Promise.reject(new Error('handled'))],
])('a promise that %s', (_, make) => {
  test('is told of once', async () => {
    const promise = make()
    const watched = watch(promise)
    expect(watched.times).toBe(0)

    await promise.catch(() => undefined)
    await setImmediate()

    expect(watched.times).toBe(1)
    expect(unhandled).toEqual([])
  })
})

test('a promise that is pending is not told of', async () => {
  const watched = watch(new Promise(() => undefined))
  await later()
  expect(watched.times).toBe(0)
})

test.each([
  ['later', () => later().then(() => Promise.reject(new Error('nobody')))],
  ['at once', () => Promise.reject(new Error('nobody'))],
])('a rejection %s that nobody handles stays unhandled, once', async (_, make) => {
  const watched = watch(make())
  await later()
  await later()
  expect(watched.times).toBe(1)
  expect(unhandled).toEqual([new Error('nobody')])
})

test('everybody who watches a promise is told, but for those who stopped', async () => {
  const settlements = new Settlements()
  const promise = later()
  const [first, second, third] = [promise, promise, promise].map((each) => watch(each, settlements))
  second?.stop()
  second?.stop()

  await promise
  await later()

  expect([first?.times, second?.times, third?.times]).toEqual([1, 0, 1])
})

test('stopping late does not stop who watches the same promise anew', async () => {
  const settlements = new Settlements()
  const { promise, resolve } = withResolvers()
  const first = watch(promise, settlements)
  first.stop()
  const second = watch(promise, settlements)
  first.stop()

  resolve()
  await later()

  expect([first.times, second.times]).toEqual([0, 1])
})

class OwnPromise extends Promise<unknown> {}

const UNSHOWABLE = Object.defineProperty({}, Symbol.toStringTag, {
  get() {
    throw new Error('not to be shown')
  },
})

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((fulfil) => (resolve = fulfil))
  return { promise, resolve }
}
