import type { Environment, Plugin } from 'vite'
import { isVirtual } from '../invalidated.ts'

/**
 * Makes virtual modules known before they are loaded. What a `load` hook watches by `addWatchFile` Vite only notes of
 * modules it knows, as it does of those whose importer it has transformed in the same environment. vite-node asks the
 * client's for what is no script, while the importers are the other's: there, an edit of the file would be nobody's.
 */
export function watchedByVirtual(isActive: (environment: Environment) => boolean): Plugin {
  return {
    name: 'hot-node:watched-by-virtual',
    apply: 'serve',
    load: {
      order: 'pre',
      async handler(id) {
        const { environment } = this
        if (environment.mode !== 'dev' || !isVirtual(id) || !isActive(environment)) return
        const { moduleGraph } = environment
        if (!moduleGraph.getModuleById(id)) await moduleGraph.ensureEntryFromUrl(id)
      },
    },
  }
}
