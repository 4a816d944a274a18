import { expect, test } from 'vitest'
import type { HotModule } from '../../../src/runtime/module.ts'
import { Registry } from '../../../src/runtime/registry.ts'

/** A module that counts how often it is asked for what it imports. */
function addModule(
  registry: Registry,
  id: string,
  imports: readonly HotModule[],
): { module: HotModule; visits: number } {
  const counted = { visits: 0 } as { module: HotModule; visits: number }
  counted.module = {
    record: { id, imports: imports.map((target) => ({ specifier: target.record.id })) },
    status: 'running',
    importers: new Set(),
    dynamicImports: new Map(),
    importedModule: (specifier: string) => {
      counted.visits += 1
      return registry.modules.get(specifier)
    },
  } as unknown as HotModule
  for (const target of imports) target.importers.add(counted.module)
  registry.modules.set(id, counted.module)
  return counted
}

test('the graph is walked for the order of evaluation once, and again when it has changed', () => {
  const registry = new Registry()
  const leaf = addModule(registry, 'leaf', [])
  const entry = addModule(registry, 'entry', [leaf.module])

  for (let update = 0; update < 10; update++)
    expect(registry.placeOf(leaf.module)).toBeLessThan(registry.placeOf(entry.module))
  expect(entry.visits).toBe(1)

  registry.noteGraphChange()
  expect(registry.placeOf(entry.module)).toBe(1)
  expect(entry.visits).toBe(2)
})

test('a start is found without asking every module again', () => {
  const registry = new Registry()
  expect(registry.isStarted).toBe(false)
  const leaf = addModule(registry, 'leaf', [])
  const entry = addModule(registry, 'entry', [leaf.module])
  expect(registry.isStarted).toBe(true)
  entry.module.status = 'failed'
  expect(registry.isStarted).toBe(false)
})
