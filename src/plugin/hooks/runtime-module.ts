import { readFile } from 'node:fs/promises'
import type { Environment, Plugin } from 'vite'
import { PACKAGE_ENTRY, RUNTIME_ID } from '../../protocol/index.ts'
import { withChannel } from '../local-channel.ts'
import { RELATIVE, toEntryFile } from './entry-imports.ts'

/** Ends in `.js`, or vite-node would take it for a module of the browser. */
export const RESOLVED_ID = '\0hot-node:runtime.js'

/** What the user's modules get of the runtime. */
const RESOLVED_ENTRY = '\0hot-node:entry.js'

// oxlint-disable-next-line no-control-regex -- Rollup's convention for virtual modules
const OWN = /^\0hot-node:(?:runtime|entry)\.js$/

/** What vite-node makes of {@link RUNTIME_PATH}. */
const FOUND = /^(?:[/]@fs)?[/]hot-node:runtime\.js$/

/** The name under which Vite is told what to leave to Node. */
const PACKAGE = PACKAGE_ENTRY.slice(0, PACKAGE_ENTRY.indexOf('/'))

/** The same as an address, for modules whose imports Vite does not resolve. */
export const RUNTIME_URL: string = `/@id/${RESOLVED_ID.replace('\0', '__x00__')}`

/** The same as the path of a file that vite-node does not look for: it takes what begins like this for found. */
export const RUNTIME_PATH = '/@fs/hot-node:runtime.js'

/**
 * Serves the runtime to hot modules. A virtual module, not a file of the package: runners leave packages to Node, where
 * there is no `import.meta.hot`.
 *
 * To modules that import `vite-plugin-hot-node/runtime` it gives what is the user's of the runtime, in place of the
 * package's file, which knows of no runtime. And it finds what entries of vite-node ask for.
 *
 * @param isActive whether the plugin is at work in an environment
 * @param isReady whether the runtime itself is put in its place later, in the form of runners
 */
export function runtimeModule(
  isActive: (environment: Environment) => boolean,
  isReady: (environment: Environment) => Promise<boolean>,
): Pick<Plugin, 'configEnvironment' | 'resolveId' | 'load'> {
  return {
    // Or Vite would leave the import to Node without asking anybody.
    configEnvironment: (name) => (name === 'client' ? undefined : { resolve: { noExternal: [PACKAGE] } }),
    resolveId: {
      // Before Vite finds the package's file. A query is of a runner that loads the module again.
      order: 'pre',
      filter: { id: [new RegExp(`^(?:${RUNTIME_ID}|${PACKAGE_ENTRY}(?:[?].*)?)$`), OWN, FOUND, RELATIVE] },
      handler(id, importer) {
        if (id === RUNTIME_ID || FOUND.test(id)) return RESOLVED_ID
        if (OWN.test(id)) return id
        if (!isActive(this.environment)) return undefined
        if (!RELATIVE.test(id)) return RESOLVED_ENTRY
        const file = toEntryFile(importer)
        return file === undefined ? undefined : this.resolve(id, file, { skipSelf: true })
      },
    },
    load: {
      filter: { id: OWN },
      async handler(id) {
        if (id === RESOLVED_ENTRY) return `export { keep, migrate } from '${RUNTIME_ID}'`
        const isLater = await isReady(this.environment)
        if (isLater) return 'export {}'
        return withChannel(await readFile(new URL('./runtime.js', import.meta.url), 'utf8'), this.environment)
      },
    },
  }
}
