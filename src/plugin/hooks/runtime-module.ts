import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'
import { RUNTIME_ID } from '../../protocol/index.ts'

/** Ends in `.js`, or vite-node would take it for a module of the browser. */
const RESOLVED_ID = '\0hot-node:runtime.js'

/** The same as an address, for modules whose imports Vite does not resolve. */
export const RUNTIME_URL: string = `/@id/${RESOLVED_ID.replace('\0', '__x00__')}`

/**
 * Serves the runtime to hot modules. A virtual module, not a file of the package: runners leave packages to Node, where
 * there is no `import.meta.hot`.
 */
export function runtimeModule(): Pick<Plugin, 'resolveId' | 'load'> {
  return {
    resolveId: {
      filter: { id: new RegExp(`^${RUNTIME_ID}$`) },
      handler: () => RESOLVED_ID,
    },
    load: {
      // oxlint-disable-next-line no-control-regex -- Rollup's convention for virtual modules
      filter: { id: /^\0hot-node:runtime\.js$/ },
      handler: async () => readFile(new URL('./runtime.js', import.meta.url), 'utf8'),
    },
  }
}
