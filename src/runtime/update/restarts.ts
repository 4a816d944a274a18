import type { Update } from '../../protocol/index.ts'
import { notReplaceable } from '../errors.ts'
import type { HotModule, Unit } from '../module.ts'
import type { StaleUnits } from '../plan/stale.ts'
import type { Registry } from '../registry.ts'

/**
 * Modules to load anew, with the reason: those that cannot be hot, and those that could not be before.
 *
 * @throws HotError `not_replaceable`
 */
export function toRestarts({ opaque, modules }: Update, registry: Registry): Map<HotModule, string> {
  const restarts = new Map<HotModule, string>()
  for (const { id, label, reason } of opaque) {
    const module = registry.modules.get(id)
    // A start that failed before it came to this one: it is tried again.
    if (!module && !registry.isStarted) continue
    if (!module) throw notReplaceable(label, reason, 'nothing is known of the one that runs')
    if (!module.address) throw notReplaceable(label, reason, 'it is a virtual module')
    if (module.isInUse) restarts.set(module, `${label} changed, and ${reason}`)
  }
  for (const { record } of modules) {
    const module = registry.modules.get(record.id)
    if (!module?.isOpaque || !module.isInUse) continue
    if (!module.address) throw notReplaceable(record.label, 'it was not hot before', 'it is a virtual module')
    restarts.set(module, `${record.label} changed, and it was not hot before`)
  }
  return restarts
}

/** What a module that runs as a whole did to others is not known: they cannot be left alone when it runs again. */
export function addUsedWholes(restarts: Map<HotModule, string>, stale: StaleUnits): void {
  for (const { module } of stale.reasons.keys())
    if (module.isOpaque && !restarts.has(module))
      restarts.set(module, `${module.record.label} used what changed, and ${module.record.opaque}`)
}

/** Everything runs again. Returns units that do not, as their module runs as a whole. */
export function addAll(restarts: ReadonlyMap<HotModule, string>, registry: Registry, stale: StaleUnits): Unit[] {
  const retold: Unit[] = []
  for (const module of registry.modules.values()) {
    if (!module.isInUse) continue
    const isWhole = module.isOpaque || restarts.has(module)
    if (isWhole && !module.isOpaque) retold.push(...module.units.values())
    if (!isWhole) for (const unit of module.units.values()) stale.add(unit, { kind: 'restart' })
    else if (module.address) stale.add(module.whole, { kind: 'restart' })
  }
  return retold
}
