import { keep, type KeepOptions, migrate } from 'vite-plugin-hot-node/runtime'
import { describe, expectTypeOf, test } from 'vitest'

declare class Pool {
  end(): Promise<void>
}
declare function connect(): Promise<Pool>

describe('keep()', () => {
  test('gives what create gives', () => {
    expectTypeOf(keep('pool', () => new Pool())).toEqualTypeOf<Pool>()
    expectTypeOf(keep('pool', connect)).toEqualTypeOf<Promise<Pool>>()
    expectTypeOf(keep('hits', () => new Map<string, number>())).toEqualTypeOf<Map<string, number>>()
  })

  test('hands dispose what create made, and when that is a promise what became of it', () => {
    keep('pool', () => new Pool(), { dispose: (pool) => expectTypeOf(pool).toEqualTypeOf<Pool>() })
    keep('pool', connect, { dispose: (pool) => pool.end() })
    expectTypeOf<Parameters<NonNullable<KeepOptions<Promise<Pool>>['dispose']>>>().toEqualTypeOf<[Pool]>()
  })

  test('refuses what it does not know', () => {
    // @ts-expect-error -- a key is a string
    keep(1, connect)
    // @ts-expect-error -- create is a function
    keep('pool', new Pool())
    // @ts-expect-error -- no such option
    keep('pool', connect, { onDispose: () => undefined })
  })
})

describe('migrate', () => {
  test('is a key of its own, and the method under it an ordinary one', () => {
    class Todo {
      #secret = 1
      due: number | undefined
      static [migrate](todo: Todo): void {
        todo.due ??= todo.#secret
      }
    }
    expectTypeOf(Todo[migrate]).toEqualTypeOf<(todo: Todo) => void>()
    expectTypeOf<typeof migrate>().toExtend<symbol>()
    expectTypeOf<symbol>().not.toExtend<typeof migrate>()
  })
})
