import { isPromise } from 'node:util/types'
import type { keep, KeepOptions } from './inert.ts'
import type { Ownership } from './resources/ownership.ts'
import type { Run } from './resources/run.ts'

type Dispose = (value: unknown) => unknown

/** A value under a key, and who asks for it. */
interface Kept {
  readonly value: unknown
  /** The run that made it; none for one that was made for a request. */
  readonly maker: Run | undefined
  /** Runs that asked for it, the newest last, each with what it said disposes of it. Emptied of past ones by `release`. */
  readonly claims: Map<Run, Dispose | undefined>
  /** Code outside every run asked for it: nobody can tell whether that will do so again. */
  isPermanent: boolean
}

/** A value that nobody asks for any more. */
export interface Released {
  readonly key: string
  /** Rejects with what disposing of it threw. Absent where nobody said how to dispose of it. */
  readonly done: Promise<unknown> | undefined
}

/**
 * What `keep(key, create)` holds for as long as some unit asks for it.
 *
 * A unit **claims** a key by asking for it in its last run. Nothing is journalled: after a failed update the last run of
 * each unit is the one before again, and with it its claims.
 */
export class KeptValues {
  readonly #ownership: Ownership
  readonly #kept = new Map<string, Kept>()

  constructor(ownership: Ownership) {
    this.#ownership = ownership
  }

  /** What hot code is given for {@link keep}. */
  readonly keep: typeof keep = <T>(key: string, create: () => T, options?: KeepOptions<T>): T => {
    const kept = this.#kept.get(key) ?? this.#make(key, create)
    const run = this.#ownership.current
    if (run) {
      kept.claims.delete(run)
      kept.claims.set(run, options?.dispose as Dispose | undefined)
    } else kept.isPermanent = true
    return kept.value as T
  }

  /** What it makes is owned by no run: it is to outlive all of them. */
  #make(key: string, create: () => unknown): Kept {
    const maker = this.#ownership.current
    const value = this.#ownership.outside(create)
    const kept: Kept = { value, maker, claims: new Map(), isPermanent: false }
    this.#kept.set(key, kept)
    // Whoever was given the promise hears of the failure; here it is only forgotten, so that the next one asks anew.
    if (isPromise(value)) value.catch(() => this.#kept.get(key) === kept && this.#kept.delete(key))
    return kept
  }

  values(): unknown[] {
    return [...this.#kept.values()].map(({ value }) => value)
  }

  /** Whether a run has been given a value that is still there. */
  holdsFor(run: Run): boolean {
    return [...this.#kept.values()].some(({ claims }) => claims.has(run))
  }

  /** Keys whose values were there before these runs, and that they asked for. */
  heldFor(runs: ReadonlySet<Run>): string[] {
    return [...this.#kept]
      .filter(([, { claims, maker }]) => !(maker && runs.has(maker)) && [...claims.keys()].some((run) => runs.has(run)))
      .map(([key]) => key)
  }

  /** Forgets and disposes of what no unit in the source claims. Called when an update has been committed or taken back. */
  release(): Released[] {
    const released: Released[] = []
    for (const [key, { value, claims, isPermanent }] of this.#kept) {
      const dispose = [...claims.values()].at(-1)
      for (const run of claims.keys()) if (!isPresent(run)) claims.delete(run)
      if (isPermanent || claims.size > 0) continue
      this.#kept.delete(key)
      released.push({ key, done: dispose && disposeOf(value, dispose) })
    }
    return released
  }
}

/** It is the last run of a unit that is in the source. */
function isPresent(run: Run): boolean {
  const { unit } = run
  const { module } = unit
  return unit.latest === run && module.status !== 'unused' && module.units.get(unit.record.key) === unit
}

async function disposeOf(value: unknown, dispose: Dispose): Promise<unknown> {
  return dispose(await value)
}
