/// <reference types="vite/types/importMeta.d.ts" />
import type { ErrorPayload, FullReloadPayload, PrunePayload, UpdatePayload } from 'vite'
import type { InvalidatePayload } from 'vite/types/customEvent.d.ts'
import type { ModuleNamespace, ViteHotContext } from 'vite/types/hot.d.ts'
import { describe, expectTypeOf, test } from 'vitest'

// As Vite's page on custom events says: https://vite.dev/guide/api-plugin#typescript-for-custom-events
declare module 'vite/types/customEvent.d.ts' {
  interface CustomEventMap {
    'shop:stock': { item: string; count: number }
  }
}

declare module 'vite/types/hot.d.ts' {
  interface ViteHotContext {
    // @ts-expect-error -- a property keeps the type of its first declaration: `data` cannot be typed by augmentation
    readonly data: { size: number }
  }
}

/** What the module of docs/import-meta-hot.md keeps. */
interface Kept {
  size: number
}

declare class Pool {
  constructor(size: number)
  readonly size: number
  end(): Promise<void>
}

describe('import.meta.hot', () => {
  test('is not there in a build', () => {
    expectTypeOf(import.meta.hot).toEqualTypeOf<ViteHotContext | undefined>()
  })

  test("is Vite's type, which this package adds nothing to", () => {
    expectTypeOf<keyof ViteHotContext>().toEqualTypeOf<
      'data' | 'accept' | 'acceptExports' | 'dispose' | 'prune' | 'invalidate' | 'on' | 'off' | 'send'
    >()
    // @ts-expect-error -- there, and does nothing; Vite's types do not have it
    import.meta.hot?.decline()
  })
})

describe('data', () => {
  test('is any', () => {
    expectTypeOf<ViteHotContext['data']>().toBeAny()
  })

  test('is typed by annotating what it is read into', () => {
    const kept: Partial<Kept> | undefined = import.meta.hot?.data
    const pool = new Pool(kept?.size ?? 10)
    import.meta.hot?.dispose((data: Partial<Kept>) => {
      data.size = pool.size
      // @ts-expect-error -- no number
      data.size = 'ten'
      // @ts-expect-error -- nothing of the kind is kept
      data.length = 10
    })
    expectTypeOf(kept?.size).toEqualTypeOf<number | undefined>()
    // @ts-expect-error -- it is not there the first time
    expectTypeOf(kept?.size).toEqualTypeOf<number>()
  })

  test('is not assigned', () => {
    // @ts-expect-error -- read-only: mutate it
    if (import.meta.hot) import.meta.hot.data = {}
  })
})

describe('accept()', () => {
  test('has four forms', () => {
    const { hot } = import.meta
    hot?.accept()
    hot?.accept((next) => expectTypeOf(next).toEqualTypeOf<ModuleNamespace | undefined>())
    hot?.accept('./pool.ts', (next) => expectTypeOf(next).toEqualTypeOf<ModuleNamespace | undefined>())
    hot?.accept(['./pool.ts', './stock.ts'], (next) =>
      expectTypeOf(next).toEqualTypeOf<(ModuleNamespace | undefined)[]>(),
    )
    // @ts-expect-error -- a dependency is accepted with a callback
    hot?.accept('./pool.ts')
  })

  test('takes callbacks that return promises', () => {
    import.meta.hot?.accept(async (next) => void (await next?.start()))
    import.meta.hot?.dispose(async (data: Partial<Kept>) => void (await new Pool(data.size ?? 1).end()))
  })

  test('gives a namespace that is typed by asserting which module it is of', () => {
    import.meta.hot?.accept('node:path', (next) => {
      const path = next as typeof import('node:path') | undefined
      expectTypeOf(path?.sep).toEqualTypeOf<'/' | '\\' | undefined>()
    })
  })

  test('has acceptExports() beside it, of one name or several', () => {
    import.meta.hot?.acceptExports('pool')
    import.meta.hot?.acceptExports(['pool', 'size'], (next) =>
      expectTypeOf(next).toEqualTypeOf<ModuleNamespace | undefined>(),
    )
  })
})

describe('events', () => {
  test("of Vite's have their payloads", () => {
    const { hot } = import.meta
    hot?.on('vite:beforeUpdate', (payload) => expectTypeOf(payload).toEqualTypeOf<UpdatePayload>())
    hot?.on('vite:afterUpdate', (payload) => expectTypeOf(payload).toEqualTypeOf<UpdatePayload>())
    hot?.on('vite:beforePrune', (payload) => expectTypeOf(payload).toEqualTypeOf<PrunePayload>())
    hot?.on('vite:beforeFullReload', (payload) => expectTypeOf(payload).toEqualTypeOf<FullReloadPayload>())
    hot?.on('vite:error', (payload) => expectTypeOf(payload).toEqualTypeOf<ErrorPayload>())
    hot?.off('vite:invalidate', (payload) => expectTypeOf(payload).toEqualTypeOf<InvalidatePayload>())
  })

  test("of one's own are typed by augmenting CustomEventMap, both ways", () => {
    const { hot } = import.meta
    hot?.on('shop:stock', (payload) => expectTypeOf(payload).toEqualTypeOf<{ item: string; count: number }>())
    hot?.send('shop:stock', { item: 'tea', count: 1 })
    // @ts-expect-error -- no number
    hot?.send('shop:stock', { item: 'tea', count: 'one' })
    hot?.on('shop:other', (payload) => expectTypeOf(payload).toBeAny())
  })
})
