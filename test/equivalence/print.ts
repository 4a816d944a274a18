import { createTwoFilesPatch } from 'diff'
import type { CounterExample, Step } from './scenario.ts'

/** A counter-example as files and diffs. */
export function print({ message, history }: CounterExample): string {
  const [start, ...saves] = history
  const lines = [`Counter-example: ${message}`, '']
  for (const [path, source] of Object.entries(start?.files ?? {})) lines.push(`── ${path}`, source)
  let before = start?.files ?? {}
  for (const [index, { label, files, outcome }] of saves.entries()) {
    lines.push(`══ save ${index + 1}: ${label}`)
    for (const path of new Set([...Object.keys(before), ...Object.keys(files)]))
      if (before[path] !== files[path])
        lines.push(createTwoFilesPatch(path, path, before[path] ?? '', files[path] ?? '', '', '', { context: 2 }))
    lines.push(...toLines(outcome))
    before = files
  }
  return lines.join('\n')
}

/** What a save came to. */
function toLines(outcome: Step['outcome']): string[] {
  if (!outcome) return []
  if (outcome.rung === 'failed') return [`→ failed: ${outcome.failure.message}`]
  if (outcome.rung !== 're-run') return [`→ ${outcome.rung}`]
  const reran = outcome.reran.map(({ module, what }) => `${what.join(', ')} of ${module}`)
  return [`→ re-run of ${reran.join('; ') || 'nothing'}: ${outcome.why}`]
}
