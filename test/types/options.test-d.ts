import type { FilterPattern, Plugin, UserConfig } from 'vite'
import hotNodeByDefault, {
  hotNode,
  type HotNodeApi,
  type HotNodeOptions,
  type Outcome,
  type UpdateTiming,
} from 'vite-plugin-hot-node'
import { describe, expectTypeOf, test } from 'vitest'

describe('hotNode()', () => {
  test('takes options or none, and gives plugins', () => {
    expectTypeOf(hotNode).parameter(0).toEqualTypeOf<HotNodeOptions | undefined>()
    expectTypeOf(hotNode).toBeCallableWith()
    expectTypeOf(hotNode).returns.toEqualTypeOf<Plugin[]>()
    expectTypeOf({ plugins: [hotNode()] }).toExtend<UserConfig>()
  })

  test('is the same by default', () => {
    expectTypeOf(hotNodeByDefault).toEqualTypeOf(hotNode)
  })
})

describe('options', () => {
  test('are all optional', () => {
    expectTypeOf({}).toExtend<HotNodeOptions>()
    expectTypeOf<HotNodeOptions>().toEqualTypeOf<{
      readonly include?: FilterPattern
      readonly exclude?: FilterPattern
      readonly reloadBrowser?: boolean
      readonly logLevel?: 'info' | 'error' | 'silent'
    }>()
  })

  test('that do not exist are refused', () => {
    // @ts-expect-error -- no such option
    hotNode({ verbose: true })
  })

  test('have the values they are said to have', () => {
    // @ts-expect-error -- a level of Vite's that has no meaning here
    hotNode({ logLevel: 'warn' })
    // @ts-expect-error -- leave it out
    hotNode({ logLevel: undefined })
    // @ts-expect-error -- a pattern
    hotNode({ include: 1 })
    hotNode({ include: ['src/**', /\.ts$/], exclude: null, logLevel: 'silent' })
  })
})

describe('what other plugins hear', () => {
  test('is an outcome, told by its rung', () => {
    expectTypeOf<Outcome['rung']>().toEqualTypeOf<'nothing' | 'patch' | 're-run' | 'hot-restart' | 'failed'>()
    expectTypeOf<Parameters<HotNodeApi['onOutcome']>[0]>().toEqualTypeOf<(outcome: Outcome) => void>()
    expectTypeOf<ReturnType<HotNodeApi['onOutcome']>>().toEqualTypeOf<() => void>()
    expectTypeOf<Parameters<HotNodeApi['onTiming']>[0]>().toEqualTypeOf<(timing: UpdateTiming) => void>()
    expectTypeOf<ReturnType<HotNodeApi['settled']>>().toEqualTypeOf<Promise<void>>()
  })

  test('has fields of its rung only', () => {
    expectTypeOf<Extract<Outcome, { rung: 're-run' }>>().toHaveProperty('why')
    expectTypeOf<Extract<Outcome, { rung: 'failed' }>>().toHaveProperty('failure')
    expectTypeOf<Extract<Outcome, { rung: 'patch' }>>().not.toHaveProperty('why')
  })
})
