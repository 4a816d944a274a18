import { analyzeModule } from '../../../src/plugin/analyze/module.ts'
import { type HotModule, instrument } from '../../../src/plugin/instrument/module.ts'
import * as runtime from '../../../src/runtime/index.ts'
import { RUNTIME_ID } from '../../../src/protocol/index.ts'
import { type Portrait, portray } from './portrait.ts'
import { type Exports, ToyRunner } from './toy-runner.ts'

/** Modules beside the one under test, by specifier. */
export const NEIGHBOURS: Readonly<Record<string, string>> = {
  './greet': `
    export const hello = (name) => 'hello ' + name
    export let count = 0
    export function raise() { count++ }
    const odd = 'odd'
    export { odd as 'any name' }
    export default function greet() { return 'greet' }`,
  './config': `
    export const LIMIT = 3
    export default { port: 1 }`,
  './base': `
    export class Base {
      static kind = 'base'
      constructor(name) { this.base = name }
      describe() { return 'base ' + this.base }
      get label() { return 'label' }
    }`,
  './effects': `globalThis.effects = (globalThis.effects ?? 0) % 1 + 1`,
}

const ENTRY = '/entry.js'
let runs = 0

/** Takes a module apart and makes it hot. */
export function toHot(code: string, id: string): HotModule {
  const analysis = analyzeModule(code)
  if (analysis.kind !== 'module') throw new Error(`${id} is ${analysis.kind}: ${JSON.stringify(analysis)}`)
  return instrument(analysis.module, id, id.replace(/^\//, ''))
}

/** What a program could tell of a module: how it ended, its exports, and what its `probe` answers. */
export interface Account {
  readonly threw?: string
  readonly exports: Portrait
  readonly probe: Portrait
}

/** Runs a module and its neighbours as they are written. */
export function runPlain(code: string, neighbours: Readonly<Record<string, string>> = NEIGHBOURS): Promise<Account> {
  return toAccount(new ToyRunner(new Map([...Object.entries(neighbours), [ENTRY, code]])))
}

/** Runs the hot code of a module and of its neighbours over the real runtime. */
export function runHot(code: string, neighbours: Readonly<Record<string, string>> = NEIGHBOURS): Promise<Account> {
  runs += 1
  const sources = new Map(
    [...Object.entries(neighbours), [ENTRY, code] as const].map(([id, source]) => [
      id,
      toHot(source, `/run-${runs}/${id}`).code,
    ]),
  )
  return toAccount(new ToyRunner(sources, new Map([[RUNTIME_ID, runtime]])))
}

async function toAccount(runner: ToyRunner): Promise<Account> {
  let exports: Exports
  try {
    exports = (await runner.import(ENTRY)) as Exports
  } catch (error) {
    return { threw: String(error), exports: [], probe: [] }
  }
  const names = Object.keys(exports).toSorted()
  const probe = exports.probe as (() => unknown) | undefined
  return {
    exports: Object.fromEntries(names.map((name) => [name, portray(exports[name])])),
    probe: portray(await probe?.()),
  }
}
