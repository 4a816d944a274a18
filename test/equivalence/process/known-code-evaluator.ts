import * as diagnostics from 'node:diagnostics_channel'
import {
  type ModuleEvaluator,
  type ModuleRunnerContext,
  ssrDynamicImportKey,
  ssrExportAllKey,
  ssrExportNameKey,
  ssrImportKey,
  ssrImportMetaKey,
  ssrModuleExportsKey,
} from 'vite/module-runner'

type Run = (...context: unknown[]) => Promise<void>

const AsyncFunction = (async () => undefined).constructor as new (...parametersAndBody: string[]) => Run

const PARAMETERS = [
  ssrModuleExportsKey,
  ssrImportMetaKey,
  ssrImportKey,
  ssrDynamicImportKey,
  ssrExportAllKey,
  ssrExportNameKey,
] as const

/** Functions of code: each call is a new instance of the module. Most programs have most of their code in common. */
const functions = new Map<string, Run>()
const FUNCTIONS_AT_MOST = 500

/** What modules import of Node. */
const builtins = new Map<string, Promise<unknown>>()

/** Runs code as Vite's `ESModulesEvaluator` does (Vite 8.3), and compiles a text only once. */
export class KnownCodeEvaluator implements ModuleEvaluator {
  readonly startOffset = 0
  /** What a runtime asks to be told for good, in a process that has one. Emptied by `close`. */
  readonly #subscriptions: [channel: string, listener: diagnostics.ChannelListener][] = []

  /** Nobody is told anything any more: a channel would hold on to a whole program. */
  close(): void {
    for (const [channel, listener] of this.#subscriptions.splice(0)) diagnostics.unsubscribe(channel, listener)
  }

  async runInlinedModule(context: ModuleRunnerContext, code: string): Promise<void> {
    const run = functions.get(code) ?? compile(code)
    await run(...PARAMETERS.map((key) => context[key]))
    Object.seal(context[ssrModuleExportsKey])
  }

  runExternalModule(path: string): Promise<unknown> {
    if (path === 'node:diagnostics_channel') return Promise.resolve({ ...diagnostics, subscribe: this.#subscribe })
    const known = builtins.get(path) ?? import(path)
    builtins.set(path, known)
    return known
  }

  readonly #subscribe = (channel: string, listener: diagnostics.ChannelListener): void => {
    this.#subscriptions.push([channel, listener])
    diagnostics.subscribe(channel, listener)
  }
}

function compile(code: string): Run {
  if (functions.size >= FUNCTIONS_AT_MOST) functions.clear()
  const run = new AsyncFunction(...PARAMETERS, `"use strict";\n${code}`)
  functions.set(code, run)
  return run
}
