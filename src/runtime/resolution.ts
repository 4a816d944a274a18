import { NAMESPACE, parseRef, type Ref, toImportRef } from '../protocol/index.ts'
import type { HotModule, Unit } from './module.ts'

/** What a reference leads to, through any number of modules that pass a name on (ECMAScript, ResolveExport). */
type Resolution =
  | { readonly kind: 'unit'; readonly unit: Unit }
  | { readonly kind: 'namespace'; readonly module: HotModule }
  /** Something of a module that is not hot, or a variable that no unit declares. */
  | { readonly kind: 'outside'; readonly module: HotModule; readonly ref: Ref }
  /** Nothing: no such name, or one that is only passed round in a circle. */
  | { readonly kind: 'missing' }

/** What a module imported by a computed specifier: it may be any of all it asked for. */
const COMPUTED_IMPORT = toImportRef(NAMESPACE, NAMESPACE)

const MISSING: Resolution = { kind: 'missing' }

/** The unit a reference of a module leads to; none for what is outside hot modules, or a whole namespace. */
export function resolveUnit(module: HotModule, ref: Ref): Unit | undefined {
  const resolution = resolve(module, ref, new Set())
  return resolution.kind === 'unit' ? resolution.unit : undefined
}

/** Whether a reference of a module is to a unit, or to a namespace that shows it. */
export function refersTo(module: HotModule, ref: Ref, target: Unit): boolean {
  if (ref === COMPUTED_IMPORT)
    return [...module.dynamicImports.keys()].some((specifier) =>
      refersTo(module, toImportRef(NAMESPACE, specifier), target),
    )
  const resolution = resolve(module, ref, new Set())
  if (resolution.kind === 'unit') return resolution.unit === target
  if (resolution.kind !== 'namespace') return false
  return [...exportedNames(resolution.module)].some((name) => exportedUnit(resolution.module, name) === target)
}

/** Whether what a reference of a module leads to depends on what another one exports under a name. */
export function passesThrough(module: HotModule, ref: Ref, exporter: HotModule, name: string): boolean {
  const seen = new Set<string>()
  const resolution = resolve(module, ref, seen)
  if (seen.has(toStep(exporter, name))) return true
  if (resolution.kind !== 'namespace') return false
  const shown = resolution.module
  return [...exportedNames(shown)].some((one) => {
    const steps = new Set<string>()
    resolveExport(shown, one, steps)
    return steps.has(toStep(exporter, name))
  })
}

/** Where each name that a module exports leads, in words that are others if that is elsewhere. */
export function exportTargets(module: HotModule): ReadonlyMap<string, string> {
  return new Map([...exportedNames(module)].map((name) => [name, describe(resolveExport(module, name, new Set()))]))
}

function describe(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'unit':
      return `${resolution.unit.module.record.id} ${resolution.unit.record.key}`
    case 'namespace':
      return `${resolution.module.record.id} ${NAMESPACE}`
    case 'outside':
      return `${resolution.module.record.id} ${resolution.ref}`
    case 'missing':
      return ''
  }
}

/** The unit that declares what a module exports under a name, wherever that is. */
export function exportedUnit(module: HotModule, name: string): Unit | undefined {
  const resolution = resolveExport(module, name, new Set())
  return resolution.kind === 'unit' ? resolution.unit : undefined
}

/** Whether a module exports a name that leads to something. */
export function hasExport(module: HotModule, name: string): boolean {
  return resolveExport(module, name, new Set()).kind !== 'missing'
}

/** Whether a module exports what it imports. */
export function passesOn({ record }: HotModule): boolean {
  return record.stars.length > 0 || Object.values(record.exports).some((ref) => parseRef(ref).kind === 'import')
}

function resolve(module: HotModule, ref: Ref, seen: Set<string>): Resolution {
  const parsed = parseRef(ref)
  if (parsed.kind === 'own') {
    const unit = declaringUnit(module, parsed.name)
    // A `var` in a block is declared by no unit.
    return unit ? { kind: 'unit', unit } : { kind: 'outside', module, ref }
  }
  const target = module.importedModule(parsed.specifier)
  if (target)
    return parsed.name === NAMESPACE ? { kind: 'namespace', module: target } : resolveExport(target, parsed.name, seen)
  const namespace = module.imports.get(parsed.specifier)
  const exists = !namespace || parsed.name === NAMESPACE || parsed.name === 'default' || parsed.name in namespace
  return exists ? { kind: 'outside', module, ref } : MISSING
}

function toStep({ record }: HotModule, name: string): string {
  return `${record.id} ${name}`
}

function resolveExport(module: HotModule, name: string, seen: Set<string>): Resolution {
  const here = toStep(module, name)
  if (seen.has(here)) return MISSING
  seen.add(here)
  const ref = module.record.exports[name]
  if (ref !== undefined) return resolve(module, ref, seen)
  if (name === 'default') return MISSING
  for (const specifier of module.record.stars) {
    const target = module.importedModule(specifier)
    const namespace = module.imports.get(specifier)
    const found = target
      ? resolveExport(target, name, seen)
      : namespace && name in namespace
        ? ({ kind: 'outside', module, ref: toImportRef(name, specifier) } as const)
        : MISSING
    if (found.kind !== 'missing') return found
  }
  return MISSING
}

/** Names a module exports, `export *` included. */
function exportedNames(module: HotModule, seen: Set<HotModule> = new Set()): Set<string> {
  const names = new Set(Object.keys(module.record.exports))
  seen.add(module)
  for (const specifier of module.record.stars) {
    const target = module.importedModule(specifier)
    if (target && seen.has(target)) continue
    const more = target ? exportedNames(target, seen) : Object.keys(module.imports.get(specifier) ?? {})
    for (const name of more) if (name !== 'default') names.add(name)
  }
  return names
}

function declaringUnit(module: HotModule, name: string): Unit | undefined {
  const direct = module.units.get(name)
  if (direct) return direct
  for (const unit of module.units.values()) if (unit.record.names.includes(name)) return unit
  return undefined
}
