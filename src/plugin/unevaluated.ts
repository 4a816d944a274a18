import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import type { Unloaded } from '../protocol/index.ts'
import { isForeign, toModuleId } from './hooks/transform.ts'

/** Modules that a runner has failed to evaluate and is to evaluate anew, now that something was saved. */
export class Unevaluated {
  readonly #environment: DevEnvironment
  /** Those for which it has not asked since. */
  readonly #modules = new Set<EnvironmentModuleNode>()

  constructor(environment: DevEnvironment) {
    this.#environment = environment
  }

  /** Those that threw, and what imports them and does not run. */
  note({ ids, running }: Unloaded): void {
    const graph = this.#environment.moduleGraph
    const known = new Set(running)
    const visit = (module: EnvironmentModuleNode | undefined): void => {
      if (!module || this.#modules.has(module)) return
      this.#modules.add(module)
      for (const importer of module.importers)
        if (importer.id !== null && !isForeign(importer.id) && !known.has(toModuleId(importer.id))) visit(importer)
    }
    for (const id of ids) visit(graph.getModuleById(id))
  }

  /** Whether an address is one of theirs. Says so once. */
  async take(url: string): Promise<boolean> {
    if (this.#modules.size === 0) return false
    const module = await this.#environment.moduleGraph.getModuleByUrl(url)
    return module !== undefined && this.#modules.delete(module)
  }
}
