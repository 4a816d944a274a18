import { analyzeModule, type ModuleAnalysis } from '../../../src/plugin/analyze/module.ts'
import type { Unit } from '../../../src/plugin/analyze/units.ts'
import { instrument } from '../../../src/plugin/instrument/module.ts'
import type { ModuleRecord } from '../../../src/protocol/index.ts'

export function analyze(code: string): ModuleAnalysis {
  const analysis = analyzeModule(code)
  if (analysis.kind !== 'module') throw new Error(`${analysis.kind}: ${code}`)
  return analysis.module
}

export function recordOf(code: string): ModuleRecord {
  return instrument(analyze(code), '/module.js', 'module.js').record
}

/** The facts of a module's last unit. */
export function lastUnit(code: string): Unit['facts'] {
  const unit = analyze(code).units.at(-1)
  if (!unit) throw new Error(`No unit in ${code}`)
  return unit.facts
}
