import { dirname, resolve } from 'node:path'
import type { HotModule } from '../module.ts'
import type { Registry } from '../registry.ts'
import type { Acceptance } from './handlers.ts'

/** A module that accepts an update of another, or of itself. */
export interface Boundary {
  readonly module: HotModule
  readonly acceptance: Acceptance
  /** The modules whose update it accepts. */
  readonly via: readonly HotModule[]
}

/**
 * **HMR boundaries** (vite.dev/guide/api-hmr): modules that accept updates with `import.meta.hot`. What changed below one
 * makes nothing stale above it.
 */
export class Boundaries {
  readonly #registry: Registry
  /** Modules that have accepted something. Those that do so no more stay. */
  readonly #modules = new Set<HotModule>()
  /** Those that are no boundary for the update under way, as they invalidated themselves. */
  readonly #lifted = new Set<HotModule>()
  /** Modules above a module that no update of it comes to. Forgotten when imports change, and with each update. */
  readonly #beyond = new Map<HotModule, ReadonlySet<HotModule>>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** A module accepts something. */
  note(module: HotModule): void {
    this.#modules.add(module)
    this.forget()
  }

  /** Who imports whom is different now, or who accepts what. */
  forget(): void {
    this.#beyond.clear()
  }

  /** Has a module be none, until the answer is called. */
  lift(module: HotModule): () => void {
    this.#lifted.add(module)
    this.forget()
    return () => {
      this.#lifted.delete(module)
      this.forget()
    }
  }

  /** Whether a boundary lies between a module and another that imports it, on every way. */
  stops(from: HotModule, to: HotModule): boolean {
    if (this.#modules.size === 0 || from === to) return false
    let beyond = this.#beyond.get(from)
    if (!beyond) this.#beyond.set(from, (beyond = this.#toBeyond(from)))
    return beyond.has(to)
  }

  #toBeyond(from: HotModule): Set<HotModule> {
    const all = importersAbove(from, () => false)
    const notified = importersAbove(from, (importer, module) => this.#accepts(importer, module))
    return new Set([...all].filter((module) => !notified.has(module)))
  }

  /** Whether what a module does to others is its own affair: it accepts itself, and cleans up. */
  isClosed({ handlers }: HotModule): boolean {
    return this.#modules.size > 0 && handlers.acceptsItself && handlers.disposals.size > 0
  }

  /** The first boundaries above modules that change. */
  above(changed: Iterable<HotModule>): Boundary[] {
    if (this.#modules.size === 0) return []
    const found = new Map<Acceptance, { module: HotModule; acceptance: Acceptance; via: Set<HotModule> }>()
    const note = (module: HotModule, acceptance: Acceptance, via: HotModule): void => {
      const known = found.get(acceptance) ?? { module, acceptance, via: new Set<HotModule>() }
      known.via.add(via)
      found.set(acceptance, known)
    }
    const seen = new Set<HotModule>()
    const visit = (module: HotModule): void => {
      if (seen.has(module)) return
      seen.add(module)
      if (!this.#lifted.has(module))
        for (const acceptance of module.handlers.acceptances)
          if (acceptance.kind !== 'dependencies') note(module, acceptance, module)
      for (const importer of module.importers) {
        for (const acceptance of importer.handlers.acceptances)
          if (acceptance.kind === 'dependencies' && this.#acceptsAmong(importer, acceptance, module))
            note(importer, acceptance, module)
        if (!this.#accepts(importer, module)) visit(importer)
      }
    }
    for (const module of changed) visit(module)
    const place = ({ module }: { readonly module: HotModule }): number => this.#registry.placeOf(module)
    return [...found.values()]
      .map((boundary) => ({ ...boundary, via: [...boundary.via] }))
      .toSorted((one, other) => place(one) - place(other))
  }

  /** Whether an update of a module ends before it comes to an importer. */
  #accepts(importer: HotModule, module: HotModule): boolean {
    const { handlers } = module
    if (!this.#lifted.has(module)) {
      if (handlers.acceptsItself) return true
      const names = handlers.acceptedExports
      if (names.size > 0 && importedNames(importer, module)?.every((name) => names.has(name))) return true
    }
    return [...importer.handlers.acceptances].some(
      (acceptance) => acceptance.kind === 'dependencies' && this.#acceptsAmong(importer, acceptance, module),
    )
  }

  #acceptsAmong(
    importer: HotModule,
    { specifiers }: Acceptance & { readonly kind: 'dependencies' },
    module: HotModule,
  ): boolean {
    return specifiers.some((specifier) => this.dependencyOf(importer, specifier) === module)
  }

  /** The module that is meant by `accept('./greet.ts')`, also where it is imported as `./greet`. */
  dependencyOf(importer: HotModule, specifier: string): HotModule | undefined {
    return importer.importedModule(specifier) ?? findByPath(importer, specifier)
  }
}

/** All that import a module, directly or not, on ways that nothing stops. */
function importersAbove(
  module: HotModule,
  isStopped: (importer: HotModule, imported: HotModule) => boolean,
): Set<HotModule> {
  const found = new Set<HotModule>()
  const visit = (imported: HotModule): void => {
    for (const importer of imported.importers) {
      if (found.has(importer) || isStopped(importer, imported)) continue
      found.add(importer)
      visit(importer)
    }
  }
  visit(module)
  return found
}

function findByPath(importer: HotModule, specifier: string): HotModule | undefined {
  if (!/^[./]/.test(specifier)) return undefined
  const path = specifier.startsWith('.') ? resolve(dirname(importer.record.id), specifier) : specifier
  const isMeant = ({ record: { id } }: HotModule): boolean => id === path || id.replace(/\.\w+$/, '') === path
  const imported = [...importer.imports.keys(), ...importer.dynamicImports.keys()]
  return imported.flatMap((one) => importer.importedModule(one) ?? []).find(isMeant)
}

/** What a module uses of another by name. Nothing where it may use all of it. */
function importedNames({ record, imports, registry }: HotModule, module: HotModule): string[] | undefined {
  const names: string[] = []
  for (const item of record.imports) {
    const namespace = imports.get(item.specifier)
    if (!namespace || registry.moduleOf(namespace) !== module) continue
    if (item.names.length === 0 || record.stars.includes(item.specifier)) return undefined
    names.push(...item.names)
  }
  return names
}
