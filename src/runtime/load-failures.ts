import path from 'node:path'
import type { HotModule } from './module.ts'
import type { Namespace } from './namespace.ts'

/** What came of asking again. */
interface Attempt {
  readonly update: number
  readonly namespace: Promise<Namespace>
  hasFailed: boolean
}

/** A module has thrown while it was evaluated for the first time. */
interface Failure {
  readonly module: HotModule
  readonly update: number
  /** By who asked for what; under an empty name for the module itself, which all share. */
  readonly attempts: Map<string, Attempt>
}

/**
 * What modules threw that did not come to their end. A runner may remember that, and throw the same object for whoever
 * asks for such a module, or for one that imports it: by that it is known what to ask for anew once something was saved.
 */
export class LoadFailures {
  /** Those that no other instance has taken the place of. Written by {@link note} and the registry. */
  readonly modules: Set<HotModule> = new Set()
  readonly #byError = new WeakMap<object, Failure>()
  #updates = 0

  /** Something was saved, so that what failed may be mended. */
  noteUpdate(): void {
    this.#updates += 1
  }

  note(module: HotModule, error: unknown): void {
    const key = toKey(error)
    if (!key || this.#byError.has(key)) return
    this.#byError.set(key, { module, update: this.#updates, attempts: new Map() })
  }

  /**
   * Answers what a runner failed to load, if it only remembers that it did.
   *
   * @param evaluate has it evaluated under another name
   * @throws what it threw, now or since the last save
   */
  async retry(
    importer: HotModule,
    specifier: string,
    error: unknown,
    evaluate: () => Promise<Namespace>,
  ): Promise<Namespace> {
    const key = toKey(error)
    const failure = key && this.#byError.get(key)
    if (!failure || failure.update === this.#updates) throw error
    const name = leadsTo(importer, specifier, failure.module) ? '' : `${importer.record.id} ${specifier}`
    const last = failure.attempts.get(name)
    if (last && (!last.hasFailed || last.update === this.#updates)) return last.namespace
    const attempt: Attempt = { update: this.#updates, namespace: evaluate(), hasFailed: false }
    failure.attempts.set(name, attempt)
    attempt.namespace.catch(() => (attempt.hasFailed = true))
    return attempt.namespace
  }
}

function toKey(error: unknown): object | undefined {
  return (typeof error === 'object' && error !== null) || typeof error === 'function' ? error : undefined
}

/** Whether a relative specifier names a module's file, with its extension or without. */
function leadsTo({ record: { id: importer } }: HotModule, specifier: string, { record: { id } }: HotModule): boolean {
  if (!/^\.{1,2}\//.test(specifier)) return specifier === id
  const named = path.posix.join(path.posix.dirname(importer), specifier)
  return (
    [named, `${named}/index`].some((one) => one === withoutExtension(id)) ||
    withoutExtension(named) === withoutExtension(id)
  )
}

function withoutExtension(file: string): string {
  const { dir, name } = path.posix.parse(file)
  return path.posix.join(dir, name)
}
