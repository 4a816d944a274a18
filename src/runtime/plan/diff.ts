import type { CellRecord, ModuleRecord, UnitRecord } from '../../protocol/index.ts'
import { longestIncreasing } from './longest-increasing.ts'

export interface CellChange {
  readonly unit: UnitRecord
  readonly cell: CellRecord
  readonly kind: 'changed' | 'added' | 'removed'
  readonly isArityChanged: boolean
}

/** What is different between two versions of a module. */
export interface ModuleDiff {
  readonly added: readonly UnitRecord[]
  readonly removed: readonly UnitRecord[]
  /** Units whose own text changed, or that run in another order. */
  readonly changed: readonly UnitRecord[]
  /** Cells of units that are otherwise the same. */
  readonly cells: readonly CellChange[]
  /** Exported names that refer to something else, came or went; not those of `export *`. */
  readonly exports: readonly string[]
  /** Specifiers of `export *` that came or went. */
  readonly stars: readonly string[]
  /** Some name may lead elsewhere, or not be there any more. */
  readonly changesExports: boolean
  /** Specifiers that came, and that went. */
  readonly imports: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** Nothing that runs is different. */
  readonly isEmpty: boolean
}

export function diffModules(old: ModuleRecord, next: ModuleRecord): ModuleDiff {
  const oldUnits = new Map(old.units.map((unit) => [unit.key, unit]))
  const nextKeys = new Set(next.units.map((unit) => unit.key))
  const added: UnitRecord[] = []
  const cells: CellChange[] = []
  const moved = movedKeys(old, next)
  const changed: UnitRecord[] = []
  for (const unit of next.units) {
    const before = oldUnits.get(unit.key)
    if (!before) added.push(unit)
    else if (before.hash !== unit.hash || before.isAsync !== unit.isAsync || moved.has(unit.key)) {
      changed.push(unit)
      cells.push(...diffCells(before, unit))
    } else cells.push(...diffCells(before, unit))
  }
  const removed = old.units.filter((unit) => !nextKeys.has(unit.key))
  const exports = diffExports(old, next)
  const imports = diffImports(old, next)
  const stars = [...old.stars, ...next.stars].filter((one) => !old.stars.includes(one) || !next.stars.includes(one))
  const changesExports = exports.length > 0 || old.stars.join() !== next.stars.join()
  return {
    added,
    removed,
    changed,
    cells,
    exports,
    stars,
    changesExports,
    imports,
    isEmpty:
      added.length === 0 &&
      removed.length === 0 &&
      changed.length === 0 &&
      cells.length === 0 &&
      !changesExports &&
      imports.added.length === 0 &&
      imports.removed.length === 0,
  }
}

function diffCells(before: UnitRecord, after: UnitRecord): CellChange[] {
  const old = new Map(before.cells.map((cell) => [cell.key, cell]))
  const changes: CellChange[] = []
  for (const cell of after.cells) {
    const previous = old.get(cell.key)
    old.delete(cell.key)
    if (!previous) changes.push({ unit: after, cell, kind: 'added', isArityChanged: false })
    else if (previous.hash !== cell.hash)
      changes.push({ unit: after, cell, kind: 'changed', isArityChanged: previous.arity !== cell.arity })
  }
  for (const cell of old.values()) changes.push({ unit: after, cell, kind: 'removed', isArityChanged: false })
  return changes
}

function diffImports(old: ModuleRecord, next: ModuleRecord): ModuleDiff['imports'] {
  const before = new Set(old.imports.map(({ specifier }) => specifier))
  const after = new Set(next.imports.map(({ specifier }) => specifier))
  return {
    added: [...after].filter((specifier) => !before.has(specifier)),
    removed: [...before].filter((specifier) => !after.has(specifier)),
  }
}

function diffExports(old: ModuleRecord, next: ModuleRecord): string[] {
  const names = new Set([...Object.keys(old.exports), ...Object.keys(next.exports)])
  return [...names].filter((name) => old.exports[name] !== next.exports[name])
}

/**
 * Units that run something and whose place among the others changed: all that are not on a longest common run of the
 * two orders.
 */
function movedKeys(old: ModuleRecord, next: ModuleRecord): Set<string> {
  const nextPlaces = new Map(next.units.filter(runsSomething).map((unit, index) => [unit.key, index]))
  const common = old.units.filter((unit) => runsSomething(unit) && nextPlaces.has(unit.key))
  const places = common.map((unit) => nextPlaces.get(unit.key) ?? 0)
  const kept = new Set(longestIncreasing(places))
  return new Set(common.filter((_, index) => !kept.has(index)).map((unit) => unit.key))
}

function runsSomething(unit: UnitRecord): boolean {
  return !unit.isPure
}
