import type { ModuleId, UpdateFailure } from '../../protocol/index.ts'
import { reasonOf } from '../errors.ts'
import type { HotModule } from '../module.ts'
import type { Registry } from '../registry.ts'
import type { Boundary } from './boundaries.ts'
import { type Call, callPlainly } from './events.ts'
import type { Handler } from './handlers.ts'

/** What an update calls of `import.meta.hot`: listeners to Vite's events, and handlers of `accept` and `prune`. */
export class HotUpdate {
  readonly #registry: Registry
  readonly #notes: string[]
  /** Written by `begin`. */
  #boundaries: readonly Boundary[] = []
  #payload: UpdatePayload | undefined
  /** Modules that go out of use, with what they registered. Filled by `leave`. */
  #pruneListeners: readonly Handler[] = []
  readonly #leaving: { module: HotModule; disposals: readonly Handler[]; prunings: readonly Handler[] }[] = []

  constructor(registry: Registry, notes: string[]) {
    this.#registry = registry
    this.#notes = notes
  }

  /** The code is known to parse and to link, and nothing has been changed yet. */
  async begin(changed: readonly HotModule[], isRestart: boolean): Promise<void> {
    const { boundaries, events } = this.#registry
    // What accepts may have run again, or be gone.
    boundaries.forget()
    if (changed.length === 0) return
    this.#boundaries = boundaries.above(changed)
    this.#payload = toPayload(changed, this.#boundaries)
    await events.dispatch('vite:beforeUpdate', this.#payload, this.#call)
    if (isRestart) await events.dispatch('vite:beforeFullReload', { type: 'full-reload', path: '*' }, this.#call)
  }

  /** Modules go out of use. Before what they own is disposed of, handlers included. */
  leave(unused: Iterable<HotModule>): void {
    for (const module of unused) {
      const { disposals, prunings } = module.handlers
      if (disposals.size + prunings.size > 0)
        this.#leaving.push({ module, disposals: [...disposals], prunings: [...prunings] })
    }
    this.#pruneListeners = [...this.#registry.events.of('vite:beforePrune')]
  }

  /** All of it has been applied. */
  async end(): Promise<void> {
    await this.#prune()
    for (const boundary of this.#boundaries)
      if (boundary.module.status !== 'unused') await accept(boundary, true, this.#call)
    if (this.#payload) await this.#registry.events.dispatch('vite:afterUpdate', this.#payload, this.#call)
  }

  async #prune(): Promise<void> {
    if (this.#leaving.length === 0) return
    const payload = { type: 'prune', paths: this.#leaving.map(({ module }) => toPath(module)) }
    for (const listener of this.#pruneListeners) await this.#call(listener, payload, `'vite:beforePrune' listener`)
    for (const { module, disposals, prunings } of this.#leaving) {
      const { handlers, record } = module
      for (const handler of disposals) await this.#call(handler, handlers.data, `${record.label}: a dispose handler`)
      for (const handler of prunings) await this.#call(handler, handlers.data, `${record.label}: a prune handler`)
      handlers.clear()
    }
  }

  /** As code of the run that registered it, and after the handlers before it. */
  readonly #call: Call = async ({ callback, run }, argument, label) => {
    const { ownership } = this.#registry
    try {
      const owner = run?.state === 'over' ? undefined : run
      await ownership.whileTracking(owner, () => callback(argument as never))
    } catch (error) {
      this.#notes.push(`${label} threw: ${reasonOf(error)}`)
    }
  }
}

/** An update has failed: who would have accepted it is called without a module, as in Vite. */
export async function tellOfFailure(
  registry: Registry,
  ids: readonly ModuleId[],
  failure: UpdateFailure,
): Promise<void> {
  const modules = ids.flatMap((id) => registry.modules.get(id) ?? [])
  for (const boundary of registry.boundaries.above(modules)) await accept(boundary, false, callPlainly)
  const { message, stack = '', location } = failure
  const loc = location && { file: location.file, line: location.line, column: location.column }
  const err = { message, stack, ...(location && { id: location.file, loc }) }
  await registry.events.dispatch('vite:error', { type: 'error', err }, callPlainly)
}

async function accept({ module, acceptance, via }: Boundary, isApplied: boolean, call: Call): Promise<void> {
  if (!acceptance.handler) return
  const label = `${module.record.label}: an accept callback`
  if (acceptance.kind !== 'dependencies')
    return call(acceptance.handler, isApplied ? module.namespace : undefined, label)
  const { specifiers, isList, handler } = acceptance
  const namespaces = specifiers.map((specifier) => {
    const target = module.registry.boundaries.dependencyOf(module, specifier)
    return isApplied && target && via.includes(target) ? target.namespace : undefined
  })
  if (isList) return call(handler, isApplied ? namespaces : [], label)
  return call(handler, namespaces[0], label)
}

/** As Vite has it (`UpdatePayload` of vite/types/hmrPayload). */
interface UpdatePayload {
  readonly type: 'update'
  readonly updates: readonly {
    readonly type: 'js-update'
    readonly path: string
    readonly acceptedPath: string
    readonly timestamp: number
  }[]
}

function toPayload(changed: readonly HotModule[], boundaries: readonly Boundary[]): UpdatePayload {
  const accepted = boundaries.flatMap(({ module, via }) => via.map((one) => [module, one] as const))
  const pairs = accepted.length > 0 ? accepted : changed.map((module) => [module, module] as const)
  const timestamp = Date.now()
  const updates = pairs.map(([module, via]) => ({
    type: 'js-update' as const,
    path: toPath(module),
    acceptedPath: toPath(via),
    timestamp,
  }))
  return { type: 'update', updates }
}

/** As Vite calls a module in its events. */
export function toPath({ record }: HotModule): string {
  return record.label.startsWith('/') ? record.label : `/${record.label}`
}
