export { hotNode, hotNode as default, type HotNodeApi } from './plugin/index.ts'
export type { HotNodeOptions } from './plugin/options.ts'
export type { UpdateTiming } from './plugin/timing.ts'
export type { ModuleChange, Outcome, Spans, UpdateFailure } from './protocol/index.ts'
