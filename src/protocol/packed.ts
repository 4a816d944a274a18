import type { CellRecord, Effects, ModuleRecord, NestedEffects, UnitKind, UnitRecord } from './record.ts'

/**
 * A record as hot code carries it: the same facts by place instead of by name, without those that follow from others.
 * Every engine that starts the module reads over this text several times, and most of a record is names of fields.
 */
export type PackedRecord = readonly [facts: Omit<ModuleRecord, 'units'>, units: readonly PackedUnit[]]

type PackedUnit = readonly [
  kind: number,
  key: string,
  hash: string,
  /** Empty where it is what most units of its kind and key are called. */
  label: string,
  start: number,
  end: number,
  cells: readonly PackedCell[],
  effects: PackedEffects,
  rest: Rest<UnitRecord, 'isAsync' | 'names' | 'isPure' | 'isKept' | 'class' | 'partOf'>,
]

type PackedCell = readonly [
  /** Empty where it is its unit's. */
  key: string,
  hash: string,
  label: string,
  arity: number,
  /** Both -1 for one without code. */
  start: number,
  end: number,
  effects: PackedEffects,
  member: NonNullable<CellRecord['member']> | 0,
]

/** Nothing for a piece of code without effects. */
type PackedEffects =
  | 0
  | readonly [
      reads: Effects['reads'],
      touches: Effects['touches'],
      passes: Effects['passes'],
      calls: Effects['calls'],
      inner: readonly Effects[],
    ]

/** Fields that differ from what is usual; nothing if none does. */
type Rest<T, K extends keyof T> = 0 | Partial<Pick<T, K>>

const KINDS: readonly UnitKind[] = ['function', 'class', 'value', 'effect']

const NONE: readonly never[] = Object.freeze([])
const NO_EFFECTS: NestedEffects = { reads: NONE, touches: NONE, passes: NONE, calls: NONE, inner: NONE }

export function packRecord({ units, ...facts }: ModuleRecord): PackedRecord {
  return [facts, units.map(packUnit)]
}

export function unpackRecord([facts, units]: PackedRecord): ModuleRecord {
  return { ...facts, units: units.map(unpackUnit) }
}

function packUnit(unit: UnitRecord): PackedUnit {
  const { kind, key, hash, label, code, cells } = unit
  const shown = label === usualLabel(kind, key) ? '' : label
  const rest = {
    ...(unit.isAsync && { isAsync: true }),
    ...(unit.isPure !== isUsuallyPure(kind) && { isPure: unit.isPure }),
    ...(isUsuallyNamed(kind, key, unit.names) ? undefined : { names: unit.names }),
    ...(unit.isKept && { isKept: unit.isKept }),
    ...(unit.class && { class: unit.class }),
    ...(unit.partOf !== undefined && { partOf: unit.partOf }),
  }
  return [
    KINDS.indexOf(kind),
    key,
    hash,
    shown,
    ...code,
    cells.map((cell) => packCell(cell, key)),
    packEffects(unit),
    Object.keys(rest).length === 0 ? 0 : rest,
  ]
}

function unpackUnit([kindIndex, key, hash, shown, start, end, cells, effects, rest]: PackedUnit): UnitRecord {
  const kind = KINDS[kindIndex] ?? 'effect'
  return {
    key,
    kind,
    names: kind === 'effect' ? NONE : [key],
    hash,
    label: shown || usualLabel(kind, key),
    isAsync: false,
    isPure: isUsuallyPure(kind),
    code: [start, end],
    cells: cells.map((cell) => unpackCell(cell, key)),
    ...unpackEffects(effects),
    ...(rest === 0 ? undefined : rest),
  }
}

function usualLabel(kind: UnitKind, key: string): string {
  return kind === 'function' ? `${key}()` : key
}

function isUsuallyPure(kind: UnitKind): boolean {
  return kind === 'function'
}

function isUsuallyNamed(kind: UnitKind, key: string, names: readonly string[]): boolean {
  return kind === 'effect' ? names.length === 0 : names.length === 1 && names[0] === key
}

function packCell(cell: CellRecord, unit: string): PackedCell {
  const { key, hash, label, arity, code, member } = cell
  const [start, end] = code ?? [-1, -1]
  const shown = label === `${key}()` ? '' : label
  return [key === unit ? '' : key, hash, shown, arity, start, end, packEffects(cell), member ?? 0]
}

function unpackCell([own, hash, shown, arity, start, end, effects, member]: PackedCell, unit: string): CellRecord {
  const key = own || unit
  return {
    key,
    hash,
    label: shown || `${key}()`,
    arity,
    ...(start === -1 ? undefined : { code: [start, end] as const }),
    ...(member ? { member } : undefined),
    ...unpackEffects(effects),
  }
}

function packEffects({ reads, touches, passes, calls, inner }: NestedEffects): PackedEffects {
  return reads.length + touches.length + passes.length + calls.length + inner.length === 0
    ? 0
    : [reads, touches, passes, calls, inner]
}

function unpackEffects(effects: PackedEffects): NestedEffects {
  if (effects === 0) return NO_EFFECTS
  const [reads, touches, passes, calls, inner] = effects
  return { reads, touches, passes, calls, inner }
}
