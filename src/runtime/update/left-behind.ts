import type { Registry } from '../registry.ts'
import { OpenConnections, type Side } from '../resources/open-connections.ts'
import { SocketSearch } from '../resources/reach.ts'
import type { Run } from '../resources/run.ts'

/** How many values to look at: that many take some ten milliseconds, and those that go on some fifty. */
const MOST_OLD = 20_000
const MOST_PRESENT = 100_000

/**
 * What re-runs leave behind: connections that are open and that only the old values know. A `WebSocketServer` that was
 * made again has a list of clients of its own, and a pool that was made again another pool beside it. Neither can be
 * closed or moved, as requests may use the old ones still; so it is said.
 *
 * Looked for when an update has been applied, in what old and new values hold: nothing is noted when connections come.
 */
export class LeftBehind {
  readonly #registry: Registry
  /** What the units of runs that were followed had in their variables. */
  readonly #old = new Map<Run, readonly unknown[]>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** A run is to be followed by another, or its unit is gone. */
  note(run: Run, values: readonly unknown[]): void {
    this.#old.set(run, values)
  }

  /** What to say, once what is owned has been disposed of. */
  describe(): string[] {
    if (this.#old.size === 0) return []
    const open = new OpenConnections()
    if (open.size === 0) return []
    const search = new SocketSearch(MOST_OLD)
    const found = [...this.#old.keys()]
      // The value that has the list, before the start-up that made the value.
      .toSorted((a, b) => Number(isStartUp(a)) - Number(isStartUp(b)))
      .flatMap((run) => {
        const sockets = search.within([...(this.#old.get(run) ?? []), ...run.created])
        return sockets.flatMap((socket) => ({ run, socket, side: open.sideOf(socket) }))
      })
      .filter(({ side }) => side !== undefined)
    if (found.length === 0) return []
    const among = new SocketSearch(MOST_PRESENT)
    const present = new Set(among.within(this.#present()))
    // Where there is more than can be looked at, the new values may have them.
    if (among.isCut) return []
    const lost = found.filter(({ socket }) => !present.has(socket))
    return [...this.#old.keys()].flatMap((run) =>
      (['accepted', 'opened'] as const).flatMap((side) => {
        const count = lost.filter((one) => one.run === run && one.side === side).length
        return count > 0 ? toNote(run, side, count, search.isCut) : []
      }),
    )
  }

  /** All that runs go on with. */
  *#present(): Generator {
    yield* this.#registry.kept.values()
    for (const module of this.#registry.modules.values()) {
      if (module.status === 'unused') continue
      const units = [...module.units.values()]
      yield* module.read(units.flatMap(({ record }) => (record.kind === 'function' ? [] : record.names)))
      for (const { latest } of units) if (latest && !this.#old.has(latest)) yield* latest.created
    }
  }
}

function isStartUp({ unit }: Run): boolean {
  return unit.record.kind !== 'value'
}

function toNote(run: Run, side: Side, count: number, isCut: boolean): string {
  const { module, record } = run.unit
  const isGone = module.status === 'unused' || module.units.get(record.key) !== run.unit
  const what = isStartUp(run) ? `what ${record.label} made before` : `the old ${record.label}`
  const isOne = count === 1 && !isCut
  const amount = isCut ? `${count} or more` : `${count}`
  const fact =
    side === 'accepted'
      ? `${amount} open ${isOne ? 'connection stays' : 'connections stay'} with ${what}`
      : `${amount} ${isOne ? 'connection' : 'connections'} of ${what} ${isOne ? 'is' : 'are'} still open`
  const advice =
    side === 'accepted'
      ? `keep() it to reach ${isOne ? 'that' : 'them'}`
      : 'keep() it, or give it [Symbol.asyncDispose]'
  return `${module.record.label}: ${fact}${isGone ? '' : `: ${advice}`}`
}
