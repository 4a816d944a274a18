export { hotNode, hotNode as default, type HotNodeApi } from './plugin/index.ts'
export type { HotNodeOptions } from './plugin/options.ts'
export type { ModuleChange, Outcome, UpdateFailure } from './protocol/index.ts'
