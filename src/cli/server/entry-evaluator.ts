import {
  ESModulesEvaluator,
  type EvaluatedModuleNode,
  type ModuleRunnerContext,
  ssrImportMetaKey,
} from 'vite/module-runner'
import { breakAtStart } from './break-at-start.ts'

/** Whether this Node has `import.meta.main` (24.2 and later). */
const HAS_MAIN = 'main' in import.meta

/** Evaluates modules as Vite does, with `import.meta.main` as this Node has it: true in the entry, or not there. */
export class EntryEvaluator extends ESModulesEvaluator {
  readonly #entry: string
  readonly #breaksAtEntry: boolean
  /** Set once the entry has been evaluated. */
  #hasStopped = false

  constructor(entry: string, breaksAtEntry: boolean) {
    super()
    this.#entry = entry
    this.#breaksAtEntry = breaksAtEntry
  }

  override runInlinedModule(
    context: ModuleRunnerContext,
    code: string,
    module?: Readonly<EvaluatedModuleNode>,
  ): Promise<unknown> {
    const isEntry = module?.file === this.#entry
    const meta = context[ssrImportMetaKey]
    if (HAS_MAIN) meta.main = isEntry
    else delete meta.main
    const breaks = this.#breaksAtEntry && isEntry && !this.#hasStopped
    if (breaks) this.#hasStopped = true
    return super.runInlinedModule(context, breaks ? breakAtStart(code, this.startOffset) : code)
  }
}
