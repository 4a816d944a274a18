import { type ModuleRecord, OPAQUE_UNIT } from '../protocol/index.ts'
import { HotModule, type ModuleHost } from './module.ts'
import { type ExportGetter, forwardExports, type Namespace } from './namespace.ts'
import type { Registry } from './registry.ts'
import { Run } from './resources/run.ts'
import { type Begun, LONGEST_START_UP } from './start-up.ts'

/**
 * A module that runs as a whole: one unit, which is all of its code. To run it again is to have the runner load another
 * instance of it. All who import it see the instance that runs, through one namespace.
 */
export class OpaqueModule extends HotModule {
  /** What its statements began. When it runs again, the update waits for that. */
  readonly #begun: Begun = this.window.begin(this.predecessor !== undefined)
  #leave: (() => void) | undefined

  constructor(
    registry: Registry,
    record: ModuleRecord,
    host: ModuleHost,
    namespace: Namespace,
    predecessor: HotModule | undefined,
  ) {
    const values = forwardExports(host.exports, namespace)
    super(
      registry,
      withExports(record, values),
      { ...host, values: Object.fromEntries(values) },
      namespace,
      predecessor,
    )
    for (const unit of this.units.values()) unit.run = () => this.reload()
  }

  // ── Called by the module's code ───────────────────────────────────────────────────────────────────────────────────

  /** All it imports has run, and now it runs. What it creates is its unit's. */
  begin(): void {
    const unit = this.whole
    // Who loads it anew hears of a failure. At first nobody does.
    if (!this.predecessor) {
      if (unit.record.isAsync) setTimeout(() => this.release(), LONGEST_START_UP).unref()
      else queueMicrotask(() => this.status === 'evaluating' && this.abandon())
    }
    unit.latest = this.predecessor?.whole.latest ?? new Run(unit, false)
    this.#leave = this.registry.ownership.enter(unit.latest)
  }

  /** A statement of its top level answered this. */
  hold<T>(value: T): T {
    this.#begun.add(value)
    return value
  }

  /** It imported something while running. */
  async note(imported: Promise<Namespace>): Promise<Namespace> {
    const namespace = this.registry.namespaces.resolve(await imported)
    const target = this.registry.moduleOf(namespace)
    target?.importers.add(this)
    this.registry.noteGraphChange()
    if (target && this.window.open) this.dynamicImports.set(target.record.id, namespace)
    return imported
  }

  override end(): void {
    this.#leave?.()
    // What code does to `module.exports` is only there now.
    for (const [name, get] of forwardExports(this.host.exports, this.namespace)) this.values.set(name, get)
    this.record = withExports(this.record, this.values)
    this.registry.namespaces.extend(this.host.exports, this.namespace)
    const { predecessor } = this
    super.end()
    // When it was loaded anew, the update waits for that.
    if (!predecessor) this.whole.latest?.settle()
  }

  /** What it has begun has come to its end. */
  override async settled(): Promise<void> {
    await this.#begun.all()
  }
}

/** All names lead to no unit: what they are is known to the module alone. */
function withExports(record: ModuleRecord, values: ReadonlyMap<string, ExportGetter>): ModuleRecord {
  return { ...record, exports: Object.fromEntries([...values.keys()].map((name) => [name, `${OPAQUE_UNIT}.exports`])) }
}
